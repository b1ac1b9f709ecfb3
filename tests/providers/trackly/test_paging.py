"""Walks over Trackly's numbered pages: every row once, every cursor good, no call too many."""

from dataclasses import dataclass, field
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.domain.audience import Audience, AudienceStatus
from audience_gateway.domain.errors import BadCursor, UpstreamBadResponse
from audience_gateway.domain.page import Page
from audience_gateway.ports import Provider
from audience_gateway.providers.trackly import connect
from tests.providers.scripted import Asked, ScriptedTransport, resources, walk

SIZES = st.lists(st.integers(1, 100), min_size=1, max_size=6)


@dataclass
class Account:
    """Audiences as Trackly pages them: newest first, true totals, nothing past the end."""

    rows: list[dict[str, object]] = field(default_factory=list)

    def __call__(self, asked: Asked) -> object:
        page, per_page = int(asked.query["page"]), int(asked.query["per_page"])
        return {
            "audiences": self.rows[(page - 1) * per_page : page * per_page],
            "pagination": {"page": page, "per_page": per_page, "total": len(self.rows)},
        }

    @property
    def readable(self) -> list[str]:
        return [str(row["id"]) for row in self.rows if "name" in row]


def rows(count: int, prefix: str = "a") -> list[dict[str, object]]:
    return [{"id": f"{prefix}{number}", "name": "Any"} for number in range(count)]


def opened(account: Account) -> tuple[Provider, ScriptedTransport]:
    vendor = ScriptedTransport(account)
    return connect(resources(vendor)), vendor


async def read(provider: Provider, first: int, after: str | None) -> Page[Audience]:
    page = await provider.list_audiences(status=AudienceStatus.ACTIVE, first=first, after=after)
    assert len(page.rows) <= first
    return page


def ids(pages: list[Page[Audience]]) -> list[str]:
    return [audience.native_id for page in pages for audience in page.values]


@given(count=st.integers(0, 350), sizes=SIZES)
async def test_any_page_sizes_visit_every_row_once_in_at_most_two_calls_a_page(count: int, sizes: list[int]) -> None:
    account = Account(rows(count))
    provider, vendor = opened(account)

    pages = await walk(lambda first, after: read(provider, first, after), sizes)

    assert ids(pages) == account.readable
    assert all(page.total == count for page in pages)
    assert len(vendor.asked) <= 2 * len(pages)


@given(count=st.integers(0, 350), first=st.integers(1, 100))
async def test_a_walk_with_one_page_size_costs_one_call_a_page(count: int, first: int) -> None:
    provider, vendor = opened(Account(rows(count)))

    pages = await walk(lambda size, after: read(provider, size, after), [first])

    assert len(vendor.asked) == len(pages) == max(1, ceil(count / first))


@given(count=st.integers(1, 250), first=st.integers(1, 100), data=st.data())
async def test_every_rows_cursor_resumes_right_after_it(count: int, first: int, data: st.DataObject) -> None:
    account = Account(rows(count))
    provider, vendor = opened(account)
    pages = await walk(lambda size, after: read(provider, size, after), [first])
    cursors = [row.cursor for page in pages for row in page.rows]
    place = data.draw(st.integers(0, count - 1))
    later = data.draw(st.integers(1, 100))
    vendor.asked.clear()

    page = await read(provider, later, cursors[place])

    assert ids([page]) == account.readable[place + 1 : place + 1 + later]
    assert page.has_next is (place + 1 + later < count)
    assert len(vendor.asked) <= 2


@given(count=st.integers(1, 250), first=st.integers(1, 100), added=st.lists(st.integers(0, 130), max_size=6))
async def test_rows_added_at_the_front_between_pages_lose_and_repeat_nothing(
    count: int, first: int, added: list[int]
) -> None:
    account = Account(rows(count))
    before = account.readable
    provider, _ = opened(account)
    additions = iter(added)

    async def read_and_grow(size: int, after: str | None) -> Page[Audience]:
        page = await read(provider, size, after)
        news = next(additions, 0)
        account.rows[:0] = rows(news, prefix=f"new{len(account.rows)}-")
        return page

    pages = await walk(read_and_grow, [first])

    assert ids(pages) == before


@given(count=st.integers(2, 250), first=st.integers(1, 100), data=st.data())
async def test_rows_removed_behind_the_reader_hide_nothing(count: int, first: int, data: st.DataObject) -> None:
    account = Account(rows(count))
    provider, _ = opened(account)
    page = await read(provider, first, None)
    seen = len(page.rows)
    removed = data.draw(st.integers(0, min(seen - 1, 20)))
    expected = account.readable[seen : seen + first]
    del account.rows[:removed]

    following = await read(provider, first, page.end_cursor)

    assert ids([following]) == expected


@given(count=st.integers(3, 250), first=st.integers(1, 100))
async def test_the_removal_of_the_last_row_seen_hides_nothing(count: int, first: int) -> None:
    account = Account(rows(count))
    provider, _ = opened(account)
    page = await read(provider, first, None)
    seen = len(page.rows)
    expected = account.readable[seen : seen + first]
    del account.rows[seen - 1]

    assert ids([await read(provider, first, page.end_cursor)]) == expected


@given(
    count=st.integers(2, 250),
    first=st.integers(1, 50),
    changes=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 250)), max_size=6),
)
async def test_up_to_50_rows_a_page_as_many_removals_in_front_as_additions_behind_hide_and_repeat_nothing(
    count: int, first: int, changes: list[tuple[int, int]]
) -> None:
    account = Account(rows(count))
    before = account.readable
    provider, _ = opened(account)
    coming = enumerate(changes)

    async def read_and_change(size: int, after: str | None) -> Page[Audience]:
        page = await read(provider, size, after)
        turn, (wanted, behind) = next(coming, (0, (0, 0)))
        last = account.readable.index(page.rows[-1].value.native_id) if page.rows else 0
        removed = min(wanted, last)
        del account.rows[:removed]
        place = min(last - removed + 1 + behind, len(account.rows))
        account.rows[place:place] = rows(removed, prefix=f"old{turn}-")
        return page

    pages = await walk(read_and_change, [first])

    assert [each for each in ids(pages) if each.startswith("a")] == before


async def test_a_removal_in_front_and_an_addition_behind_hide_nothing_though_the_length_is_the_same() -> None:
    account = Account(rows(30))
    provider, vendor = opened(account)
    page = await read(provider, 10, None)
    del account.rows[3]
    account.rows[20:20] = rows(1, prefix="old")
    vendor.asked.clear()

    following = await read(provider, 10, page.end_cursor)

    assert ids([following]) == [f"a{number}" for number in range(10, 20)]
    assert len(vendor.asked) == 1


@given(bad=st.lists(st.booleans(), max_size=230), sizes=SIZES)
async def test_malformed_records_neither_stop_a_walk_nor_repeat_a_row(bad: list[bool], sizes: list[int]) -> None:
    account = Account(rows(len(bad)))
    for row, broken in zip(account.rows, bad, strict=True):
        if broken:
            del row["name"]
    provider, _ = opened(account)

    pages = await walk(lambda first, after: read(provider, first, after), sizes)

    assert ids(pages) == account.readable
    assert sum(len(page.problems) for page in pages) == sum(bad)


async def test_a_window_across_two_pages_is_read_in_two_calls() -> None:
    provider, vendor = opened(Account(rows(250)))
    page = await read(provider, 30, None)
    vendor.asked.clear()

    following = await read(provider, 100, page.end_cursor)

    assert ids([following]) == [f"a{number}" for number in range(30, 130)]
    assert [asked.query["page"] for asked in vendor.asked] == ["1", "2"]


async def test_an_account_that_serves_the_same_page_for_ever_is_found_out() -> None:
    same = {"audiences": rows(20), "pagination": {"total": 500}}
    provider = connect(resources(ScriptedTransport(lambda _: same)))
    page = await read(provider, 20, None)

    with pytest.raises(UpstreamBadResponse, match="again and again"):
        await read(provider, 20, page.end_cursor)


async def test_an_account_that_cuts_its_pages_shorter_than_asked_is_found_out() -> None:
    short = {"audiences": rows(50), "pagination": {"total": 500, "per_page": 50}}
    provider = connect(resources(ScriptedTransport(lambda _: short)))

    with pytest.raises(UpstreamBadResponse, match="another size"):
        await read(provider, 100, None)


async def test_an_announced_row_that_never_comes_ends_the_walk() -> None:
    account = Account(rows(5))
    provider = connect(
        resources(ScriptedTransport(lambda asked: {**answer(account, asked), "pagination": {"total": 9}}))
    )

    pages = await walk(lambda first, after: read(provider, first, after), [5])

    assert ids(pages) == account.readable
    assert [page.has_next for page in pages] == [True, False]


def answer(account: Account, asked: Asked) -> dict[str, object]:
    """The account's own answer, to be spoilt."""
    document = account(asked)
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "[]", "[1]", '[0,1,"a"]', '[-1,1,"a"]', '[1,1,"a",1]', '[1e3,1,"a"]', '{"a":1}', "\ud800", "[" * 9999],
)
async def test_a_cursor_of_somebody_elses_is_refused_without_a_call(cursor: str) -> None:
    provider, vendor = opened(Account(rows(5)))

    with pytest.raises(BadCursor) as caught:
        await read(provider, 5, cursor)

    assert caught.value.provider_key == "vendor"
    assert vendor.asked == []
