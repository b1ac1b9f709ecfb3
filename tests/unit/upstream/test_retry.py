"""The retry budget, by itself: two a second, one for every five calls, saved up to twenty."""

from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.upstream.retry import RetryBudget


def spend_all(budget: RetryBudget, now: float) -> int:
    count = 0
    while budget.spend(now):
        count += 1
    return count


def test_two_retries_are_there_from_the_start() -> None:
    assert spend_all(RetryBudget(100.0), 100.0) == 2


def test_five_calls_earn_one_retry() -> None:
    budget = RetryBudget(0.0)
    spend_all(budget, 0.0)

    earned = []
    for _ in range(10):
        budget.earn()
        earned.append(spend_all(budget, 0.0))

    assert sum(earned) == 2


def test_two_retries_come_back_every_second() -> None:
    budget = RetryBudget(0.0)
    spend_all(budget, 0.0)

    assert spend_all(budget, 3.0) == 6


def test_no_more_than_twenty_are_saved_up() -> None:
    budget = RetryBudget(0.0)
    for _ in range(10_000):
        budget.earn()

    assert spend_all(budget, 1_000_000.0) == 20


def test_a_clock_that_steps_back_gives_nothing() -> None:
    budget = RetryBudget(100.0)
    spend_all(budget, 100.0)

    assert spend_all(budget, 50.0) == 0


@given(st.lists(st.tuples(st.sampled_from(["call", "spend"]), st.floats(0, 5)), max_size=200))
def test_no_pattern_of_calls_gets_more_than_its_share(steps: list[tuple[str, float]]) -> None:
    budget, now, calls, retries = RetryBudget(0.0), 0.0, 0, 0
    for step, pause in steps:
        now += pause
        if step == "call":
            calls += 1
            budget.earn()
        else:
            retries += budget.spend(now)

    assert retries <= 2 + 0.2 * calls + 2 * now + 1e-6
