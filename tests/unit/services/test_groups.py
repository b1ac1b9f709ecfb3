"""Groups over all providers: each once, by name, filtered, paged by cursors of the query, honest about gaps."""

import pytest

from audience_gateway.domain.audience import Audience, AudienceStatus, GroupKind, GroupRef
from audience_gateway.domain.capability import Operation
from audience_gateway.domain.catalogue import KnownGroup
from audience_gateway.domain.errors import BadCursor, BadInput, UpstreamBadResponse, UpstreamUnavailable
from audience_gateway.domain.group import GroupKey
from audience_gateway.services.groups import GroupPage, GroupQuery
from audience_gateway.services.sources import SourceState
from tests.unit.accounts import Account, audience
from tests.unit.services.lists import Lists, now
from tests.virtual_time import virtual_time

EVERYTHING = GroupQuery()


def naming(key: str, *groups: tuple[str, str], kind: GroupKind = GroupKind.OTHER) -> Account:
    """An account with an audience for each group of this identifier and name, and one without."""
    named: list[Audience] = [
        audience(f"{place:03}", key, group=GroupRef(native_id, name, kind))
        for place, (native_id, name) in enumerate(groups)
    ]
    return Account(key, [*named, audience("alone", key)], statuses=frozenset({AudienceStatus.ACTIVE}))


async def page(lists: Lists, query: GroupQuery = EVERYTHING, *, first: int = 10, after: str | None = None) -> GroupPage:
    return await lists.services.groups.page(query, first=first, after=after, deadline=now() + 10)


def names(found: GroupPage) -> list[str]:
    return [group.ref.name for group in found.page.values]


@virtual_time
async def test_only_providers_with_groups_are_asked() -> None:
    plain = Account("plain", [audience("a", "plain")], can=[Operation.LIST, Operation.GET])
    one, two = naming("one", ("g", "Ladder")), naming("two", ("g", "Club"))
    lists = Lists(one, plain, two)

    assert names(await page(lists)) == ["Club", "Ladder"]
    assert names(await page(lists, GroupQuery(provider_keys=("two", "plain")))) == ["Club"]
    assert names(await page(lists, GroupQuery(provider_keys=()))) == []
    assert plain.calls == []


@virtual_time
async def test_an_unknown_provider_in_the_filter_is_bad_input() -> None:
    with pytest.raises(BadInput, match=r"filter\.providerKeys: there is no provider 'three'"):
        await page(Lists(naming("one")), GroupQuery(provider_keys=("one", "three")))


@virtual_time
async def test_a_group_that_many_audiences_name_is_one_group_and_equal_ones_at_two_providers_are_two() -> None:
    lists = Lists(naming("one", ("g", "Ladder"), ("h", "Club"), ("g", "Ladder")), naming("two", ("g", "Ladder")))

    found = await page(lists)

    assert [group.key for group in found.page.values] == [
        GroupKey("one", "h"),
        GroupKey("one", "g"),
        GroupKey("two", "g"),
    ]
    assert found.page.total == 3


@virtual_time
async def test_names_are_ordered_without_case() -> None:
    one = naming("one", ("1", "beta"), ("2", "Gamma"), ("3", "Alpha"), ("4", "BETA"))

    assert names(await page(Lists(one))) == ["Alpha", "beta", "BETA", "Gamma"]


@virtual_time
async def test_a_walk_meets_every_group_once_and_every_cursor_resumes() -> None:
    one = naming("one", *((str(number), f"Name {number % 3}" * 60) for number in range(7)))
    lists = Lists(one, naming("two", *((str(number), f"name {number % 2}") for number in range(6))))
    whole = await page(lists, first=100)
    assert (len(whole.page.rows), whole.page.has_next, whole.page.total) == (13, False, 13)

    for place, row in enumerate(whole.page.rows, 1):
        rest = await page(lists, first=4, after=row.cursor)
        assert rest.page.values == whole.page.values[place : place + 4]
        assert rest.page.has_next is (place + 4 < 13)


@virtual_time
async def test_the_cursor_of_a_group_with_an_endless_name_can_be_sent_back() -> None:
    lists = Lists(naming("one", ("1", "雪" * 10_000), ("2", "雪" * 10_001)))
    cursor = (await page(lists, first=1)).page.rows[0].cursor

    assert [group.ref.native_id for group in (await page(lists, after=cursor)).page.values] == ["2"]


@pytest.mark.parametrize(
    "other",
    [
        GroupQuery(provider_keys=("one",)),
        GroupQuery(provider_keys=()),
        GroupQuery(kinds=(GroupKind.RFM,)),
        GroupQuery(kinds=()),
        GroupQuery(name_contains="a"),
    ],
)
@virtual_time
async def test_a_cursor_belongs_to_its_query(other: GroupQuery) -> None:
    lists = Lists(naming("one", ("g", "Ladder")))
    cursor = (await page(lists)).page.rows[0].cursor

    with pytest.raises(BadCursor):
        await page(lists, other, after=cursor)


@virtual_time
async def test_only_wanted_kinds_and_names_are_shown_and_counted() -> None:
    lists = Lists(
        naming("one", ("1", "Order ladder"), ("2", "Club")), naming("two", ("3", "LADDER"), kind=GroupKind.RFM)
    )

    assert names(await page(lists, GroupQuery(name_contains="ladder"))) == ["LADDER", "Order ladder"]
    found = await page(lists, GroupQuery(kinds=(GroupKind.RFM, GroupKind.LOYALTY_TIERS)))
    assert (names(found), found.page.total) == (["LADDER"], 1)


@virtual_time
async def test_a_provider_that_fails_is_named_and_the_others_are_shown() -> None:
    async def fail(_: str) -> None:
        raise UpstreamUnavailable("down", provider_key="one")

    one = naming("one", ("g", "Ladder"))
    one.before = fail
    found = await page(Lists(one, naming("two", ("g", "Ladder"))))

    assert found.page.values == (KnownGroup("two", GroupRef("g", "Ladder", GroupKind.OTHER)),)
    assert (found.complete, found.page.total) == (False, None)
    assert [line.state for line in found.sources] == [SourceState.UNAVAILABLE, SourceState.FRESH]


@virtual_time
async def test_an_audience_that_could_not_be_kept_makes_the_list_incomplete() -> None:
    """It might have named another group."""
    one = naming("one", ("g", "Ladder"))
    one.audiences["nul\x00"] = audience("nul\x00")

    found = await page(Lists(one))

    assert (found.complete, found.page.total) == (False, None)
    assert isinstance(found.sources[0].problem, UpstreamBadResponse)


@virtual_time
async def test_whoever_was_not_asked_is_excluded() -> None:
    found = await page(Lists(naming("one"), naming("two", ("g", "Ladder"))), GroupQuery(provider_keys=("two",)))

    assert found.complete
    assert [line.state for line in found.sources] == [SourceState.EXCLUDED, SourceState.FRESH]
