"""The time of day."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time of day. Durations and deadlines are the event loop's own; tests rule them by a virtual loop."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...
