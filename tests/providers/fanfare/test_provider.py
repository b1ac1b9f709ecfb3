"""What a Fanfare account is asked, to the letter, and what comes of its answers."""

from collections.abc import Mapping

import pytest

from audience_gateway.config import Secret
from audience_gateway.domain.audience import AudienceSize, AudienceStatus, JobState, SizeBasis
from audience_gateway.domain.errors import (
    ConfigurationError,
    GatewayError,
    NotFound,
    UpstreamAuth,
    UpstreamBadResponse,
    UpstreamRateLimited,
    UpstreamRejected,
    UpstreamUnavailable,
)
from audience_gateway.ports import MembersRequest
from audience_gateway.providers.fanfare import connect
from tests.providers.scripted import KEY, ScriptedTransport, recording, reply, resources

RELATIONS = "rules,imports,primarySyncSource"
AUDIENCE = {"id": "aud_1", "name": "One", "type": "STATIC"}


async def test_listing_asks_for_relations_and_for_one_row_more() -> None:
    vendor = ScriptedTransport(lambda _: {"data": [AUDIENCE], "pageInfo": {"endCursor": "e1"}})

    page = await connect(resources(vendor)).list_audiences(status=AudienceStatus.ACTIVE, first=20, after=None)

    assert [audience.native_id for audience in page.values] == ["aud_1"]
    assert (page.has_next, page.total, page.problems) == (False, None, ())
    [asked] = vendor.asked
    assert (asked.method, asked.path) == ("GET", ("audiences",))
    assert asked.query == {"include": RELATIONS, "first": "21"}
    assert asked.headers == {"Authorization": f"Bearer {KEY}"}


async def test_the_documented_audience_is_asked_for_with_its_relations() -> None:
    vendor = ScriptedTransport(lambda _: recording(__file__, "audience"))

    audience = await connect(resources(vendor)).get_audience("aud_01J0000000000000000000001")

    assert (audience.name, audience.size) == ("Regulars", None)
    assert [(asked.path, asked.query) for asked in vendor.asked] == [
        (("audiences", "aud_01J0000000000000000000001"), {"include": RELATIONS})
    ]


@pytest.mark.parametrize(("search", "sent"), [(None, {}), ("", {}), ("ana & co+1%", {"search": "ana & co+1%"})])
async def test_members_are_read_and_searched(search: str | None, sent: Mapping[str, str]) -> None:
    vendor = ScriptedTransport(lambda _: recording(__file__, "members"))

    page = await connect(resources(vendor)).list_members(MembersRequest("aud_1", 100, search=search))

    assert [member.full_name for member in page.values] == ["Ana Ruiz"]
    assert [(asked.path, asked.query) for asked in vendor.asked] == [
        (("audiences", "aud_1", "members"), {"first": "100", **sent})
    ]


async def test_going_on_sends_fanfares_own_cursor() -> None:
    vendor = ScriptedTransport(lambda _: recording(__file__, "members"))
    provider = connect(resources(vendor))
    page = await provider.list_members(MembersRequest("aud_1", 100))
    vendor.answer = lambda _: recording(__file__, "empty_page")

    following = await provider.list_members(MembersRequest("aud_1", 100, page.end_cursor))

    assert (following.rows, following.has_next) == ((), False)
    assert vendor.asked[-1].query == {"first": "100", "after": "eyJpZCI6ImNvbnNfMDFKIn0="}


async def test_size_and_materialization_are_calls_of_their_own() -> None:
    vendor = ScriptedTransport(lambda asked: recording(__file__, asked.path[-1]))
    provider = connect(resources(vendor))

    assert await provider.read_size("aud_1") == AudienceSize(42, SizeBasis.MATERIALIZED)
    assert (await provider.read_materialization("aud_1")).state is JobState.SUCCEEDED
    assert [(asked.path, asked.query) for asked in vendor.asked] == [
        (("audiences", "aud_1", "count"), {}),
        (("audiences", "aud_1", "status"), {}),
    ]


@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: {"data": rows}])
async def test_a_group_is_read_in_one_call_bare_or_wrapped(wrap: object) -> None:
    assert callable(wrap)
    ladder = {"groupId": "grp_1", "groupName": "Ladder", "groupType": "SEGMENTED_VALUE"}
    rows = [
        {"id": "aud_1", "name": "Gold", **ladder, "metadata": {"order": 2}},
        {"id": "aud_2", "name": "Bronze", **ladder, "metadata": {"order": 1}},
    ]
    vendor = ScriptedTransport(lambda _: wrap(rows))

    group = await connect(resources(vendor)).get_group("grp_1")

    assert (group.native_id, group.name) == ("grp_1", "Ladder")
    assert [audience.native_id for audience in group.audiences] == ["aud_2", "aud_1"]
    assert [asked.path for asked in vendor.asked] == [("audiences", "groups", "grp_1")]


@pytest.mark.parametrize("document", [reply({"error": "Group not found"}, 404), []])
async def test_an_unknown_or_emptied_group_is_named(document: object) -> None:
    provider = connect(resources(ScriptedTransport(lambda _: document), "fanfare"))

    with pytest.raises(NotFound, match=r"^fanfare has no group grp_1\.$"):
        await provider.get_group("grp_1")


async def test_an_unreadable_audience_of_a_group_costs_that_audience_and_is_told() -> None:
    provider = connect(resources(ScriptedTransport(lambda _: [AUDIENCE, {}]), "fanfare"))

    group = await provider.get_group("grp_1")

    assert len(group.audiences) == 1
    assert [problem.message for problem in group.problems] == ["fanfare answered something unreadable at [1].id."]


async def test_a_group_of_which_nothing_can_be_read_is_unreadable() -> None:
    provider = connect(resources(ScriptedTransport(lambda _: [{}]), "fanfare"))

    with pytest.raises(UpstreamBadResponse, match=r"^fanfare answered something unreadable at \[0\]\.id\.$"):
        await provider.get_group("grp_1")


@pytest.mark.parametrize(("audience_id", "sent"), [(None, {}), ("aud_1", {"audienceId": "aud_1"})])
async def test_group_members_know_their_audiences(audience_id: str | None, sent: Mapping[str, str]) -> None:
    rows = [{"id": "cons_1", "audienceIds": ["aud_1", "aud_2"]}, {"id": "cons_2", "audienceIds": [None]}]
    vendor = ScriptedTransport(lambda _: {"data": rows, "pageInfo": {"endCursor": "e"}})

    page = await connect(resources(vendor)).list_group_members(
        MembersRequest("grp_1", 5, search="ana"), audience_id=audience_id
    )

    assert [(row.member.native_id, row.audience_ids) for row in page.values] == [("cons_1", ("aud_1", "aud_2"))]
    assert [problem.message for problem in page.problems] == [
        "vendor answered something unreadable at data[1].audienceIds[0]."
    ]
    assert [(asked.path, asked.query) for asked in vendor.asked] == [
        (("audiences", "groups", "grp_1", "members"), {"search": "ana", "first": "6", **sent})
    ]


@pytest.mark.parametrize("native_id", ["a/b", "a?b=c", "..%2Fsecret", "two words", "a#b"])
async def test_identifiers_reach_fanfare_as_one_segment(native_id: str) -> None:
    vendor = ScriptedTransport(lambda asked: [AUDIENCE] if asked.path[1] == "groups" else AUDIENCE)
    provider = connect(resources(vendor))

    await provider.get_audience(native_id)
    await provider.get_group(native_id)

    assert [asked.path for asked in vendor.asked] == [("audiences", native_id), ("audiences", "groups", native_id)]


@pytest.mark.parametrize("native_id", ["groups", "loyalty-tiers", "import", "..", ""])
async def test_an_identifier_that_would_change_the_address_is_unknown(native_id: str) -> None:
    vendor = ScriptedTransport(lambda _: AUDIENCE)

    with pytest.raises(NotFound):
        await connect(resources(vendor)).list_members(MembersRequest(native_id, 5))

    assert vendor.asked == []


@pytest.mark.parametrize(
    "document",
    [{}, {"data": None}, {"data": {}}, {"data": [], "pageInfo": []}, {"data": [], "pageInfo": {"endCursor": 5}}, "no"],
)
async def test_a_page_of_the_wrong_shape_is_a_bad_response(document: object) -> None:
    provider = connect(resources(ScriptedTransport(lambda _: document)))

    with pytest.raises(UpstreamBadResponse):
        await provider.list_members(MembersRequest("aud_1", 5))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, UpstreamRejected),
        (401, UpstreamAuth),
        (403, UpstreamAuth),
        (404, NotFound),
        (409, UpstreamRejected),
        (422, UpstreamRejected),
        (423, UpstreamRejected),
        (429, UpstreamRateLimited),
        (500, UpstreamUnavailable),
    ],
)
async def test_an_error_status_becomes_the_one_error_with_fanfares_sentence(
    status: int, kind: type[GatewayError]
) -> None:
    document = {"error": "Audience not found", "message": "canary text", "retryAfter": 3600}
    vendor = ScriptedTransport(lambda _: reply(document, status))

    with pytest.raises(kind) as caught:
        await connect(resources(vendor)).get_audience("a1")

    assert (caught.value.upstream_status, caught.value.upstream_code) == (status, "Audience not found")
    assert caught.value.retry_after_seconds == 3600
    assert "canary" not in str(caught.value)


async def test_the_header_says_how_long_to_wait_before_the_body_does() -> None:
    vendor = ScriptedTransport(lambda _: reply({"retryAfter": 30}, 429, {"retry-after": "7200"}))

    with pytest.raises(UpstreamRateLimited) as caught:
        await connect(resources(vendor)).get_audience("a1")

    assert caught.value.retry_after_seconds == 7200


def test_a_publishable_key_is_refused_before_any_call() -> None:
    key = Secret("env:FANFARE_KEY", lambda: "pk_live_canary")
    settings = {"base_url": "https://vendor.test", "api_key": key}

    with pytest.raises(ConfigurationError) as caught:
        connect(resources(ScriptedTransport(lambda _: None), "fanfare", settings))

    assert caught.value.problems == (
        "providers.fanfare.api_key: must be a secret key (sk_...), not a publishable one (pk_...)",
    )
