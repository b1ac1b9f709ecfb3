"""No caller of a batch hangs, is poisoned by another, or goes without an answer of its own."""

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import cast

import pytest

from audience_gateway.domain.errors import DeadlineExceeded, GatewayError, InternalError, NotFound, UpstreamTimeout
from audience_gateway.graphql.batching import Batch
from tests.virtual_time import virtual_time

Answers = Sequence["str | GatewayError"]
Answer = Callable[[Sequence[str]], Awaitable[Answers]]


class Upper:
    """Answers keys with themselves in capitals, and remembers its batches; waits and fails as told."""

    def __init__(self, seconds: float = 0, error: BaseException | None = None) -> None:
        self.batches: list[list[str]] = []
        self._seconds = seconds
        self._error = error

    async def __call__(self, keys: Sequence[str]) -> Answers:
        self.batches.append(list(keys))
        if self._seconds:
            await asyncio.sleep(self._seconds)
        if self._error is not None:
            raise self._error
        return [NotFound(f"no {key}") if key.startswith("x") else key.upper() for key in keys]


def batch(answer: Answer, seconds: float = 10) -> Batch[str, str]:
    return Batch(answer, deadline=asyncio.get_running_loop().time() + seconds)


async def test_keys_of_one_turn_are_one_call_and_equal_keys_one_key() -> None:
    upper = Upper()
    loader = batch(upper)

    values = await asyncio.gather(*(loader.load(key) for key in "abacb"))

    assert values == ["A", "B", "A", "C", "B"]
    assert upper.batches == [["a", "b", "c"]]


async def test_what_was_answered_is_not_asked_again() -> None:
    upper = Upper()
    loader = batch(upper)

    await loader.load("a")
    await loader.load_each(["a", "b"])

    assert upper.batches == [["a"], ["b"]]


async def test_an_error_among_the_answers_is_raised_for_its_key_alone_and_remembered() -> None:
    upper = Upper()
    loader = batch(upper)

    answers = await asyncio.gather(*(loader.load(key) for key in ("a", "x1", "b", "x1")), return_exceptions=True)
    with pytest.raises(NotFound):
        await loader.load("x1")

    assert [type(answer) for answer in answers] == [str, NotFound, str, NotFound]
    assert len(upper.batches) == 1


async def test_each_key_gets_a_value_or_an_error_in_order() -> None:
    answers = await batch(Upper()).load_each(["x1", "a", "x2", "a"])

    assert [type(answer) for answer in answers] == [NotFound, str, NotFound, str]
    assert await batch(Upper()).load_each([]) == []


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (UpstreamTimeout("slow"), UpstreamTimeout),
        (ValueError("canary"), InternalError),
        (TimeoutError(), DeadlineExceeded),
        (asyncio.CancelledError(), InternalError),
        (ExceptionGroup("several", [ValueError("canary")]), InternalError),
    ],
)
@virtual_time
async def test_a_batch_that_fails_in_any_way_answers_everyone(error: BaseException, kind: type[GatewayError]) -> None:
    """A batch cancelled from within would leave every caller waiting for ever."""
    loader = batch(Upper(1, error))

    answers = await loader.load_each(["a", "b", "c"])

    assert [type(answer) for answer in answers] == [kind] * 3
    assert "canary" not in str(answers)


@virtual_time
async def test_a_failure_is_remembered_so_that_a_failing_provider_is_asked_once() -> None:
    upper = Upper(1, UpstreamTimeout("slow"))
    loader = batch(upper)

    for _ in range(3):
        with pytest.raises(UpstreamTimeout):
            await loader.load("a")

    assert upper.batches == [["a"]]


@virtual_time
async def test_a_cancelled_caller_does_not_spoil_the_key_for_the_next() -> None:
    upper = Upper(1)
    loader = batch(upper)
    first = asyncio.create_task(loader.load("a"))
    await asyncio.sleep(0.5)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first

    assert await loader.load("a") == "A"
    assert upper.batches == [["a"]]


@virtual_time
async def test_a_caller_cancelled_before_its_batch_began_spoils_nobody() -> None:
    loader = batch(Upper(1))
    first, second = asyncio.create_task(loader.load("a")), asyncio.create_task(loader.load("b"))
    await asyncio.sleep(0)
    first.cancel()

    assert await second == "B"
    assert await loader.load("a") == "A"


@virtual_time
async def test_one_callers_timeout_is_not_the_others() -> None:
    loader = batch(Upper(2))

    patient = asyncio.create_task(loader.load("a"))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(loader.load("a"), 1)

    assert await patient == "A"


@virtual_time
async def test_an_answer_that_takes_too_long_is_cut_off_for_everyone() -> None:
    now = asyncio.get_running_loop().time
    began = now()

    answers = await batch(Upper(3_600), seconds=5).load_each(["a", "b"])

    assert [type(answer) for answer in answers] == [DeadlineExceeded] * 2
    assert 5 <= now() - began <= 5.25


@virtual_time
async def test_an_answer_that_keeps_its_own_deadline_is_not_cut_off() -> None:
    assert await batch(Upper(5), seconds=5).load("a") == "A"


@pytest.mark.parametrize(
    "wrong",
    [{"a": "A", "b": "B"}, ["A"], ["A", "B", "C"], [], "AB", None, ("x" for _ in range(2))],
    ids=["mapping", "too few", "too many", "none", "text", "nothing", "generator"],
)
async def test_an_answer_of_another_shape_is_an_error_for_every_key(
    wrong: object, caplog: pytest.LogCaptureFixture
) -> None:
    """A mapping would pass for the list of its keys."""

    async def answer(_: Sequence[str]) -> Answers:
        return cast("Answers", wrong)

    with caplog.at_level(logging.ERROR):
        answers = await batch(answer).load_each(["a", "b"])

    assert [type(each) for each in answers] == [InternalError] * 2
    assert "a batch of 2 keys" in caplog.text


async def test_a_bug_in_an_answer_is_logged_once_with_its_place_and_not_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        await batch(Upper(0, ZeroDivisionError("here"))).load_each(["a", "b"])

    assert caplog.text.count("ZeroDivisionError at ") == 1
    assert "here" not in caplog.text


async def test_an_abandoned_batch_stops_and_leaves_nobody_waiting() -> None:
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def answer(_: Sequence[str]) -> Answers:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        return []

    waiting = batch(answer)
    call = asyncio.ensure_future(waiting.load("a"))
    await begun.wait()
    waiting.abandon()

    with pytest.raises(InternalError):
        await call
    assert stopped.is_set()


async def test_an_exception_of_another_kind_among_the_answers_reaches_its_caller() -> None:
    async def answer(keys: Sequence[str]) -> Answers:
        return cast("Answers", [ValueError(key) for key in keys])

    loader = batch(answer)

    with pytest.raises(ValueError, match="a"):
        await loader.load("a")
    with pytest.raises(ValueError, match="b"):
        await loader.load_each(["b"])


@virtual_time
async def test_an_error_that_nobody_waits_for_any_more_is_no_noise() -> None:
    noise: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: noise.append(context))
    loader = batch(Upper(1, UpstreamTimeout("slow")))
    call = asyncio.create_task(loader.load("a"))
    await asyncio.sleep(0.5)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    await asyncio.sleep(5)
    del loader, call

    assert noise == []


async def test_what_an_operation_knows_is_bound_before_and_not_read_from_whoever_asks_first() -> None:
    """A batch runs in its first caller's context; so nothing in it may depend on context."""
    who = contextvars.ContextVar("who", default="nobody")
    seen: list[str] = []

    async def answer(keys: Sequence[str]) -> Answers:
        seen.append(who.get())
        return list(keys)

    loader = batch(answer)

    async def ask(name: str) -> str:
        who.set(name)
        return await loader.load(name)

    assert await asyncio.gather(*map(ask, ["ann", "bob"])) == ["ann", "bob"]
    assert seen == ["ann"]


@virtual_time
async def test_keys_asked_for_while_a_batch_runs_make_a_batch_of_their_own() -> None:
    upper = Upper(1)
    loader = batch(upper)
    first = asyncio.create_task(loader.load("a"))
    await asyncio.sleep(0.5)

    assert await asyncio.gather(*(loader.load(key) for key in "ba")) == ["B", "A"]
    assert await first == "A"
    assert upper.batches == [["a"], ["b"]]


async def test_a_batch_that_had_not_begun_when_it_was_abandoned_never_does() -> None:
    upper = Upper()
    waiting = batch(upper)
    call = asyncio.ensure_future(waiting.load("a"))
    await asyncio.sleep(0)
    waiting.abandon()

    with pytest.raises(InternalError):
        await call
    assert upper.batches == []
