"""Every planted lie is noticed by the promise it breaks: the same promise that the honest provider keeps."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from audience_gateway.domain.errors import ProviderFault
from audience_gateway.ports import Provider
from tests.contract.dialects import backdrop_of
from tests.contract.faults import BROKEN, fails_as_it_should
from tests.contract.harness import Harness, small_world
from tests.contract.liars import pages, values
from tests.contract.liars.relay import Relay
from tests.contract.promises import LISTS, OF_EVERY_LIST, PROMISES
from tests.virtual_time import virtual_time


@dataclass(frozen=True, slots=True)
class Lie:
    """A liar, the good provider it is made from, and the promises that must notice."""

    liar: Callable[[Provider], Relay]
    backdrop: str
    noticed_by: tuple[str, ...]


LIES = (
    Lie(values.ClaimsMembersItHasNot, "trackly-sandbox", ("does_what_it_claims", "lists_members_truly")),
    Lie(values.ClaimsABatchItHasNot, "oliai-sandbox", ("does_what_it_claims", "gets_many_as_it_gets_one")),
    Lie(values.DoesWhatItDoesNotClaim, "oliai-sandbox", ("refuses_what_it_does_not_claim",)),
    Lie(values.AsksBeforeItRefuses, "oliai-sandbox", ("refuses_what_it_does_not_claim",)),
    Lie(values.EmulatesWithoutSayingThePrice, "commbox-sandbox", ("says_who_it_is",)),
    Lie(values.KeepsNothingBack, "fanfare-sandbox", ("restricts_what_does_not_work",)),
    Lie(values.KeepsSizesOfItsOwnBack, "commbox-sandbox", ("restricts_what_does_not_work",)),
    Lie(values.ListsActiveOnesAsArchived, "trackly-sandbox", ("lists_audiences_truly",)),
    Lie(values.PutsItsDialectForItsKey, "trackly-sandbox", ("lists_audiences_truly",)),
    Lie(values.LeavesItsKeyOffErrors, "commbox-sandbox", ("knows_no_unknown_audience",)),
    Lie(values.RaisesPlainExceptions, "fanfare-sandbox", ("knows_no_unknown_audience",)),
    Lie(values.GetsAnotherName, "oliai-sandbox", ("gets_every_audience", "gets_what_it_lists")),
    Lie(values.GetsNoArchivedOnes, "fanfare-sandbox", ("gets_every_audience",)),
    Lie(values.ForgetsImports, "fanfare-sandbox", ("tells_true_imports",)),
    Lie(values.ForgetsImports, "trackly-sandbox", ("tells_true_imports",)),
    Lie(values.CountsOneMore, "fanfare-sandbox", ("knows_true_sizes",)),
    Lie(values.CountsOneMore, "commbox-sandbox", ("knows_true_sizes", "sizes_audiences_as_it_reads_sizes")),
    Lie(values.CarriesAnotherSize, "oliai-sandbox", ("sizes_audiences_as_it_reads_sizes", "gets_every_audience")),
    Lie(values.SizesWhatIsNotThere, "fanfare-sandbox", ("sizes_no_unknown_audience",)),
    Lie(values.AnswersABatchInItsOwnOrder, "commbox-sandbox", ("gets_many_as_it_gets_one",)),
    Lie(values.LeavesTheMissingOutOfABatch, "commbox-sandbox", ("gets_many_as_it_gets_one",)),
    Lie(values.FailsABatchForOne, "commbox-sandbox", ("gets_many_as_it_gets_one",)),
    Lie(values.AnswersMembersInItsOwnOrder, "local-sqlite", ("lists_members_of_many_as_of_one",)),
    Lie(values.IgnoresSearches, "oliai-sandbox", ("list_of_found_members_has_every_row_once",)),
    Lie(values.SearchesWithCase, "fanfare-sandbox", ("list_of_found_members_has_every_row_once",)),
    Lie(values.ConfusesTwoFacts, "oliai-sandbox", ("lists_members_truly",)),
    Lie(values.GetsPeopleInPart, "oliai-sandbox", ("gets_everybody",)),
    Lie(values.TakesWhomASearchFinds, "oliai-sandbox", ("tells_who_is_in_an_audience",)),
    Lie(values.TakesWhomASearchFinds, "fanfare-sandbox", ("tells_who_is_in_an_audience",)),
    Lie(values.ReadsTheFirstPageOnly, "fanfare-sandbox", ("tells_who_is_in_an_audience",)),
    Lie(values.SaysNoOfWhatIsNotThere, "local-sqlite", ("tells_of_no_unknown_audience",)),
    Lie(values.OffersMembersAsCandidates, "oliai-sandbox", ("lists_candidates_truly",)),
    Lie(values.TurnsLaddersRound, "fanfare-sandbox", ("knows_groups",)),
    Lie(values.PutsEverybodyEverywhere, "fanfare-sandbox", ("lists_group_members_truly",)),
    Lie(values.IgnoresTheAudienceOfAGroup, "fanfare-sandbox", ("list_of_group_members_has_every_row_once",)),
    Lie(values.IsAlwaysDone, "fanfare-sandbox", ("knows_true_materializations",)),
    Lie(values.ForgetsASourceList, "trackly-sandbox", ("lists_true_source_lists",)),
    Lie(pages.SkipsARowPerPage, "oliai-sandbox", ("list_of_members_has_every_row_once",)),
    Lie(pages.SkipsARowPerPage, "fanfare-sandbox", ("list_of_group_members_has_every_row_once",)),
    Lie(pages.RepeatsARow, "trackly-sandbox", ("list_of_audiences_has_every_row_once",)),
    Lie(pages.SwapsTwoRowsInLargePages, "commbox-sandbox", ("list_of_audiences_has_every_row_once",)),
    Lie(pages.LosesALastSingleRow, "oliai-sandbox", ("list_of_candidates_has_every_row_once",)),
    Lie(pages.IgnoresHowManyAreWanted, "trackly-sandbox", ("list_of_audiences_has_full_pages",)),
    Lie(pages.SendsShortPages, "oliai-sandbox", ("list_of_members_has_full_pages",)),
    Lie(pages.EndsEarly, "fanfare-sandbox", ("list_of_members_has_every_row_once", "list_of_members_has_full_pages")),
    Lie(pages.NeverEnds, "fanfare-sandbox", ("list_of_members_says_where_it_ends", "list_of_members_has_full_pages")),
    Lie(pages.DoesNotSayWhereItEnds, "trackly-sandbox", ("list_of_audiences_says_where_it_ends",)),
    Lie(pages.CountsWrong, "oliai-sandbox", ("list_of_candidates_has_full_pages",)),
    Lie(pages.HasOneCursorAPage, "fanfare-sandbox", ("list_of_audiences_resumes_at_every_cursor",)),
    Lie(pages.StartsAgainOnForeignCursors, "oliai-sandbox", ("list_of_members_refuses_foreign_cursors",)),
    Lie(pages.StartsAgainOnForeignCursors, "commbox-sandbox", ("list_of_audiences_refuses_foreign_cursors",)),
    Lie(pages.GoesOnBehindRowsOfOtherLists, "trackly-sandbox", ("refuses_cursors_of_other_lists",)),
    Lie(pages.GoesOnBehindRowsOfOtherLists, "fanfare-sandbox", ("refuses_cursors_of_other_lists",)),
    Lie(pages.ChokesOnForeignCursors, "fanfare-sandbox", ("list_of_group_members_refuses_foreign_cursors",)),
    Lie(pages.FindsNobodyInsteadOfNothing, "oliai-sandbox", ("lists_members_of_no_unknown_audience",)),
    Lie(
        pages.FindsNobodyInsteadOfNothing, "fanfare-sandbox", ("searches_no_unknown_audience", "knows_no_unknown_group")
    ),
)
FAULT_LIES = (
    (pages.FindsNobodyWhenItFails, "oliai-sandbox"),
    (values.CallsEveryFaultInternal, "trackly-sandbox"),
)
_PROMISES = {promise.name: promise for promise in PROMISES}
_NOTICED = (Exception, pytest.fail.Exception)


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: f"{lie.liar.__name__}-{lie.backdrop}")
async def test_every_lie_is_noticed(lie: Lie) -> None:
    async with backdrop_of(lie.backdrop).open(small_world()) as harness:
        for promise in map(_PROMISES.__getitem__, lie.noticed_by):
            if promise.binds(harness.provider.capabilities):
                await promise.keep(_told_by(Relay, harness))
            with pytest.raises(_NOTICED):
                await promise.keep(_told_by(lie.liar, harness))


@pytest.mark.parametrize(("liar", "backdrop"), FAULT_LIES)
@virtual_time
async def test_lies_about_faults_are_noticed(liar: type[Relay], backdrop: str) -> None:
    async with backdrop_of(backdrop).open(small_world()) as harness:
        for broken in BROKEN:
            await fails_as_it_should(_told_by(Relay, harness), broken)
            if issubclass(broken.error, ProviderFault):
                with pytest.raises(_NOTICED):
                    await fails_as_it_should(_told_by(liar, harness), broken)


def test_every_promise_has_a_lie_that_it_notices() -> None:
    """Of the promises of lists, each notices something in some list, and something is noticed in each list.

    One is left out: the guard keeps it, whatever the provider does.
    """
    noticed = {name for lie in LIES for name in lie.noticed_by}
    of_lists = {name for name in _PROMISES if name.startswith("list_of_")}
    lists = {name for name, _, _ in LISTS}

    assert set(_PROMISES) - of_lists - {"lists_no_status_it_does_not_claim"} == noticed - of_lists
    assert all(any(name.endswith(each.__name__) for name in noticed) for each in OF_EVERY_LIST)
    assert all(any(name.startswith(f"list_of_{each}") for name in noticed) for each in lists)


def _told_by(liar: Callable[[Provider], Relay], harness: Harness) -> Harness:
    return replace(harness, provider=liar(harness.provider))
