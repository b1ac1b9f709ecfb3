"""What a CommBox account is asked, to the letter, and what comes of its answers."""

from collections.abc import Mapping

import pytest

from audience_gateway.domain.audience import AudienceSize, AudienceStatus, SizeBasis
from audience_gateway.domain.capability import Operation, Support
from audience_gateway.domain.errors import (
    GatewayError,
    NotFound,
    UpstreamAuth,
    UpstreamBadResponse,
    UpstreamRateLimited,
    UpstreamRejected,
    UpstreamUnavailable,
)
from audience_gateway.providers.commbox import connect
from tests.providers.commbox.test_mapping import ANSWERED, STATIC
from tests.providers.scripted import KEY, Asked, ScriptedTransport, recording, reply, resources


def documented(_: Asked) -> Mapping[str, object]:
    document = recording(__file__, "list_audiences")
    assert isinstance(document, Mapping)
    return document


async def test_listing_is_one_call_with_the_bearer_key() -> None:
    vendor = ScriptedTransport(documented)

    page = await connect(resources(vendor)).list_audiences(status=AudienceStatus.ACTIVE, first=1, after=None)

    assert [audience.native_id for audience in page.values] == ["31801"]
    assert (page.has_next, page.total) == (True, 2)
    [asked] = vendor.asked
    assert (asked.method, asked.path, asked.query) == ("GET", ("audiences",), {})
    assert asked.headers == {"Authorization": f"Bearer {KEY}"}


async def test_any_number_of_audiences_cost_one_call_and_answer_in_order() -> None:
    vendor = ScriptedTransport(documented)
    provider = connect(resources(vendor, "commbox"))

    dynamic, unknown, static, again = await provider.get_audiences(["45920", "1", "31801", "31801"])

    assert not isinstance(dynamic, GatewayError)
    assert not isinstance(static, GatewayError)
    assert (dynamic.name, static.name) == ("VIP live", "North-East over 50")
    assert again == static
    assert isinstance(unknown, NotFound)
    assert len(vendor.asked) == 1
    assert provider.capabilities.batches == {Operation.GET}
    assert provider.capabilities.of(Operation.GET).support is Support.EMULATED


@pytest.mark.parametrize("native_id", ["123", "", "..", "a/b", "31801 "])
async def test_an_audience_that_is_not_in_the_list_is_unknown(native_id: str) -> None:
    provider = connect(resources(ScriptedTransport(documented), "commbox"))

    with pytest.raises(NotFound) as caught:
        await provider.get_audience(native_id)

    assert caught.value.message == f"commbox has no audience {native_id}."
    assert caught.value.provider_key == "commbox"


async def test_sizes_are_known_for_static_audiences_only() -> None:
    provider = connect(resources(ScriptedTransport(documented)))

    assert await provider.read_size("31801") == AudienceSize(1542, SizeBasis.LIVE, ANSWERED)
    assert await provider.read_size("45920") == AudienceSize(None, SizeBasis.UNKNOWN)


@pytest.mark.parametrize("status", ["200", 200, None])
async def test_the_status_in_the_body_may_be_text_or_number(status: object) -> None:
    vendor = ScriptedTransport(lambda asked: {**documented(asked), "status": status})

    page = await connect(resources(vendor)).list_audiences(status=AudienceStatus.ACTIVE, first=20, after=None)

    assert len(page.rows) == 2


@pytest.mark.parametrize("status", ["500", 429, "OK", True, [200]])
async def test_a_body_that_contradicts_its_status_is_refused(status: object) -> None:
    vendor = ScriptedTransport(lambda asked: {**documented(asked), "status": status})

    with pytest.raises(UpstreamBadResponse, match="at status"):
        await connect(resources(vendor)).list_audiences(status=AudienceStatus.ACTIVE, first=20, after=None)


@pytest.mark.parametrize("document", [[], {}, {"data": None}, {"data": {"id": "1"}}, [STATIC], "no"])
async def test_a_reply_without_its_list_is_a_bad_response(document: object) -> None:
    provider = connect(resources(ScriptedTransport(lambda _: document)))

    with pytest.raises(UpstreamBadResponse):
        await provider.get_audience("31801")


@pytest.mark.parametrize("time", [None, "noon", 5])
async def test_an_unreadable_response_time_leaves_sizes_without_a_date(time: object) -> None:
    vendor = ScriptedTransport(lambda asked: {**documented(asked), "response_time": time})

    assert await connect(resources(vendor)).read_size("31801") == AudienceSize(1542, SizeBasis.LIVE)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, UpstreamRejected),
        (401, UpstreamAuth),
        (404, UpstreamBadResponse),
        (429, UpstreamRateLimited),
        (500, UpstreamUnavailable),
    ],
)
async def test_an_error_status_becomes_the_one_error(status: int, kind: type[GatewayError]) -> None:
    document = {"status": status, "description": "canary text", "response_time": "2025-02-06T07:51:52.258Z"}
    vendor = ScriptedTransport(lambda _: reply(document, status, {"retry-after": "3600"}))

    with pytest.raises(kind) as caught:
        await connect(resources(vendor)).get_audience("31801")

    assert (caught.value.upstream_status, caught.value.upstream_code) == (status, None)
    assert caught.value.retry_after_seconds == 3600
    assert "canary" not in str(caught.value)
