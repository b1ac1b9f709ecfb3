"""How a provider has been doing is read off its calls, and only off those that reached it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from audience_gateway.domain import errors
from audience_gateway.domain.audience import Audience
from audience_gateway.domain.health import HealthState
from audience_gateway.services.guard import Guarded
from tests.unit.accounts import NOW, Account, Batches, SetClock, audience

FAULT = errors.UpstreamTimeout("slow", provider_key="one")


class Health:
    """A guarded account whose next outcomes a test chooses."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self._error: Exception | None = None
        self.guard = Guarded(Account("one", [audience("a")], before=self._before), self.clock)

    async def _before(self, _: str) -> None:
        if self._error is not None:
            raise self._error

    async def after(self, error: Exception | None) -> HealthState:
        """The state after one more call with this outcome, a second later."""
        self._error = error
        self.clock.moment += timedelta(seconds=1)
        try:
            await self.guard.get_audience("a")
        except errors.GatewayError:
            assert error is not None
        return self.guard.health.state


async def test_health_is_unknown_until_the_first_call() -> None:
    assert Health().guard.health.state is HealthState.UNKNOWN


async def test_health_goes_down_step_by_step_and_recovers_at_once() -> None:
    health = Health()

    states = [await health.after(error) for error in (None, FAULT, FAULT, FAULT, FAULT, FAULT, None, FAULT)]

    assert [state.value for state in states] == [
        "UP", "DEGRADED", "DEGRADED", "DEGRADED", "DEGRADED", "DOWN", "UP", "DEGRADED",
    ]  # fmt: skip
    assert health.guard.health.last_success_at == NOW + timedelta(seconds=7)
    assert health.guard.health.problem is FAULT


async def test_whoever_never_worked_is_down_at_the_first_failure() -> None:
    health = Health()

    assert await health.after(FAULT) is HealthState.DOWN
    assert await health.after(None) is HealthState.UP
    assert health.guard.health.problem is None


async def test_a_refused_key_is_down_at_once_and_up_when_it_works_again() -> None:
    health = Health()

    states = [await health.after(error) for error in (None, errors.UpstreamAuth("no"), None)]

    assert [state.value for state in states] == ["UP", "DOWN", "UP"]


@pytest.mark.parametrize("error", [errors.NotFound("no"), errors.UpstreamRejected("no")])
async def test_a_refusal_proves_that_the_provider_is_up(error: errors.GatewayError) -> None:
    health = Health()

    states = [await health.after(outcome) for outcome in (FAULT, error)]

    assert [state.value for state in states] == ["DOWN", "UP"]


@pytest.mark.parametrize("error", [errors.BadCursor("no"), errors.BadInput("no"), errors.UnsupportedOperation("no")])
async def test_a_request_that_never_left_proves_nothing(error: errors.GatewayError) -> None:
    health = Health()

    assert await health.after(error) is HealthState.UNKNOWN
    assert await health.after(FAULT) is HealthState.DOWN
    assert await health.after(error) is HealthState.DOWN


@pytest.mark.parametrize("error", [errors.StoreBusy("locked"), ValueError("bug")])
async def test_a_locked_store_and_a_bug_are_failures_too(error: Exception) -> None:
    health = Health()

    states = [await health.after(outcome) for outcome in (None, error)]

    assert [state.value for state in states] == ["UP", "DEGRADED"]


async def test_a_wait_that_was_asked_for_is_remembered_as_a_moment() -> None:
    health = Health()

    await health.after(errors.UpstreamRateLimited("slower", retry_after_seconds=30.0))

    assert health.guard.health.retry_at == NOW + timedelta(seconds=31)
    await health.after(None)
    assert health.guard.health.retry_at is None


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ([audience("a"), FAULT], "UP"),
        ([FAULT, FAULT], "DOWN"),
        ([errors.NotFound("no"), FAULT], "UP"),
        ([errors.NotFound("no"), errors.NotFound("no")], "UP"),
    ],
)
async def test_a_batch_is_a_failure_only_when_nothing_came_through(
    answers: Sequence[Audience | errors.GatewayError], state: str
) -> None:
    guard = Guarded(Batches(answers), SetClock())

    await guard.get_audiences(["a", "b"])

    assert guard.health.state.value == state
