"""The audiences that people are in: a page each, all out of a few looks."""

from dataclasses import replace
from typing import Any

import pytest

from audience_gateway.domain.audience import AudienceStatus
from audience_gateway.domain.errors import BadCursor, UnsupportedOperation, UpstreamBadResponse
from audience_gateway.domain.page import PageRequest
from audience_gateway.services.catalogue import AudiencePage
from audience_gateway.services.memberships import MembershipsKey
from tests.unit.accounts import Account, audience, member
from tests.unit.memory_index import MemoryIndex
from tests.unit.services.lists import Lists, account, now
from tests.virtual_time import virtual_time

LOCAL = [
    *(audience(native_id, "local", days_old=age) for native_id, age in [("new", 1), ("old", 9), ("ageless", None)]),
    audience("gone", "local", status=AudienceStatus.ARCHIVED),
]
INSIDE = {"new": ["p1", "p2"], "old": ["p1"], "ageless": ["p1"], "gone": ["p1"]}


class CountingIndex(MemoryIndex):
    """Counts what is asked of it."""

    looks = 0

    async def find(self, *arguments: Any) -> Any:
        self.looks += 1
        return await super().find(*arguments)

    async def audiences_of(self, *arguments: Any) -> Any:
        self.looks += 1
        return await super().audiences_of(*arguments)

    async def sources(self, *arguments: Any, **options: Any) -> Any:
        self.looks += 1
        return await super().sources(*arguments, **options)


def lists() -> Lists:
    return Lists(Account("local"), account(native_ids="abc"), index=CountingIndex(LOCAL, INSIDE))


def local_key(person: str, request: PageRequest = PageRequest(size=2)) -> MembershipsKey:  # noqa: B008 (frozen)
    return MembershipsKey(member(person, "local").ref, None, request)


async def pages(over: Lists, *keys: MembershipsKey) -> list[AudiencePage]:
    found = await over.services.memberships.pages(keys, deadline=now() + 10)
    return [page for page in found if isinstance(page, AudiencePage)]


def ids(page: AudiencePage) -> str:
    return " ".join(row.value.native_id for row in page.rows)


@virtual_time
async def test_people_of_the_store_are_in_their_active_audiences_newest_first_page_by_page() -> None:
    over = lists()

    first, other = await pages(over, local_key("p1"), local_key("p2"))
    (rest,) = await pages(over, local_key("p1", PageRequest(size=2, after=first.rows[-1].cursor)))

    assert (ids(first), ids(rest), ids(other)) == ("new old", "ageless", "new")
    assert [await first.total(), await first.has_next(), await first.has_previous()] == [3, True, False]
    assert [await rest.total(), await rest.has_next(), await rest.has_previous()] == [3, False, True]


@virtual_time
async def test_any_number_of_people_cost_the_same_few_looks() -> None:
    over = lists()
    assert isinstance(over.index, CountingIndex)

    await pages(over, local_key("p1"))
    alone = over.index.looks
    await pages(over, *(local_key(f"p{number}") for number in range(100)))

    assert over.index.looks == 2 * alone


@virtual_time
async def test_what_a_provider_names_and_does_not_list_is_told_as_missing() -> None:
    over = lists()
    key = MembershipsKey(member("1").ref, ("a", "c", "unheard-of"), PageRequest())

    (page,) = await pages(over, key)
    (whole,) = await pages(over, replace(key, audience_ids=("a", "c")))

    assert (ids(page), page.complete, await page.total()) == ("a c", False, None)
    assert isinstance(page.sources[1].problem, UpstreamBadResponse)
    assert (ids(whole), whole.complete, await whole.total()) == ("a c", True, 2)


@virtual_time
async def test_a_cursor_of_another_person_costs_its_own_page_only() -> None:
    over = lists()
    (page,) = await pages(over, local_key("p1"))
    foreign = local_key("p2", PageRequest(after=page.rows[0].cursor))

    answers = await over.services.memberships.pages([foreign, local_key("p1")], deadline=now() + 10)

    assert isinstance(answers[0], BadCursor)
    assert isinstance(answers[1], AudiencePage)


@pytest.mark.parametrize("tells", [False, True])
def test_who_does_not_tell_is_refused(tells: bool) -> None:
    capabilities = replace(Account("one").capabilities, memberships=tells)

    with pytest.raises(UnsupportedOperation, match=r"one (does not tell|tells) which audiences a person is in"):
        MembershipsKey.of(member("1"), capabilities, PageRequest())
