"""One list over all providers: in any order, filtered, paged by cursors of the query, honest about its ends."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from audience_gateway.domain.audience import Audience, AudienceKind, AudienceSize, AudienceStatus, SizeBasis
from audience_gateway.domain.catalogue import (
    AudienceQuery,
    AudienceSort,
    AudienceSortField,
    CountRange,
    SortDirection,
)
from audience_gateway.domain.errors import BadCursor, StoreBusy, UnsupportedOperation
from audience_gateway.domain.group import GroupKey
from audience_gateway.domain.health import HealthState
from audience_gateway.domain.page import PageRequest
from audience_gateway.services.catalogue import AudiencePage
from audience_gateway.services.sources import SourceState
from tests.unit.accounts import NOW, Account, audience
from tests.unit.memory_index import MemoryIndex
from tests.unit.services.lists import BY_NAME, AwayIndex, Lists, account, ids, now
from tests.virtual_time import virtual_time

ACTIVE, ARCHIVED = AudienceStatus.ACTIVE, AudienceStatus.ARCHIVED
EVERYTHING = AudienceQuery()


async def page(
    lists: Lists, request: PageRequest, *, query: AudienceQuery = EVERYTHING, sort: AudienceSort = BY_NAME
) -> AudiencePage:
    return await lists.services.catalogue.page(query, sort, request, deadline=now() + 10)


async def told(found: AudiencePage) -> tuple[str, bool, bool]:
    """Who is on the page, whether rows stand in front of it, and whether rows follow."""
    names = "".join(row.value.native_id for row in found.rows)
    return names, await found.has_previous(), await found.has_next()


@virtual_time
async def test_newest_come_first_unless_told_otherwise_and_those_of_unknown_age_last() -> None:
    one = Account("one", [audience("old", days_old=9), audience("ageless", days_old=None), audience("new")])
    two = Account("two", [audience("middle", "two", days_old=5), audience("ageless", "two", days_old=None)])

    found = await page(Lists(one, two), PageRequest(), sort=AudienceSort())

    assert ids(found) == ["one/new", "two/middle", "one/old", "one/ageless", "two/ageless"]


@virtual_time
async def test_a_page_says_what_stands_on_either_side() -> None:
    lists = Lists(account(native_ids="abcde"))
    cursors = {row.value.native_id: row.cursor for row in (await page(lists, PageRequest())).rows}

    async def of(
        size: int, after: str | None = None, before: str | None = None, *, backward: bool = False
    ) -> tuple[str, bool, bool]:
        bounds = [None if each is None else cursors[each] for each in (after, before)]
        return await told(
            await page(lists, PageRequest(size=size, after=bounds[0], before=bounds[1], backward=backward))
        )

    assert await of(9) == ("abcde", False, False)
    assert await of(2) == ("ab", False, True)
    assert await of(2, "b") == ("cd", True, True)
    assert await of(2, "d") == ("e", True, False)
    assert await of(2, "e") == ("", True, False)
    assert await of(2, backward=True) == ("de", True, False)
    assert await of(2, None, "d", backward=True) == ("bc", True, True)
    assert await of(2, None, "b", backward=True) == ("a", False, True)
    assert await of(2, None, "a", backward=True) == ("", False, True)
    assert await of(9, "a", "e") == ("bcd", True, True)
    assert await of(1, "a", "e") == ("b", True, True)
    assert await of(1, "a", "e", backward=True) == ("d", True, True)
    assert await of(2, "b", "c") == ("", True, True)


@virtual_time
async def test_an_empty_stretch_between_two_cursors_says_truly_what_stands_beside_it() -> None:
    lists = Lists(account(native_ids="abcde"))
    rows = (await page(lists, PageRequest())).rows
    first, second, _, fourth, fifth = (row.cursor for row in rows)
    for native_id in "ab":
        await lists.index.remove(rows["abcde".index(native_id)].value.ref)

    assert await told(await page(lists, PageRequest(size=2, after=first, before=second))) == ("", False, True)
    for native_id in "de":
        await lists.index.remove(rows["abcde".index(native_id)].value.ref)
    assert await told(await page(lists, PageRequest(size=2, after=fourth, before=fifth))) == ("", True, False)


@virtual_time
async def test_a_cursor_whose_audience_is_gone_resumes_where_it_stood() -> None:
    lists = Lists(account(native_ids="abcde"))
    row = (await page(lists, PageRequest(size=2))).rows[1]
    await lists.index.remove(row.value.ref)

    assert await told(await page(lists, PageRequest(after=row.cursor))) == ("cde", True, False)


@pytest.mark.parametrize(
    "other",
    [
        AudienceQuery(provider_keys=("one",)),
        AudienceQuery(provider_keys=()),
        AudienceQuery(statuses=(ACTIVE, ARCHIVED)),
        AudienceQuery(kinds=(AudienceKind.STATIC,)),
        AudienceQuery(kinds=()),
        AudienceQuery(name_contains="a"),
        AudienceQuery(size=CountRange(1)),
        AudienceQuery(group=GroupKey("one", "g")),
    ],
)
@virtual_time
async def test_a_cursor_belongs_to_its_query(other: AudienceQuery) -> None:
    lists = Lists(account())
    cursor = (await page(lists, PageRequest())).rows[0].cursor

    with pytest.raises(BadCursor):
        await page(lists, PageRequest(after=cursor), query=other)


@pytest.mark.parametrize(
    "other",
    [
        AudienceSort(AudienceSortField.NAME, SortDirection.DESC),
        AudienceSort(AudienceSortField.PROVIDER, SortDirection.ASC),
    ],
)
@virtual_time
async def test_a_cursor_belongs_to_its_order(other: AudienceSort) -> None:
    lists = Lists(account())
    cursor = (await page(lists, PageRequest())).rows[0].cursor

    with pytest.raises(BadCursor):
        await page(lists, PageRequest(before=cursor, backward=True), sort=other)


@virtual_time
async def test_the_order_in_which_a_filter_is_written_does_not_matter_to_cursors() -> None:
    lists = Lists(account("one"), account("two"))
    one = AudienceQuery(provider_keys=("one", "two"), statuses=(ACTIVE, ARCHIVED), kinds=tuple(AudienceKind))
    other = AudienceQuery(
        provider_keys=("two", "one", "two"), statuses=(ARCHIVED, ACTIVE), kinds=tuple(AudienceKind)[::-1]
    )
    cursor = (await page(lists, PageRequest(size=1), query=one)).rows[0].cursor

    assert ids(await page(lists, PageRequest(size=1, after=cursor), query=other)) == ["two/a"]


@pytest.mark.parametrize(
    ("wanted", "found"), [("spring", "ab"), ("STRASSE", "c"), ("straße", "c"), ("%", ""), ("", "abc")]
)
@virtual_time
async def test_names_are_searched_without_case(wanted: str, found: str) -> None:
    audiences = [audience("a", name="Spring"), audience("b", name="spring!"), audience("c", name="Straße")]

    listed = await page(Lists(Account("one", audiences)), PageRequest(), query=AudienceQuery(name_contains=wanted))

    assert (await told(listed))[0] == found
    assert await listed.total() == len(found)


@virtual_time
async def test_a_range_of_sizes_says_where_it_leaves_out_unknown_ones() -> None:
    sizes: Sequence[int | None] = [None, 5, 10]
    one = Account(
        "one",
        [
            replace(audience(str(place)), size=AudienceSize(size, SizeBasis.CACHED, NOW))
            for place, size in enumerate(sizes)
        ],
    )

    found = await page(Lists(one), PageRequest(), query=AudienceQuery(size=CountRange(6)))

    assert ids(found) == ["one/2"]
    assert (found.complete, await found.total()) == (False, None)
    assert isinstance(found.sources[0].problem, UnsupportedOperation)
    assert found.sources[0].state is SourceState.FRESH
    assert "has an audience without a known size" in found.sources[0].problem.message


@virtual_time
async def test_a_group_is_looked_for_at_its_own_provider_only() -> None:
    one, two = account(), account("two")

    found = await page(Lists(one, two), PageRequest(), query=AudienceQuery(group=GroupKey("two", "g")))

    assert [line.state for line in found.sources] == [SourceState.EXCLUDED, SourceState.FRESH]
    assert one.calls == []


@virtual_time
async def test_a_local_audience_is_as_of_now() -> None:
    held: Audience = replace(audience("a", "local"), size=AudienceSize(3, SizeBasis.LIVE))
    lists = Lists(account("local"), index=MemoryIndex([held]))

    (row,) = (await page(lists, PageRequest())).rows

    assert row.value.fetched_at == lists.clock.now()
    assert row.value.size == AudienceSize(3, SizeBasis.LIVE, lists.clock.now())


@virtual_time
async def test_a_store_that_is_away_is_told_and_seen_in_the_local_providers_health() -> None:
    index = AwayIndex("page")
    lists = Lists(account("local"), index=index)
    states = [lists.services.directory.provider("local").health.state]

    with pytest.raises(StoreBusy):
        await page(lists, PageRequest())
    states.append(lists.services.directory.provider("local").health.state)
    index.away = set()
    await page(lists, PageRequest())
    states.append(lists.services.directory.provider("local").health.state)

    assert states == [HealthState.UNKNOWN, HealthState.DOWN, HealthState.UP]


@virtual_time
async def test_audiences_are_counted_by_status() -> None:
    one = Account("one", [audience("a"), audience("b"), audience("c", status=ARCHIVED)])
    lists = Lists(one, account("two"))
    await page(lists, PageRequest())

    assert await lists.services.catalogue.counts("one") == {ACTIVE: 2, ARCHIVED: 1}
