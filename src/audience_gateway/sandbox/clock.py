"""Where the sandbox takes its time from."""

import time
from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time; every stamp, rate window and relative filter of the sandbox asks it."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class RunningClock:
    """Time that starts at a chosen moment and runs at the machine's pace, so that seeded histories stay recent.

    :param start: an aware moment; the first answer of :meth:`now`.
    """

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._began = time.monotonic()

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return self._start + timedelta(seconds=time.monotonic() - self._began)


class ManualClock:
    """Time that moves only when told to, for repeatable tests.

    :param start: an aware moment; the first answer of :meth:`now`.
    """

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move time forward by ``seconds``."""
        self._now += timedelta(seconds=seconds)
