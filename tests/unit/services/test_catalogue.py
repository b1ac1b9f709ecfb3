"""One list over all providers: newest first, filtered, paged by cursors that belong to the query, honest about gaps."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from audience_gateway.domain.audience import Audience, AudienceKind, AudienceStatus
from audience_gateway.domain.errors import (
    BadCursor,
    BadInput,
    GatewayError,
    UnsupportedOperation,
    UpstreamBadResponse,
    UpstreamTimeout,
)
from audience_gateway.services.catalogue import AudiencePage, AudienceQuery, Catalogue
from audience_gateway.services.cursors import Cursors
from audience_gateway.services.directory import Directory, ListingKey
from audience_gateway.services.guard import Guarded
from audience_gateway.services.listing import Listing
from audience_gateway.services.sources import SourceState
from tests.unit.accounts import NOW, Account, SetClock, audience

ACTIVE, ARCHIVED = AudienceStatus.ACTIVE, AudienceStatus.ARCHIVED
BOTH = (ACTIVE, ARCHIVED)
EVERYTHING = AudienceQuery()
FAULT = UpstreamTimeout("slow", provider_key="one")


def catalogue(**statuses: Sequence[AudienceStatus]) -> Catalogue:
    """Over providers that list these statuses."""
    accounts = [Account(key, statuses=frozenset(listed)) for key, listed in statuses.items()]
    return Catalogue(Directory({account.key: Guarded(account, SetClock()) for account in accounts}), Cursors(b"s" * 32))


TWO = catalogue(one=[ACTIVE], two=[ACTIVE])


def listing(*audiences: Audience, problems: tuple[GatewayError, ...] = ()) -> Listing:
    return Listing(audiences, problems)


def page(
    answers: Sequence[Listing | GatewayError],
    *,
    query: AudienceQuery = EVERYTHING,
    first: int = 10,
    after: str | None = None,
    catalogue: Catalogue = TWO,
) -> AudiencePage:
    return catalogue.page(catalogue.plan(query, first=first, after=after), answers, now=NOW)


def names(found: AudiencePage) -> list[str]:
    return [f"{row.provider_key}/{row.native_id}" for row in found.page.values]


def test_what_is_read_is_every_selected_provider_and_listed_status() -> None:
    three = catalogue(one=[ACTIVE], two=[ACTIVE, ARCHIVED], three=[ARCHIVED])

    def keys(**filters: object) -> list[tuple[str, AudienceStatus]]:
        query = AudienceQuery(**filters)  # type: ignore[arg-type]  # each call below is a query
        return [(key.provider_key, key.status) for key in three.plan(query, first=5, after=None).keys]

    assert keys() == [("one", ACTIVE), ("two", ACTIVE)]
    assert keys(statuses=BOTH) == [("one", ACTIVE), ("two", ACTIVE), ("two", ARCHIVED), ("three", ARCHIVED)]
    assert keys(statuses=(ACTIVE, ACTIVE), provider_keys=("two",)) == [("two", ACTIVE)]
    assert keys(provider_keys=()) == []
    assert keys(statuses=()) == []


def test_an_unknown_provider_in_the_filter_is_bad_input() -> None:
    with pytest.raises(BadInput, match=r"filter\.providerKeys: there is no provider 'three'"):
        TWO.plan(AudienceQuery(provider_keys=("one", "three")), first=5, after=None)


def test_newest_come_first_and_those_of_unknown_age_last() -> None:
    found = page(
        [
            listing(audience("old", days_old=9), audience("ageless", days_old=None), audience("new", days_old=1)),
            listing(audience("middle", "two", days_old=5), audience("ageless", "two", days_old=None)),
        ]
    )

    assert names(found) == ["one/new", "two/middle", "one/old", "one/ageless", "two/ageless"]


def test_equal_moments_are_ordered_by_provider_and_identifier() -> None:
    found = page([listing(audience("b"), audience("a")), listing(audience("a", "two"))])

    assert names(found) == ["one/a", "one/b", "two/a"]


def test_audiences_a_microsecond_apart_are_in_order() -> None:
    late = audience("z", days_old=0)
    early = audience("a", days_old=timedelta(microseconds=1) / timedelta(days=1))

    assert names(page([listing(early, late), listing()])) == ["one/z", "one/a"]


def test_a_walk_meets_everyone_once_and_every_cursor_resumes() -> None:
    answers = [
        listing(*(audience(str(number), days_old=number % 3 or None) for number in range(7))),
        listing(*(audience(str(number), "two", days_old=number % 2) for number in range(6))),
    ]
    whole = page(answers, first=100)
    assert (len(whole.page.rows), whole.page.has_next, whole.page.total) == (13, False, 13)

    for place, row in enumerate(whole.page.rows, 1):
        rest = page(answers, first=4, after=row.cursor)
        assert rest.page.values == whole.page.values[place : place + 4]
        assert rest.page.has_next is (place + 4 < 13)
        assert rest.page.total == 13


def test_a_cursor_whose_audience_is_gone_resumes_where_it_stood() -> None:
    audiences = [audience(str(number), days_old=number) for number in range(5)]
    cursor = page([listing(*audiences), listing()], first=2).page.rows[1].cursor

    rest = page([listing(audiences[0], *audiences[2:]), listing()], after=cursor)

    assert names(rest) == ["one/2", "one/3", "one/4"]


@pytest.mark.parametrize(
    "other",
    [
        AudienceQuery(provider_keys=("one",)),
        AudienceQuery(provider_keys=()),
        AudienceQuery(statuses=BOTH),
        AudienceQuery(kinds=(AudienceKind.STATIC,)),
        AudienceQuery(kinds=()),
        AudienceQuery(name_contains="a"),
    ],
)
def test_a_cursor_belongs_to_its_query(other: AudienceQuery) -> None:
    cursor = page([listing(audience("a")), listing()]).page.rows[0].cursor

    with pytest.raises(BadCursor):
        TWO.plan(other, first=10, after=cursor)


def test_the_order_in_which_a_filter_is_written_does_not_matter_to_cursors() -> None:
    one = AudienceQuery(provider_keys=("one", "two"), statuses=BOTH, kinds=tuple(AudienceKind))
    other = AudienceQuery(provider_keys=("two", "one"), statuses=BOTH[::-1], kinds=tuple(AudienceKind)[::-1])
    cursor = page([listing(audience("a")), listing()], query=one).page.rows[0].cursor

    assert TWO.plan(other, first=10, after=cursor).start is not None


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("spring", "ab"), ("STRASSE", "c"), ("straße", "c"), ("%", ""), ("", "abc")],
)
def test_names_are_searched_without_case(wanted: str, found: str) -> None:
    audiences = [
        audience("a", name="Spring sale"),
        audience("b", name="after SPRING"),
        audience("c", name="Hauptstraße"),
    ]

    answer = page([listing(*audiences), listing()], query=AudienceQuery(name_contains=wanted))

    assert "".join(each.native_id for each in answer.page.values) == found


def test_only_wanted_kinds_are_shown_and_counted() -> None:
    answers = [listing(audience("a"), audience("b", kind=AudienceKind.DYNAMIC)), listing(audience("c", "two"))]

    found = page(answers, query=AudienceQuery(kinds=(AudienceKind.DYNAMIC, AudienceKind.SYNCED)))

    assert (names(found), found.page.total) == (["one/b"], 1)


def test_an_audience_read_in_both_states_is_archived() -> None:
    """It was archived between the two reads, whichever came first."""
    states = catalogue(one=BOTH)
    answers = {ACTIVE: listing(audience("a")), ARCHIVED: listing(audience("a", status=ARCHIVED))}

    for order in (BOTH, BOTH[::-1]):
        query = AudienceQuery(statuses=order)
        found = page([answers[status] for status in order], query=query, catalogue=states)
        assert [row.status for row in found.page.values] == [ARCHIVED]
        assert found.page.total == 1


def test_a_provider_that_fails_is_named_and_the_others_are_shown() -> None:
    found = page([FAULT, listing(audience("a", "two"))])

    assert names(found) == ["two/a"]
    assert (found.complete, found.page.total) == (False, None)
    one, two = found.sources
    assert (one.provider_key, one.state, one.as_of, one.problem) == ("one", SourceState.UNAVAILABLE, None, FAULT)
    assert (two.provider_key, two.state, two.as_of, two.problem) == ("two", SourceState.FRESH, NOW, None)


def test_a_provider_of_which_only_one_state_could_be_read_still_shows_that() -> None:
    query = AudienceQuery(statuses=BOTH)

    found = page([listing(audience("a")), FAULT], query=query, catalogue=catalogue(one=BOTH))

    assert names(found) == ["one/a"]
    assert not found.complete
    assert found.sources[0].state is SourceState.UNAVAILABLE


def test_an_unreadable_record_makes_the_list_incomplete() -> None:
    problem = UpstreamBadResponse("audiences[3].id", provider_key="one")

    found = page([listing(audience("a"), problems=(problem,)), listing()])

    assert (found.complete, found.page.total) == (False, None)
    assert (found.sources[0].state, found.sources[0].problem) == (SourceState.FRESH, problem)


def test_whoever_was_not_asked_is_excluded_and_does_not_make_the_list_incomplete() -> None:
    query = AudienceQuery(provider_keys=("two",))

    found = page([listing(audience("a", "two"))], query=query)

    assert found.complete
    assert [(source.provider_key, source.state) for source in found.sources] == [
        ("one", SourceState.EXCLUDED),
        ("two", SourceState.FRESH),
    ]


def test_a_state_that_a_provider_never_lists_makes_nothing_incomplete() -> None:
    query = AudienceQuery(statuses=(ARCHIVED,))
    some = catalogue(one=[ACTIVE], two=BOTH)
    plan = some.plan(query, first=10, after=None)

    assert plan.keys == (ListingKey("two", ARCHIVED),)
    assert some.page(plan, [listing()], now=NOW).complete


def test_a_status_that_a_provider_has_and_never_lists_is_told_as_missing() -> None:
    account = Account("shy", statuses=frozenset({ACTIVE}))
    account.capabilities = replace(account.capabilities, unlisted=frozenset({ARCHIVED}))
    shy = Catalogue(Directory({"shy": Guarded(account, SetClock())}), Cursors(b"s" * 32))
    plans = [shy.plan(AudienceQuery(statuses=statuses), first=1, after=None) for statuses in (BOTH, (ARCHIVED,))]
    asked, unasked = (shy.page(plan, [Listing((), ())] * len(plan.keys), now=NOW) for plan in plans)

    for found, state in ((asked, SourceState.FRESH), (unasked, SourceState.EXCLUDED)):
        (report,) = found.sources
        assert report.state is state
        assert isinstance(report.problem, UnsupportedOperation)
        assert (found.complete, found.page.total) == (False, None)


def test_who_was_not_asked_is_excluded_and_lacks_nothing() -> None:
    one = catalogue(one=[ACTIVE])
    found = one.page(one.plan(AudienceQuery(statuses=()), first=1, after=None), [], now=NOW)

    assert [report.state for report in found.sources] == [SourceState.EXCLUDED]
    assert (found.complete, found.page.total) == (True, 0)
