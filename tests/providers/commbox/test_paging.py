"""Walks over the list we slice for CommBox: every row once, whatever is added or removed meanwhile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.domain.audience import Audience, AudienceStatus
from audience_gateway.domain.errors import BadCursor
from audience_gateway.domain.page import Page
from audience_gateway.ports import Provider
from audience_gateway.providers.commbox import connect
from audience_gateway.providers.commbox.mapping import place_of
from tests.providers.scripted import Asked, ScriptedTransport, resources, walk

IDS = st.lists(st.integers(0, 10**9).map(str) | st.text(alphabet="xyz", min_size=1), unique=True, max_size=150)


class Desk:
    """Audiences in no particular order, all at once."""

    def __init__(self, ids: list[str]) -> None:
        self.ids = ids

    def __call__(self, _: Asked) -> object:
        return {"status": "200", "data": [{"id": audience_id, "name": "Any"} for audience_id in self.ids]}


async def read(provider: Provider, first: int, after: str | None) -> Page[Audience]:
    page = await provider.list_audiences(status=AudienceStatus.ACTIVE, first=first, after=after)
    assert len(page.rows) <= first
    return page


def ids(pages: list[Page[Audience]]) -> list[str]:
    return [audience.native_id for page in pages for audience in page.values]


@given(native_ids=IDS, sizes=st.lists(st.integers(1, 100), min_size=1, max_size=6))
async def test_any_page_sizes_visit_every_row_once_at_one_call_a_page(native_ids: list[str], sizes: list[int]) -> None:
    vendor = ScriptedTransport(Desk(native_ids))
    provider = connect(resources(vendor))

    pages = await walk(lambda first, after: read(provider, first, after), sizes)

    assert ids(pages) == sorted(native_ids, key=place_of)
    assert all(page.total == len(native_ids) for page in pages)
    assert len(vendor.asked) == len(pages)


@given(native_ids=IDS.filter(bool), later=st.integers(1, 100))
async def test_every_rows_cursor_resumes_right_after_it(native_ids: list[str], later: int) -> None:
    provider = connect(resources(ScriptedTransport(Desk(native_ids))))
    pages = await walk(lambda first, after: read(provider, first, after), [7])
    ordered = ids(pages)

    for place, row in enumerate(row for page in pages for row in page.rows):
        assert ids([await read(provider, later, row.cursor)]) == ordered[place + 1 : place + 1 + later]


@given(native_ids=IDS, first=st.integers(1, 30), data=st.data())
async def test_what_stays_is_seen_once_whatever_comes_and_goes(
    native_ids: list[str], first: int, data: st.DataObject
) -> None:
    desk = Desk(list(native_ids))
    provider = connect(resources(ScriptedTransport(desk)))
    gone: set[str] = set()
    come: set[str] = set()

    async def read_and_change(size: int, after: str | None) -> Page[Audience]:
        page = await read(provider, size, after)
        for native_id in data.draw(st.sets(st.sampled_from(desk.ids), max_size=3) if desk.ids else st.just(set())):
            desk.ids.remove(native_id)
            gone.add(native_id)
        for native_id in (
            data.draw(st.sets(st.integers(10**9 + 1, 10**10).map(str), max_size=0 if len(come) > 20 else 2)) - come
        ):
            desk.ids.append(native_id)
            come.add(native_id)
        return page

    seen = ids(await walk(read_and_change, [first]))

    assert len(seen) == len(set(seen))
    assert set(native_ids) - gone <= set(seen)


async def test_a_record_that_cannot_be_read_is_reported_once_in_a_walk() -> None:
    document = {"data": [{"id": "1", "name": "A"}, {"id": "2"}, {"id": "3", "name": "C"}]}
    provider = connect(resources(ScriptedTransport(lambda _: document)))

    pages = await walk(lambda first, after: read(provider, first, after), [1])

    assert ids(pages) == ["1", "3"]
    assert [len(page.problems) for page in pages] == [1, 0]


@pytest.mark.parametrize("cursor", ["", "31801", "[]", "[31801]", '["a","b"]', '[1,1,"a"]', "\ud800"])
async def test_a_cursor_of_somebody_elses_is_refused_without_a_call(cursor: str) -> None:
    vendor = ScriptedTransport(Desk(["1"]))

    with pytest.raises(BadCursor) as caught:
        await read(connect(resources(vendor)), 5, cursor)

    assert caught.value.provider_key == "vendor"
    assert vendor.asked == []
