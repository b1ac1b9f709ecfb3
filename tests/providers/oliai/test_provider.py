"""What an OliAI account is asked, to the letter, and what comes of its answers."""

from collections.abc import Awaitable, Callable, Mapping

import pytest

from audience_gateway.domain.audience import AudienceSize, AudienceStatus, SizeBasis
from audience_gateway.domain.errors import (
    GatewayError,
    NotFound,
    UpstreamAuth,
    UpstreamBadResponse,
    UpstreamRateLimited,
    UpstreamRejected,
    UpstreamUnavailable,
)
from audience_gateway.ports import MembersRequest, Provider
from audience_gateway.providers.oliai import connect
from tests.providers.oliai.test_mapping import AUDIENCE, CONTACT
from tests.providers.scripted import KEY, ScriptedTransport, recording, reply, resources

PAGE = {"data": [CONTACT], "total": 1, "page": 1, "limit": 20, "totalPages": 1}


async def test_listing_sends_the_key_and_one_page() -> None:
    vendor = ScriptedTransport(lambda _: {**PAGE, "data": [AUDIENCE]})

    page = await connect(resources(vendor)).list_audiences(status=AudienceStatus.ACTIVE, first=20, after=None)

    assert [audience.native_id for audience in page.values] == ["aud_abc123"]
    assert (page.has_next, page.total) == (False, 1)
    [asked] = vendor.asked
    assert (asked.method, asked.path, asked.query) == ("GET", ("audiences",), {"page": "1", "limit": "20"})
    assert asked.headers == {"x-api-key": KEY}


async def test_the_documented_empty_page_is_the_end() -> None:
    vendor = ScriptedTransport(lambda _: recording(__file__, "empty_page"))

    page = await connect(resources(vendor)).list_members(MembersRequest("aud_abc123", 20))

    assert (page.rows, page.has_next, page.total, page.problems) == ((), False, 0, ())


@pytest.mark.parametrize(
    ("read", "resource"),
    [
        (lambda provider, request: provider.list_members(request), "contacts"),
        (lambda provider, request: provider.list_candidates(request), "available-contacts"),
    ],
)
@pytest.mark.parametrize(
    ("search", "sent"), [(None, {}), ("", {}), ("a&b = 100%", {"search": "a&b = 100%"}), ("+91", {"search": "+91"})]
)
async def test_members_and_candidates_are_read_and_searched(
    read: Callable[[Provider, MembersRequest], Awaitable[object]],
    resource: str,
    search: str | None,
    sent: Mapping[str, str],
) -> None:
    vendor = ScriptedTransport(lambda _: PAGE)

    await read(connect(resources(vendor)), MembersRequest("aud_abc123", 5, search=search))

    [asked] = vendor.asked
    assert asked.path == ("audiences", "aud_abc123", resource)
    assert asked.query == {"page": "1", "limit": "5", **sent}


@pytest.mark.parametrize("native_id", ["a/b", "a?b=c", "..%2Fsecret", "two words", "a#b"])
async def test_identifiers_reach_oliai_as_one_segment(native_id: str) -> None:
    vendor = ScriptedTransport(lambda asked: CONTACT if asked.path[0] == "contacts" else PAGE)
    provider = connect(resources(vendor))

    await provider.get_member(native_id)
    await provider.list_members(MembersRequest(native_id, 5))

    assert [asked.path for asked in vendor.asked] == [("contacts", native_id), ("audiences", native_id, "contacts")]


async def test_the_size_is_the_audiences_live_count() -> None:
    vendor = ScriptedTransport(lambda _: AUDIENCE)

    assert await connect(resources(vendor)).read_size("aud_abc123") == AudienceSize(31, SizeBasis.LIVE)
    assert [asked.path for asked in vendor.asked] == [("audiences", "aud_abc123")]


@pytest.mark.parametrize(
    ("status", "kind", "word"),
    [
        (400, UpstreamRejected, "Bad Request"),
        (401, UpstreamAuth, "Unauthorized"),
        (403, UpstreamAuth, "Forbidden"),
        (404, NotFound, "Not Found"),
        (429, UpstreamRateLimited, "Too Many Requests"),
        (500, UpstreamUnavailable, "Internal Server Error"),
    ],
)
async def test_an_error_status_becomes_the_one_error(status: int, kind: type[GatewayError], word: str) -> None:
    document = {"statusCode": status, "message": ["canary text"], "error": word}
    vendor = ScriptedTransport(lambda _: reply(document, status, {"retry-after": "3600"}))

    with pytest.raises(kind) as caught:
        await connect(resources(vendor)).get_audience("a1")

    assert (caught.value.upstream_status, caught.value.upstream_code) == (status, word)
    assert caught.value.retry_after_seconds == 3600
    assert "canary" not in str(caught.value)


async def test_what_is_unknown_is_named() -> None:
    provider = connect(resources(ScriptedTransport(lambda _: reply({}, 404)), "oliai"))

    with pytest.raises(NotFound, match=r"^oliai has no audience a1\.$"):
        await provider.list_members(MembersRequest("a1", 5))
    with pytest.raises(NotFound, match=r"^oliai has no member c1\.$"):
        await provider.get_member("c1")


@pytest.mark.parametrize("document", [[], [CONTACT], {}, {"data": None}, {"data": {"0": CONTACT}}, 7])
async def test_a_page_without_its_list_is_a_bad_response(document: object) -> None:
    provider = connect(resources(ScriptedTransport(lambda _: document)))

    with pytest.raises(UpstreamBadResponse):
        await provider.list_members(MembersRequest("a1", 5))


async def test_a_malformed_contact_costs_that_contact() -> None:
    document = {"data": [CONTACT, {**CONTACT, "id": None}, None], "total": 3}
    provider = connect(resources(ScriptedTransport(lambda _: document), "oliai"))

    page = await provider.list_members(MembersRequest("a1", 5))

    assert [member.native_id for member in page.values] == ["clxxx123"]
    assert [problem.message for problem in page.problems] == [
        "oliai answered something unreadable at data[1].id.",
        "oliai answered something unreadable at data[2].",
    ]
