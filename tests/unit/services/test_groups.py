"""Groups over all providers: each once, by name, filtered, paged by cursors of the query, honest about gaps."""

from collections.abc import Sequence

import pytest

from audience_gateway.domain.audience import Audience, AudienceStatus, GroupKind, GroupRef
from audience_gateway.domain.capability import Operation
from audience_gateway.domain.errors import BadCursor, BadInput, GatewayError, UpstreamBadResponse, UpstreamTimeout
from audience_gateway.domain.group import GroupKey
from audience_gateway.services.cursors import Cursors
from audience_gateway.services.directory import Directory, ListingKey
from audience_gateway.services.groups import GroupPage, GroupPlan, GroupQuery, KnownGroup
from audience_gateway.services.guard import Guarded
from audience_gateway.services.listing import Listing
from audience_gateway.services.sources import SourceState
from tests.unit.accounts import NOW, Account, SetClock, audience

EVERYTHING = GroupQuery()
FAULT = UpstreamTimeout("slow", provider_key="one")
WITHOUT_GROUPS = Account("plain", can=[Operation.LIST, Operation.GET])
DIRECTORY = Directory(
    {account.key: Guarded(account, SetClock()) for account in (Account("one"), WITHOUT_GROUPS, Account("two"))}
)


def plan(query: GroupQuery = EVERYTHING, *, first: int = 10, after: str | None = None) -> GroupPlan:
    return GroupPlan.of(query, first=first, after=after, directory=DIRECTORY, cursors=Cursors(b"s" * 32))


def page(
    one: Listing | GatewayError,
    two: Listing | GatewayError,
    query: GroupQuery = EVERYTHING,
    *,
    first: int = 10,
    after: str | None = None,
) -> GroupPage:
    return plan(query, first=first, after=after).page([one, two], now=NOW)


def naming(
    *groups: tuple[str, str], key: str = "one", kind: GroupKind = GroupKind.OTHER, problems: Sequence[GatewayError] = ()
) -> Listing:
    """An audience for each group of this identifier and name."""
    named: list[Audience] = [
        audience(str(place), key, group=GroupRef(native_id, name, kind))
        for place, (native_id, name) in enumerate(groups)
    ]
    return Listing(tuple(named), tuple(problems))


NOBODY = Listing((), ())


def names(found: GroupPage) -> list[str]:
    return [group.ref.name for group in found.page.values]


def test_active_audiences_of_providers_with_groups_are_read_and_nothing_else() -> None:
    assert plan().keys == (ListingKey("one", AudienceStatus.ACTIVE), ListingKey("two", AudienceStatus.ACTIVE))
    assert plan(GroupQuery(provider_keys=("two", "plain"))).keys == (ListingKey("two", AudienceStatus.ACTIVE),)
    assert plan(GroupQuery(provider_keys=())).keys == ()


def test_an_unknown_provider_in_the_filter_is_bad_input() -> None:
    with pytest.raises(BadInput, match=r"filter\.providerKeys: there is no provider 'three'"):
        plan(GroupQuery(provider_keys=("one", "three")))


def test_a_group_that_many_audiences_name_is_one_group() -> None:
    found = page(naming(("g", "Ladder"), ("h", "Club"), ("g", "Ladder")), NOBODY)

    assert names(found) == ["Club", "Ladder"]
    assert found.page.total == 2


def test_equal_identifiers_at_two_providers_are_two_groups() -> None:
    found = page(naming(("g", "Ladder")), naming(("g", "Ladder"), key="two"))

    assert [group.key for group in found.page.values] == [GroupKey("one", "g"), GroupKey("two", "g")]


def test_audiences_without_a_group_name_none() -> None:
    assert names(page(Listing((audience("a"),), ()), NOBODY)) == []


def test_names_are_ordered_without_case() -> None:
    found = page(naming(("1", "beta"), ("2", "Gamma"), ("3", "Alpha"), ("4", "BETA")), NOBODY)

    assert names(found) == ["Alpha", "beta", "BETA", "Gamma"]


def test_a_walk_meets_every_group_once_and_every_cursor_resumes() -> None:
    one = naming(*((str(number), f"Name {number % 3}" * 60) for number in range(7)))
    two = naming(*((str(number), f"name {number % 2}") for number in range(6)), key="two")
    whole = page(one, two, first=100)
    assert (len(whole.page.rows), whole.page.has_next, whole.page.total) == (13, False, 13)

    for place, row in enumerate(whole.page.rows, 1):
        rest = page(one, two, first=4, after=row.cursor)
        assert rest.page.values == whole.page.values[place : place + 4]
        assert rest.page.has_next is (place + 4 < 13)


def test_the_cursor_of_a_group_with_an_endless_name_can_be_sent_back() -> None:
    listing = naming(("1", "雪" * 10_000), ("2", "雪" * 10_001))
    cursor = page(listing, NOBODY, first=1).page.rows[0].cursor

    assert [group.ref.native_id for group in page(listing, NOBODY, after=cursor).page.values] == ["2"]


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
def test_a_cursor_belongs_to_its_query(other: GroupQuery) -> None:
    cursor = page(naming(("g", "Ladder")), NOBODY).page.rows[0].cursor

    with pytest.raises(BadCursor):
        plan(other, after=cursor)


def test_only_wanted_kinds_and_names_are_shown_and_counted() -> None:
    one, two = naming(("1", "Order ladder"), ("2", "Club")), naming(("3", "LADDER"), key="two", kind=GroupKind.RFM)

    assert names(page(one, two, GroupQuery(name_contains="ladder"))) == ["LADDER", "Order ladder"]
    found = page(one, two, GroupQuery(kinds=(GroupKind.RFM, GroupKind.LOYALTY_TIERS)))
    assert (names(found), found.page.total) == (["LADDER"], 1)


def test_a_provider_that_fails_is_named_and_the_others_are_shown() -> None:
    found = page(FAULT, naming(("g", "Ladder"), key="two"))

    assert found.page.values == (KnownGroup("two", GroupRef("g", "Ladder", GroupKind.OTHER)),)
    assert (found.complete, found.page.total) == (False, None)
    assert [(source.provider_key, source.state, source.problem) for source in found.sources] == [
        ("one", SourceState.UNAVAILABLE, FAULT),
        ("plain", SourceState.EXCLUDED, None),
        ("two", SourceState.FRESH, None),
    ]


def test_an_unreadable_audience_makes_the_list_incomplete() -> None:
    """It might have named another group."""
    problem = UpstreamBadResponse("audiences[3].id", provider_key="one")

    found = page(naming(("g", "Ladder"), problems=[problem]), NOBODY)

    assert (found.complete, found.page.total) == (False, None)
    assert found.sources[0].problem is problem


def test_whoever_was_not_asked_is_excluded() -> None:
    query = GroupQuery(provider_keys=("two",))
    found = plan(query).page([naming(("g", "Ladder"), key="two")], now=NOW)

    assert found.complete
    assert [source.state for source in found.sources] == [
        SourceState.EXCLUDED,
        SourceState.EXCLUDED,
        SourceState.FRESH,
    ]
