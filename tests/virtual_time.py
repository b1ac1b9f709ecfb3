"""An event loop whose clock jumps: nobody waits, and ten minutes of patience pass in a millisecond.

::

    @virtual_time
    async def test_gives_up_after_ten_seconds() -> None: ...

Only for what happens inside the process: a socket's bytes take real time, of which this loop knows nothing.
"""

import asyncio
import functools
import selectors
from asyncio import AbstractEventLoop, Future
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")
_START = 1_000.0


class Stuck(Exception):
    """Nothing will ever happen again: everyone waits and no timer is set."""


class _JumpingSelector(selectors.DefaultSelector):
    """Lets the time that it would have slept pass at once."""

    def __init__(self) -> None:
        super().__init__()
        self.now = _START

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready:
            return ready
        if timeout is None:
            raise Stuck
        self.now += max(0.0, timeout)
        return []


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Jumps to the next timer when nothing is ready; threads are run in place, so that no timer overtakes them."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now

    def run_in_executor(  # type: ignore[override]  # typeshed spells the arguments with a type variable tuple
        self, executor: Executor | None, func: Callable[..., _Result], *args: Any
    ) -> "Future[_Result]":
        assert executor is None
        future: Future[_Result] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 (it is raised where the future is awaited)
            future.set_exception(error)
        return future


class LoopClock:
    """A time of day that follows the running loop's, so that calendars and timers agree.

    :param start: an aware moment; the time of day at the first answer.
    """

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._began: float | None = None

    def now(self) -> datetime:
        """The present moment, aware, in the zone of ``start``."""
        time = asyncio.get_running_loop().time()
        self._began = time if self._began is None else self._began
        return self._start + timedelta(seconds=time - self._began)


def virtual_time(
    test: Callable[_Arguments, Coroutine[Any, Any, _Result]],
) -> Callable[_Arguments, _Result]:
    """Run an async test on a :class:`VirtualTimeLoop` of its own."""

    @functools.wraps(test)
    def run(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
        return run_virtually(test(*args, **kwargs))

    return run


def run_virtually(main: Coroutine[Any, Any, _Result]) -> _Result:
    """What ``main`` returns, on a :class:`VirtualTimeLoop` of its own."""
    with asyncio.Runner(loop_factory=_loop) as runner:
        return runner.run(main)


def _loop() -> AbstractEventLoop:
    return VirtualTimeLoop()
