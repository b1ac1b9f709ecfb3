import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audience_gateway.domain.errors import BadCursor, BadInput
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page
from audience_gateway.ports import MembersRequest
from audience_gateway.store import SqlStore
from tests.store.population import HOSTILE_TERMS, audiences, people
from tests.store.statements import statements_of

PEOPLE = people()
MEMBERS = {entry.audience.native_id: entry.members for entry in audiences(PEOPLE)}
SEARCHES = st.one_of(st.none(), st.sampled_from(HOSTILE_TERMS), st.text(max_size=4))
each_store = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
requests = st.builds(
    MembersRequest,
    native_id=st.sampled_from([*MEMBERS, "unknown", "nul\x00"]),
    first=st.integers(1, 100),
    search=SEARCHES.filter(lambda term: term is None or "\x00" not in term),
)


def expected(native_id: str, search: str | None) -> list[Member]:
    """Whoever a page should show, by Python's own idea of it; people were stored so that they come in this order."""
    chosen = set(MEMBERS[native_id])
    return [person for person in PEOPLE if person.native_id in chosen and holds(person, search)]


def holds(person: Member, search: str | None) -> bool:
    text = "\n".join(part for part in (person.full_name, person.email, person.phone) if part)
    return (search or "").casefold() in text.casefold()


async def page_of(store: SqlStore, request: MembersRequest) -> Page[Member]:
    (page,) = await store.list_members([request])
    assert page is not None
    return page


async def walk(store: SqlStore, native_id: str, sizes: Sequence[int], search: str | None) -> list[Member]:
    """Everybody of an audience, by pages of the given sizes, over and over, until the store says it is the end."""
    found: list[Member] = []
    after: str | None = None
    for turn in range(1_000):
        page = await page_of(store, MembersRequest(native_id, sizes[turn % len(sizes)], after, search))
        assert page.total == len(expected(native_id, search))
        found += page.values
        assert page.has_next is (len(found) < page.total)
        if not page.has_next:
            return found
        after = page.end_cursor
    raise AssertionError("the list has no end")


@each_store
@given(
    native_id=st.sampled_from([*MEMBERS]), sizes=st.lists(st.integers(1, 40), min_size=1, max_size=4), search=SEARCHES
)
async def test_a_walk_by_any_page_sizes_meets_every_member_once_in_order(
    filled: SqlStore, native_id: str, sizes: list[int], search: str | None
) -> None:
    if search is not None and "\x00" in search:
        return

    assert await walk(filled, native_id, sizes, search) == expected(native_id, search)


@each_store
@given(native_id=st.sampled_from(["half", "all", "rest"]), search=st.sampled_from([None, "a", "ana"]), data=st.data())
async def test_every_rows_cursor_resumes_right_after_it_whatever_the_page_size(
    filled: SqlStore, native_id: str, search: str | None, data: st.DataObject
) -> None:
    everybody = expected(native_id, search)
    page = await page_of(filled, MembersRequest(native_id, len(everybody), None, search))
    position = data.draw(st.integers(0, len(everybody) - 1))
    first = data.draw(st.integers(1, len(everybody) + 1))

    rest = await page_of(filled, MembersRequest(native_id, first, page.rows[position].cursor, search))

    assert list(rest.values) == everybody[position + 1 : position + 1 + first]
    assert rest.has_next is (position + 1 + first < len(everybody))


async def test_searches_with_hostile_terms_find_exactly_what_python_finds(filled: SqlStore) -> None:
    asked = [MembersRequest("all", 100, None, term) for term in HOSTILE_TERMS]

    pages = await filled.list_members(asked)

    for term, page in zip(HOSTILE_TERMS, pages, strict=True):
        assert page is not None
        found = [member.full_name for member in page.values]
        assert (term, found) == (term, [member.full_name for member in expected("all", term)])
        assert page.total == len(found)


@each_store
@given(asked=st.lists(requests, max_size=12))
async def test_a_batch_answers_as_its_requests_would_one_by_one(filled: SqlStore, asked: list[MembersRequest]) -> None:
    together = await filled.list_members(asked)

    assert together == [page for request in asked for page in await filled.list_members([request])]


@pytest.mark.parametrize("number", [1, 20, 100])
async def test_a_batch_is_one_statement(filled: SqlStore, number: int) -> None:
    names = [*MEMBERS]
    asked = [
        MembersRequest(names[place % len(names)], 3, None, "ana" if place % 2 else None) for place in range(number)
    ]

    with statements_of(filled) as sent:
        pages = await filled.list_members(asked)

    assert len(pages) == number
    assert len(sent) == 1


async def test_a_batch_longer_than_one_statement_can_be_keeps_its_order(filled: SqlStore) -> None:
    asked = [MembersRequest("all" if place % 2 else "one", 1) for place in range(300)]

    pages = await filled.list_members(asked)

    assert [page and page.total for page in pages] == [60 if place % 2 else 1 for place in range(300)]


async def test_nothing_is_asked_for_an_empty_batch(filled: SqlStore) -> None:
    with statements_of(filled) as sent:
        assert await filled.list_members([]) == []
    assert sent == []


async def test_an_unknown_audience_is_none_and_an_empty_one_an_empty_page(filled: SqlStore) -> None:
    unknown, empty, unstorable = await filled.list_members(
        [MembersRequest("unknown", 5), MembersRequest("empty", 5), MembersRequest("\x00\ud800", 5)]
    )

    assert (unknown, unstorable) == (None, None)
    assert empty == Page(rows=(), has_next=False, total=0)


@pytest.mark.parametrize(
    "damaged",
    ["", "nonsense", "{mark}", "{mark}.", "{mark}.1.1", "{mark}.1_0", "{mark}.\u0663", "{mark}.1.", ".1"]
    + [f"{{mark}}.{number}" for number in (10**19, 2**63, -(2**63), "01", "+1", "-0", "1e3", " 1")],
)
async def test_a_damaged_cursor_is_refused(filled: SqlStore, damaged: str) -> None:
    cursor = (await page_of(filled, MembersRequest("all", 2))).end_cursor
    assert cursor is not None

    with pytest.raises(BadCursor):
        await filled.list_members([MembersRequest("all", 2, damaged.format(mark=cursor.partition(".")[0]))])


async def test_a_cursor_of_another_list_is_refused(filled: SqlStore) -> None:
    cursor = (await page_of(filled, MembersRequest("all", 2))).end_cursor

    for request in (MembersRequest("half", 2, cursor), MembersRequest("all", 2, cursor, "ana")):
        with pytest.raises(BadCursor):
            await filled.list_members([request])
    with pytest.raises(BadCursor):
        await filled.list_candidates(MembersRequest("all", 2, cursor))


async def test_a_cursor_stays_good_for_the_same_search_in_other_letters(filled: SqlStore) -> None:
    page = await page_of(filled, MembersRequest("all", 2, None, "ANA"))

    rest = await page_of(filled, MembersRequest("all", 100, page.end_cursor, "ana"))

    assert list(rest.values) == expected("all", "ana")[2:]


async def test_a_search_for_what_no_text_can_hold_is_bad_input(filled: SqlStore) -> None:
    for term in ("a\x00b", "\ud800abc"):
        with pytest.raises(BadInput):
            await filled.list_members([MembersRequest("all", 2, None, term)])


@each_store
@given(native_id=st.sampled_from([*MEMBERS]), first=st.integers(1, 40), search=st.sampled_from([None, *HOSTILE_TERMS]))
async def test_candidates_are_everybody_else_each_once(
    filled: SqlStore, native_id: str, first: int, search: str | None
) -> None:
    inside = set(MEMBERS[native_id])
    others = [person for person in PEOPLE if person.native_id not in inside and holds(person, search)]

    found: list[Member] = []
    page = await filled.list_candidates(MembersRequest(native_id, first, None, search))
    while page is not None:
        assert page.total == len(others)
        found += page.values
        assert page.has_next is (len(found) < len(others))
        if not page.has_next:
            break
        page = await filled.list_candidates(MembersRequest(native_id, first, page.end_cursor, search))

    assert found == others


async def test_there_are_no_candidates_for_an_unknown_audience(filled: SqlStore) -> None:
    assert await filled.list_candidates(MembersRequest("unknown", 5)) is None


async def test_every_fact_of_a_person_comes_back(filled: SqlStore) -> None:
    found = await asyncio.gather(*(filled.get_member(person.native_id) for person in PEOPLE))

    assert list(found) == PEOPLE


async def test_an_unknown_person_is_none(filled: SqlStore) -> None:
    assert await filled.get_member("nobody") is None
    assert await filled.get_member("p1\x00") is None


async def test_a_search_of_three_characters_goes_through_the_index(filled: SqlStore) -> None:
    with statements_of(filled) as sent:
        await filled.list_members([MembersRequest("all", 2, None, "ana")])
        await filled.list_members([MembersRequest("all", 2, None, "an")])

    word = "MATCH" if filled.database.dialect == "sqlite" else "LIKE"
    assert [word in statement for statement in sent] == [True, False]
