"""A page of members as a question: cursors belong to one audience and one search, whatever the page size."""

import pytest

from audience_gateway.domain.audience import AudienceRef
from audience_gateway.domain.errors import BadCursor, BadInput
from audience_gateway.domain.page import Page, Row
from audience_gateway.ports import MembersRequest
from audience_gateway.services.cursors import Cursors
from audience_gateway.services.directory import MembersKey
from audience_gateway.services.members import MemberList, MembersQuestion
from tests.unit.accounts import member

REF = AudienceRef("one", "a")
CURSORS = Cursors(b"s" * 32)


def question(
    ref: AudienceRef = REF, *, first: int = 10, after: str | None = None, search: str | None = None
) -> MembersQuestion:
    return MembersQuestion.of(ref, first=first, after=after, search=search, cursors=CURSORS)


def test_the_question_asks_its_own_provider() -> None:
    assert question(first=7, search=" ann ").key == MembersKey("one", MembersRequest("a", 7, None, "ann"))


@pytest.mark.parametrize("search", [None, "", "  ", "\t\n"])
def test_a_blank_search_is_none(search: str | None) -> None:
    assert question(search=search).request.search is None


def test_a_search_may_have_256_characters() -> None:
    assert question(search="x" * 256).request.search == "x" * 256
    with pytest.raises(BadInput, match="search: is longer than 256 characters"):
        question(search="x" * 257)


def test_a_cursor_resumes_with_any_page_size() -> None:
    cursor = question(first=10, search="ann").seal("position 10")

    assert question(first=99, after=cursor, search="ann ").request == MembersRequest("a", 99, "position 10", "ann")


@pytest.mark.parametrize(
    ("ref", "search"),
    [
        (AudienceRef("one", "b"), "ann"),
        (AudienceRef("two", "a"), "ann"),
        (REF, None),
        (REF, "anna"),
        (REF, "Ann"),
    ],
)
def test_a_cursor_of_another_audience_or_search_is_refused(ref: AudienceRef, search: str | None) -> None:
    cursor = question(search="ann").seal("position 10")

    with pytest.raises(BadCursor):
        question(ref, after=cursor, search=search)


@pytest.mark.parametrize(("given", "wanted"), [tuple(MemberList), tuple(MemberList)[::-1]])
def test_a_cursor_of_members_is_none_of_candidates(given: MemberList, wanted: MemberList) -> None:
    def asked(among: MemberList, after: str | None) -> MembersQuestion:
        return MembersQuestion.of(REF, first=10, after=after, search=None, cursors=CURSORS, among=among)

    cursor = asked(given, None).seal("position 10")

    assert asked(given, cursor).request.after == "position 10"
    with pytest.raises(BadCursor):
        asked(wanted, cursor)


def test_a_providers_own_cursor_is_refused() -> None:
    with pytest.raises(BadCursor):
        question(after="position 10")


def test_whether_rows_follow_is_asked_with_the_last_cursor_and_one_row() -> None:
    page = Page(rows=(Row(member("1"), "p1"), Row(member("2"), "p2")), has_next=None)

    asked = question(first=2, search="ann").following(page)

    assert asked == MembersKey("one", MembersRequest("a", 1, "p2", "ann"))
