"""What a group holds: audiences paged in ladder order, and people by a question bound to group, search and audience."""

from dataclasses import replace

import pytest

from audience_gateway.domain.audience import AudienceRef, GroupKind
from audience_gateway.domain.errors import BadCursor, BadInput, UpstreamTimeout
from audience_gateway.domain.group import AudienceGroup, GroupKey, GroupMember
from audience_gateway.domain.page import Page, Row
from audience_gateway.ports import MembersRequest
from audience_gateway.services.catalogue import AudiencePage
from audience_gateway.services.cursors import Cursors
from audience_gateway.services.directory import Directory
from audience_gateway.services.group_contents import (
    GroupMembersKey,
    GroupMembersQuestion,
    audience_page,
    audiences_of,
    has_tiers,
)
from audience_gateway.services.guard import Guarded
from audience_gateway.services.sources import SourceState
from tests.unit.accounts import NOW, Account, SetClock, audience, member

KEY = GroupKey("one", "g")
CURSORS = Cursors(b"s" * 32)
DIRECTORY = Directory({key: Guarded(Account(key), SetClock()) for key in ("two", "one")})
ROW = Row(GroupMember(member("1"), ("c", "gone", "a")), "p1")
PEOPLE = Page(rows=(ROW,), has_next=None)


def group(native_ids: str = "abcde") -> AudienceGroup:
    audiences = tuple(audience(native_id) for native_id in native_ids)
    return AudienceGroup(
        provider_key="one", native_id="g", name="Ladder", kind=GroupKind.LOYALTY_TIERS, audiences=audiences
    )


def audiences(held: AudienceGroup, *, first: int = 10, after: str | None = None) -> AudiencePage:
    return audience_page(held, first=first, after=after, directory=DIRECTORY, cursors=CURSORS)


def ids(found: AudiencePage) -> str:
    return "".join(row.value.native_id for row in found.rows)


def question(
    key: GroupKey = KEY,
    *,
    after: str | None = None,
    search: str | None = None,
    audience: AudienceRef | None = None,
) -> GroupMembersQuestion:
    return GroupMembersQuestion.of(key, first=7, after=after, search=search, audience=audience, cursors=CURSORS)


class Vendor:
    """Answers both calls of a question and writes down what it was asked."""

    def __init__(self) -> None:
        self.calls: list[object] = []

    async def get_group(self, key: GroupKey) -> AudienceGroup:
        self.calls.append(key)
        return group()

    async def list_members(self, key: GroupMembersKey) -> Page[GroupMember]:
        self.calls.append(key)
        return PEOPLE


async def test_audiences_keep_their_order_and_every_cursor_resumes() -> None:
    whole = audiences(group())
    assert (ids(whole), await whole.has_next(), await whole.total()) == ("abcde", False, 5)
    assert not await whole.has_previous()

    for place, row in enumerate(whole.rows, 1):
        rest = audiences(group(), first=2, after=row.cursor)
        assert ids(rest) == "abcde"[place : place + 2]
        assert await rest.has_next() is (place + 2 < 5)
        assert await rest.has_previous()


@pytest.mark.parametrize(("left", "following"), [("abcde", "cde"), ("acde", "cde"), ("bacde", "acde"), ("a", "")])
def test_a_walk_goes_on_behind_its_audience_wherever_that_is_now(left: str, following: str) -> None:
    cursor = audiences(group(), first=2).rows[1].cursor

    assert ids(audiences(group(left), after=cursor)) == following


def test_a_cursor_of_another_groups_audiences_is_refused() -> None:
    cursor = audiences(group()).rows[0].cursor

    with pytest.raises(BadCursor):
        audiences(replace(group(), native_id="h"), after=cursor)


def test_only_the_groups_provider_was_asked() -> None:
    found = audiences(group())

    assert found.complete
    assert [(source.provider_key, source.state, source.as_of) for source in found.sources] == [
        ("two", SourceState.EXCLUDED, None),
        ("one", SourceState.FRESH, NOW),
    ]


def test_a_persons_audiences_stand_in_the_groups_order_without_those_it_does_not_name() -> None:
    assert [found.native_id for found in audiences_of(group(), ROW.value)] == ["a", "c"]


def test_only_loyalty_tiers_are_ladders() -> None:
    assert [kind for kind in GroupKind if has_tiers(kind)] == [GroupKind.LOYALTY_TIERS]


async def test_the_group_and_its_people_are_asked_for_once_each() -> None:
    vendor = Vendor()

    answer = await question(search=" ann ").ask(vendor.get_group, vendor.list_members)

    assert answer == (group(), PEOPLE)
    assert vendor.calls == [KEY, GroupMembersKey("one", MembersRequest("g", 7, None, "ann"), None)]


async def test_people_of_one_of_its_audiences_can_be_asked_for() -> None:
    vendor = Vendor()

    await question(audience=AudienceRef("one", "b")).ask(vendor.get_group, vendor.list_members)

    assert vendor.calls[-1] == GroupMembersKey("one", MembersRequest("g", 7), "b")


async def test_an_audience_outside_the_group_is_bad_input_before_any_people_are_asked_for() -> None:
    vendor = Vendor()

    with pytest.raises(BadInput, match="audienceId: is no audience of this group"):
        await question(audience=AudienceRef("one", "x")).ask(vendor.get_group, vendor.list_members)

    assert vendor.calls == [KEY]


def test_an_audience_of_another_provider_is_bad_input_before_anything_is_asked_for() -> None:
    with pytest.raises(BadInput, match="audienceId"):
        question(audience=AudienceRef("two", "a"))


async def test_a_failing_group_fails_its_people() -> None:
    vendor = Vendor()

    async def fail(_: GroupKey) -> AudienceGroup:
        raise UpstreamTimeout("slow", provider_key="one")

    with pytest.raises(UpstreamTimeout):
        await question().ask(fail, vendor.list_members)


def test_a_search_that_is_too_long_is_bad_input() -> None:
    with pytest.raises(BadInput, match="search: is longer than 256 characters"):
        question(search="x" * 257)


def test_a_cursor_resumes_the_same_list_only() -> None:
    asked = question(search="ann", audience=AudienceRef("one", "a"))
    cursor = asked.seal("p1")

    again = question(search="ann", audience=AudienceRef("one", "a"), after=cursor)
    assert again.key.request.after == "p1"
    for other in (
        {"search": "ann"},
        {"audience": AudienceRef("one", "a")},
        {"search": "ann", "audience": AudienceRef("one", "b")},
        {"search": "ann", "audience": AudienceRef("one", "a"), "key": GroupKey("one", "h")},
    ):
        with pytest.raises(BadCursor):
            question(after=cursor, **other)


def test_whether_people_follow_is_asked_with_the_last_cursor_and_one_row() -> None:
    asked = question(search="ann", audience=AudienceRef("one", "a")).following(PEOPLE)

    assert asked == GroupMembersKey("one", MembersRequest("g", 1, "p1", "ann"), "a")
