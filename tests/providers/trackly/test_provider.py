"""What a Trackly account is asked, to the letter, and what comes of its answers."""

import pytest

from audience_gateway.domain.audience import AudienceSize, AudienceStatus, SizeBasis, SourceList
from audience_gateway.domain.capability import Operation
from audience_gateway.domain.errors import (
    GatewayError,
    NotFound,
    UnsupportedOperation,
    UpstreamAuth,
    UpstreamBadResponse,
    UpstreamRateLimited,
    UpstreamRejected,
    UpstreamUnavailable,
)
from audience_gateway.ports import MembersRequest
from audience_gateway.providers.trackly import connect
from tests.providers.scripted import KEY, ScriptedTransport, recording, reply, resources

AUDIENCE = {"id": "66a0c1d2e3f405162738495a", "name": "Texas buyers", "cached_size": 9, "status": "archived"}


@pytest.mark.parametrize(("status", "word"), [(AudienceStatus.ACTIVE, "active"), (AudienceStatus.ARCHIVED, "archived")])
async def test_listing_asks_one_page_of_one_status(status: AudienceStatus, word: str) -> None:
    vendor = ScriptedTransport(lambda _: recording(__file__, "list_audiences"))

    page = await connect(resources(vendor)).list_audiences(status=status, first=20, after=None)

    assert [audience.name for audience in page.values] == ["Recent clickers"]
    assert (page.has_next, page.total, page.problems) == (False, 1, ())
    [asked] = vendor.asked
    assert (asked.method, asked.path) == ("GET", ("audiences",))
    assert asked.query == {"status": word, "page": "1", "per_page": "20"}
    assert asked.headers == {"X-Api-Key": KEY}


@pytest.mark.parametrize("native_id", ["a/b", "a?b=c", "..%2Fsecret", "two words", "a#b", "ü;x", "%2e%2e"])
async def test_an_identifier_reaches_trackly_as_one_segment(native_id: str) -> None:
    vendor = ScriptedTransport(lambda _: AUDIENCE)

    await connect(resources(vendor)).get_audience(native_id)

    assert [asked.path for asked in vendor.asked] == [("audiences", native_id)]


@pytest.mark.parametrize("native_id", ["", ".", ".."])
async def test_an_identifier_that_would_change_the_address_is_unknown(native_id: str) -> None:
    vendor = ScriptedTransport(lambda _: AUDIENCE)

    with pytest.raises(NotFound):
        await connect(resources(vendor)).get_audience(native_id)

    assert vendor.asked == []


async def test_the_size_is_read_from_the_cache_and_never_counted() -> None:
    vendor = ScriptedTransport(lambda _: AUDIENCE)

    size = await connect(resources(vendor)).read_size("66a0c1d2e3f405162738495a")

    assert size == AudienceSize(9, SizeBasis.CACHED)
    assert [asked.path for asked in vendor.asked] == [("audiences", "66a0c1d2e3f405162738495a")]


async def test_sending_lists_are_read_in_one_call() -> None:
    vendor = ScriptedTransport(lambda _: {"lists": [{"id": 42, "list_name": "Texas", "contact_count": 12}]})

    lists = await connect(resources(vendor)).list_source_lists()

    assert lists == (SourceList("42", "Texas", 12),)
    assert [(asked.path, asked.query) for asked in vendor.asked] == [(("lists",), {})]


async def test_a_malformed_record_costs_that_record() -> None:
    good = {"id": "a1", "name": "One"}
    document = {"audiences": [good, {"id": "a2"}, 7, {"name": "No id"}], "pagination": {"total": 4}}
    vendor = ScriptedTransport(lambda _: document)

    page = await connect(resources(vendor, "trackly-us")).list_audiences(
        status=AudienceStatus.ACTIVE, first=20, after=None
    )

    assert [audience.native_id for audience in page.values] == ["a1"]
    assert [problem.message for problem in page.problems] == [
        f"trackly-us answered something unreadable at {path}."
        for path in ("audiences[1].name", "audiences[2]", "audiences[3].id")
    ]


@pytest.mark.parametrize("document", [[], {}, {"audiences": None}, {"audiences": {}}, "no", 7])
async def test_a_page_without_its_list_is_a_bad_response(document: object) -> None:
    vendor = ScriptedTransport(lambda _: document)

    with pytest.raises(UpstreamBadResponse):
        await connect(resources(vendor)).list_audiences(status=AudienceStatus.ACTIVE, first=20, after=None)


@pytest.mark.parametrize("pagination", [None, [], {"total": -1}, {"total": "4"}, {"total": True}, {"total": 1.0}])
async def test_a_total_that_makes_no_sense_is_unknown(pagination: object) -> None:
    document = {"audiences": [{"id": "a1", "name": "One"}], "pagination": pagination}
    vendor = ScriptedTransport(lambda _: document)

    page = await connect(resources(vendor)).list_audiences(status=AudienceStatus.ACTIVE, first=1, after=None)

    assert (page.total, page.has_next) == (None, None)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, UpstreamRejected),
        (401, UpstreamAuth),
        (403, UpstreamAuth),
        (404, NotFound),
        (413, UpstreamRejected),
        (429, UpstreamRateLimited),
        (500, UpstreamUnavailable),
    ],
)
async def test_an_error_status_becomes_the_one_error_with_tracklys_code(status: int, kind: type[GatewayError]) -> None:
    document = {"error": "canary text", "code": "some_code"}
    vendor = ScriptedTransport(lambda _: reply(document, status, {"retry-after": "3600"}))

    with pytest.raises(kind) as caught:
        await connect(resources(vendor)).get_audience("a1")

    assert (caught.value.provider_key, caught.value.upstream_status) == ("vendor", status)
    assert caught.value.upstream_code == "some_code"
    assert caught.value.retry_after_seconds == 3600
    assert "canary" not in str(caught.value)


async def test_an_unknown_audience_is_named() -> None:
    vendor = ScriptedTransport(lambda _: reply({"error": "Not found", "code": "not_found"}, 404))

    with pytest.raises(NotFound, match=r"^trackly-us has no audience a1\.$"):
        await connect(resources(vendor, "trackly-us")).get_audience("a1")


async def test_what_trackly_cannot_do_is_refused_without_a_call() -> None:
    vendor = ScriptedTransport(lambda _: None)
    provider = connect(resources(vendor))

    with pytest.raises(UnsupportedOperation):
        await provider.list_members(MembersRequest("a1", 20))

    assert vendor.asked == []
    assert not provider.capabilities.supports(Operation.LIST_MEMBERS)
    assert provider.capabilities.statuses == set(AudienceStatus)
