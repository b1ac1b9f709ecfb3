"""Walks over OliAI's numbered pages of members: every row once, every cursor good, no call too many."""

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.domain.audience import Audience, AudienceStatus
from audience_gateway.domain.errors import BadCursor
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page
from audience_gateway.ports import MembersRequest, Provider
from audience_gateway.providers.oliai import connect
from tests.providers.scripted import Asked, ScriptedTransport, resources, walk


class Organisation:
    """Contacts as OliAI pages them: newest first, true totals, nothing past the end."""

    def __init__(self, count: int) -> None:
        self.ids = [f"c{number}" for number in range(count)]

    def __call__(self, asked: Asked) -> object:
        page, limit = int(asked.query["page"]), int(asked.query["limit"])
        found = [contact_id for contact_id in self.ids if asked.query.get("search", "") in contact_id]
        data = [{"id": contact_id, "name": "Any"} for contact_id in found[(page - 1) * limit : page * limit]]
        return {"data": data, "total": len(found), "page": page, "limit": limit, "totalPages": ceil(len(found) / limit)}


async def read(provider: Provider, first: int, after: str | None, search: str | None = None) -> Page[Member]:
    page = await provider.list_members(MembersRequest("a1", first, after, search))
    assert len(page.rows) <= first
    return page


def ids(pages: list[Page[Member]]) -> list[str]:
    return [member.native_id for page in pages for member in page.values]


@given(count=st.integers(0, 350), sizes=st.lists(st.integers(1, 100), min_size=1, max_size=6))
async def test_any_page_sizes_visit_every_member_once(count: int, sizes: list[int]) -> None:
    organisation = Organisation(count)
    vendor = ScriptedTransport(organisation)
    provider = connect(resources(vendor))

    pages = await walk(lambda first, after: read(provider, first, after), sizes)

    assert ids(pages) == organisation.ids
    assert all(page.total == count for page in pages)
    assert len(vendor.asked) <= 2 * len(pages)


@given(count=st.integers(0, 350), first=st.integers(1, 100))
async def test_a_walk_with_one_page_size_costs_one_call_a_page_up_to_50_rows_and_two_above(
    count: int, first: int
) -> None:
    vendor = ScriptedTransport(Organisation(count))
    provider = connect(resources(vendor))

    pages = await walk(lambda size, after: read(provider, size, after), [first])

    assert len(pages) == max(1, ceil(count / first))
    if first <= 50:
        assert len(vendor.asked) == len(pages)
    else:
        assert len(vendor.asked) <= 2 * len(pages) - 1


@given(count=st.integers(0, 350))
async def test_a_listing_of_audiences_costs_one_call_a_hundred(count: int) -> None:
    organisation = Organisation(count)
    vendor = ScriptedTransport(organisation)
    provider = connect(resources(vendor))

    async def list_audiences(first: int, after: str | None) -> Page[Audience]:
        return await provider.list_audiences(status=AudienceStatus.ACTIVE, first=first, after=after)

    pages = await walk(list_audiences, [100])

    assert [audience.native_id for page in pages for audience in page.values] == organisation.ids
    assert len(vendor.asked) == max(1, ceil(count / 100))


@given(
    count=st.integers(1, 250), first=st.integers(1, 100), added=st.lists(st.integers(0, 130), min_size=1, max_size=6)
)
async def test_members_added_at_the_front_between_pages_lose_and_repeat_nothing(
    count: int, first: int, added: list[int]
) -> None:
    organisation = Organisation(count)
    before = list(organisation.ids)
    provider = connect(resources(ScriptedTransport(organisation)))
    additions = iter(added)

    async def read_and_grow(size: int, after: str | None) -> Page[Member]:
        page = await read(provider, size, after)
        organisation.ids[:0] = [f"new{len(organisation.ids)}-{number}" for number in range(next(additions, 0))]
        return page

    pages = await walk(read_and_grow, [first])

    assert ids(pages) == before


async def test_a_search_is_paged_by_what_it_finds() -> None:
    organisation = Organisation(100)
    provider = connect(resources(ScriptedTransport(organisation)))

    pages = await walk(lambda first, after: read(provider, first, after, search="7"), [4])

    assert ids(pages) == [contact_id for contact_id in organisation.ids if "7" in contact_id]
    assert {page.total for page in pages} == {19}


@pytest.mark.parametrize("cursor", ["", "c1", '["c1"]', '[null,3,"c1"]', "\udfff"])
async def test_a_cursor_of_somebody_elses_is_refused_without_a_call(cursor: str) -> None:
    vendor = ScriptedTransport(Organisation(5))

    with pytest.raises(BadCursor):
        await read(connect(resources(vendor)), 5, cursor)

    assert vendor.asked == []
