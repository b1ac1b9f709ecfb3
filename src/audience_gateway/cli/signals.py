"""What being told to end means for a piece of work: unlike a server's, it is broken off and so has failed."""

import signal
from types import FrameType


def break_off_when_told() -> None:
    """From now on, take SIGTERM as Ctrl-C: everything is rolled back, and the program ends with 130."""
    signal.signal(signal.SIGTERM, _break_off)


def _break_off(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
