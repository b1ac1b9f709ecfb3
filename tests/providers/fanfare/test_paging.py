"""Walks over Fanfare's cursors, which know no end: every row once, every cursor good, no call too many."""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.domain.errors import BadCursor, UpstreamBadResponse
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page
from audience_gateway.ports import MembersRequest, Provider
from audience_gateway.providers.fanfare import connect
from audience_gateway.services.cursors import Cursors
from tests.providers.scripted import Asked, ScriptedTransport, resources, walk

SIZES = st.lists(st.integers(1, 100), min_size=1, max_size=6)


@dataclass
class Shop:
    """Consumers by falling number, as Fanfare pages them: cursors by key, an end cursor on the last page too."""

    numbers: list[int]
    broken: set[int] = field(default_factory=set)

    def __call__(self, asked: Asked) -> object:
        found = self.numbers
        if "after" in asked.query:
            found = [number for number in found if cursor(number) != asked.query["after"]]
            last = next(number for number in range(10_000) if cursor(number) == asked.query["after"])
            found = [number for number in found if number < last]
        page = found[: int(asked.query["first"])]
        data = [{"id": None if number in self.broken else f"c{number}"} for number in page]
        ends = {"startCursor": cursor(page[0]), "endCursor": cursor(page[-1])} if page else {"endCursor": None}
        return {"data": data, "pageInfo": ends}

    @property
    def ids(self) -> list[str]:
        return [f"c{number}" for number in self.numbers if number not in self.broken]


def shop(count: int) -> Shop:
    return Shop(list(range(count, 0, -1)))


def cursor(number: int) -> str:
    return b64encode(f'{{"id":"c{number}"}}'.encode()).decode()


def opened(vendor: object) -> tuple[Provider, ScriptedTransport]:
    transport = ScriptedTransport(vendor if callable(vendor) else lambda _: vendor)
    return connect(resources(transport)), transport


async def read(provider: Provider, first: int, after: str | None) -> Page[Member]:
    page = await provider.list_members(MembersRequest("aud_1", first, after))
    assert len(page.rows) <= first
    return page


def ids(pages: list[Page[Member]]) -> list[str]:
    return [member.native_id for page in pages for member in page.values]


@given(count=st.integers(0, 350), sizes=SIZES)
async def test_any_page_sizes_visit_every_row_once_in_at_most_two_calls_a_page(count: int, sizes: list[int]) -> None:
    consumers = shop(count)
    provider, vendor = opened(consumers)

    pages = await walk(lambda first, after: read(provider, first, after), sizes)

    assert ids(pages) == consumers.ids
    assert all(page.total is None for page in pages)
    assert len(vendor.asked) <= 2 * len(pages)


@given(count=st.integers(0, 350))
async def test_a_walk_by_hundreds_costs_one_call_a_page(count: int) -> None:
    provider, vendor = opened(shop(count))

    pages = await walk(lambda first, after: read(provider, first, after), [100])

    assert len(vendor.asked) == len(pages) <= ceil(count / 100) + 1
    assert all(asked.query["first"] == "100" for asked in vendor.asked)


@given(count=st.integers(1, 250), first=st.integers(1, 100), data=st.data())
async def test_every_rows_cursor_resumes_right_after_it(count: int, first: int, data: st.DataObject) -> None:
    consumers = shop(count)
    provider, vendor = opened(consumers)
    pages = await walk(lambda size, after: read(provider, size, after), [first])
    cursors = [row.cursor for page in pages for row in page.rows]
    place = data.draw(st.integers(0, count - 1))
    later = data.draw(st.integers(1, 100))
    vendor.asked.clear()

    page = await read(provider, later, cursors[place])

    assert ids([page]) == consumers.ids[place + 1 : place + 1 + later]
    assert len(vendor.asked) <= 2
    if later < 100:
        assert page.has_next is (place + 1 + later < count)


@given(count=st.integers(1, 250), first=st.integers(1, 100), added=st.lists(st.integers(0, 230), max_size=6))
async def test_rows_added_at_the_front_between_pages_lose_and_repeat_nothing(
    count: int, first: int, added: list[int]
) -> None:
    consumers = shop(count)
    before = consumers.ids
    provider, _ = opened(consumers)
    additions = iter(added)

    async def read_and_grow(size: int, after: str | None) -> Page[Member]:
        page = await read(provider, size, after)
        newest = consumers.numbers[0]
        consumers.numbers[:0] = range(newest + next(additions, 0), newest, -1)
        return page

    pages = await walk(read_and_grow, [first])

    assert ids(pages) == before


@given(count=st.integers(2, 250), first=st.integers(1, 100), data=st.data())
async def test_rows_removed_behind_the_reader_hide_nothing(count: int, first: int, data: st.DataObject) -> None:
    consumers = shop(count)
    provider, _ = opened(consumers)
    page = await read(provider, first, None)
    seen = len(page.rows)
    expected = consumers.ids[seen : seen + first]
    for place in sorted(data.draw(st.sets(st.integers(0, seen - 1), max_size=seen - 1)) - {seen - 1}, reverse=True):
        del consumers.numbers[place]

    assert ids([await read(provider, first, page.end_cursor)]) == expected


@given(count=st.integers(3, 150), first=st.integers(1, 100))
async def test_the_removal_of_the_last_row_seen_hides_nothing(count: int, first: int) -> None:
    consumers = shop(count)
    provider, _ = opened(consumers)
    page = await read(provider, first, None)
    seen = len(page.rows)
    expected = consumers.ids[seen : seen + first]
    del consumers.numbers[seen - 1]

    assert ids([await read(provider, first, page.end_cursor)]) == expected


@given(bad=st.lists(st.booleans(), max_size=230), sizes=SIZES)
async def test_malformed_records_neither_stop_a_walk_nor_repeat_a_row(bad: list[bool], sizes: list[int]) -> None:
    consumers = shop(len(bad))
    consumers.broken = {number for number, broken in enumerate(bad, 1) if broken}
    provider, _ = opened(consumers)

    pages = await walk(lambda first, after: read(provider, first, after), sizes)

    assert ids(pages) == consumers.ids
    assert sum(len(page.problems) for page in pages) >= sum(bad)


@pytest.mark.parametrize(("count", "has_next"), [(99, False), (100, None), (101, None)])
async def test_at_the_limit_a_full_page_leaves_open_whether_more_follow(count: int, *, has_next: bool | None) -> None:
    provider, _ = opened(shop(count))

    assert (await read(provider, 100, None)).has_next is has_next


@pytest.mark.parametrize("word", [True, False])
async def test_a_word_about_further_pages_is_believed_where_the_page_leaves_it_open(*, word: bool) -> None:
    def answer(asked: Asked) -> object:
        document = consumers(asked)
        assert isinstance(document, dict)
        return {**document, "pageInfo": {**document["pageInfo"], "hasNextPage": word}}

    consumers = shop(100)
    provider, _ = opened(answer)

    assert (await read(provider, 100, None)).has_next is word


@pytest.mark.parametrize(("count", "first"), [(0, 20), (7, 20), (20, 20), (150, 20), (150, 100), (230, 33)])
async def test_a_bare_array_is_the_whole_list_and_is_paged_by_us(count: int, first: int) -> None:
    rows = [{"id": f"c{number}"} for number in range(count)]
    provider, _ = opened(rows)

    pages = await walk(lambda size, after: read(provider, size, after), [first])

    assert ids(pages) == [row["id"] for row in rows]
    assert [page.has_next for page in pages] == [True] * (len(pages) - 1) + [False]


async def test_a_cursor_that_repeats_for_ever_is_found_out() -> None:
    rows = [{"id": f"c{number}"} for number in range(100)]
    provider, _ = opened({"data": rows, "pageInfo": {"endCursor": "again"}})
    page = await read(provider, 100, None)

    with pytest.raises(UpstreamBadResponse, match="again and again"):
        await read(provider, 100, page.end_cursor)


async def test_a_full_page_without_a_cursor_to_go_on_from_is_a_bad_response() -> None:
    rows = [{"id": f"c{number}"} for number in range(100)]
    provider, _ = opened({"data": rows, "pageInfo": {"endCursor": None}})
    page = await read(provider, 100, None)

    with pytest.raises(UpstreamBadResponse, match=r"pageInfo\.endCursor"):
        await read(provider, 100, page.end_cursor)


@pytest.mark.parametrize(
    "cursor", ["", "aud_1", "[]", '["a"]', '[1,3,"c1"]', '["x",-1,"c1"]', '["x",1.5,"c1"]', '[20,40,"c1"]', "\ud800"]
)
async def test_a_cursor_of_somebody_elses_is_refused_without_a_call(cursor: str) -> None:
    provider, vendor = opened(shop(5))

    with pytest.raises(BadCursor) as caught:
        await read(provider, 5, cursor)

    assert caught.value.provider_key == "vendor"
    assert vendor.asked == []


@pytest.mark.parametrize(
    "end", ["eyJpZCI6MX0=", "x" * 8190, "x" * 8191, "\0" * 1365, "\0" * 1366, "é" * 4095, '"' * 4095]
)
async def test_every_cursor_handed_out_fits_into_one_of_ours_however_fanfare_spells_its_own(end: str) -> None:
    rows = [{"id": f"{number:024}" + "\0" * 1000} for number in range(100)]
    provider, _ = opened({"data": rows, "pageInfo": {"endCursor": end}})
    cursors = Cursors(b"s" * 32)

    if len(json.dumps(end, ensure_ascii=False).encode()) > 8192:
        with pytest.raises(UpstreamBadResponse, match=r"unreadable at pageInfo\.endCursor\.$"):
            await read(provider, 100, None)
    else:
        page = await read(provider, 100, None)
        assert all(cursors.open(cursors.seal(row.cursor, question=1), question=1) == row.cursor for row in page.rows)
