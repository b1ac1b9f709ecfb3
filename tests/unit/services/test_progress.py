"""Failed work of a provider's is told as an error; its own words go along, never as ours."""

from dataclasses import replace

from audience_gateway.domain.audience import ImportRun, JobState, Materialization, SyncSource
from audience_gateway.domain.errors import ErrorCode
from audience_gateway.services.progress import import_problem, materialization_problem, sync_problem
from tests.unit.accounts import audience

AUDIENCE = audience("a")
RUN = ImportRun(native_id="i1", state=JobState.FAILED, total=0, processed=0, errors=1)


def test_a_failed_materialization_is_a_fault_of_the_provider_without_its_words() -> None:
    problem = materialization_problem(AUDIENCE, Materialization(state=JobState.FAILED, problem="Took too long"))

    assert problem is not None
    assert (problem.code, problem.provider_key) == (ErrorCode.UPSTREAM_UNAVAILABLE, "one")
    assert problem.upstream_code is None
    assert "Took too long" not in problem.message


def test_a_failure_without_words_is_still_a_problem() -> None:
    assert materialization_problem(AUDIENCE, Materialization(state=JobState.FAILED)) is not None


def test_an_earlier_failure_is_told_while_the_next_run_is_under_way() -> None:
    problem = materialization_problem(AUDIENCE, Materialization(state=JobState.RUNNING, problem="Took too long"))

    assert problem is not None
    assert problem.upstream_code is None


def test_what_has_not_failed_has_no_problem() -> None:
    for state in set(JobState) - {JobState.FAILED}:
        assert materialization_problem(AUDIENCE, Materialization(state=state)) is None
        assert sync_problem(AUDIENCE, SyncSource(vendor="lists", external_id="1", state=state)) is None
        assert import_problem(AUDIENCE, replace(RUN, state=state)) is None


def test_a_failed_synchronisation_names_the_vendor() -> None:
    problem = sync_problem(AUDIENCE, SyncSource(vendor="lists", external_id="1", state=JobState.FAILED))

    assert problem is not None
    assert problem.message == "one could not fetch audience a from lists."


def test_a_failed_import_names_itself_and_its_audience() -> None:
    problem = import_problem(AUDIENCE, RUN)

    assert problem is not None
    assert problem.message == "one could not carry out import i1 into audience a."
    assert problem.provider_key == "one"
