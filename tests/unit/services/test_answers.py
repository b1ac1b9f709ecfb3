"""Many questions at once: each gets its own answer or its own error, and nobody outlives the deadline."""

import asyncio

import pytest

from audience_gateway.domain import errors
from audience_gateway.services.answers import answer, answer_each
from tests.virtual_time import virtual_time


def now() -> float:
    return asyncio.get_running_loop().time()


async def after(seconds: float) -> float:
    """Wait so many seconds; a negative number fails at once."""
    if seconds < 0:
        raise errors.NotFound(f"no {seconds}")
    await asyncio.sleep(seconds)
    return seconds


@virtual_time
async def test_answers_stand_in_the_order_of_the_questions_and_errors_beside_them() -> None:
    began = now()

    answers = await answer_each([3.0, -1.0, 1.0, 60.0, 2.0], after, deadline=began + 5, provider_key=lambda _: "one")

    assert [answers[0], answers[2], answers[4]] == [3.0, 1.0, 2.0]
    assert isinstance(answers[1], errors.NotFound)
    assert isinstance(answers[3], errors.DeadlineExceeded)
    assert answers[3].provider_key == "one"
    assert now() - began == pytest.approx(5.0)


@virtual_time
async def test_all_are_asked_side_by_side() -> None:
    began = now()

    await answer_each([2.0] * 50, after, deadline=began + 5, provider_key=lambda _: "one")

    assert now() - began == pytest.approx(2.0)


@virtual_time
async def test_what_is_known_at_once_is_told_even_when_time_is_up() -> None:
    async def known() -> int:
        return 7

    assert await answer(known(), deadline=now() - 1, provider_key="one") == 7


@virtual_time
async def test_a_cancelled_caller_cancels_every_question() -> None:
    cancelled = 0

    async def wait(_: int) -> None:
        nonlocal cancelled
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled += 1
            raise

    call = asyncio.create_task(answer_each(range(3), wait, deadline=now() + 100, provider_key=lambda _: "one"))
    await asyncio.sleep(1)
    call.cancel()

    with pytest.raises(asyncio.CancelledError):
        await call
    await asyncio.sleep(0)
    assert cancelled == 3


async def test_no_questions_have_no_answers() -> None:
    assert await answer_each([], after, deadline=now() + 1, provider_key=lambda _: "one") == []
