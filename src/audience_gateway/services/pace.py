"""How many calls a provider still takes this minute, so that background work never crowds out what callers wait for."""

import asyncio

_MINUTE_SECONDS = 60.0
_SPARED_SHARE = 0.5


class Pace:
    """A bucket of calls, refilled evenly. Calls that somebody waits for always go; half the bucket is kept for them.

    :param calls_per_minute: what the provider allows; None when it does not say, and then there is no limit.
    """

    def __init__(self, calls_per_minute: int | None) -> None:
        self._most = calls_per_minute
        self._left = float(calls_per_minute or 0)
        self._at: float | None = None

    def spend(self) -> None:
        """Count one call."""
        if self._most is not None:
            self._refill(self._most)
            self._left = max(0.0, self._left - 1)

    @property
    def has_spare(self) -> bool:
        """Whether a call may go that can as well wait."""
        return self._seconds_until_spare() <= 0

    async def spare(self) -> None:
        """Wait until a call may go that can as well wait."""
        while True:
            seconds = self._seconds_until_spare()
            if seconds <= 0:
                return
            await asyncio.sleep(seconds)

    def _seconds_until_spare(self) -> float:
        if self._most is None:
            return 0.0
        self._refill(self._most)
        wanted = min(self._most, self._most * _SPARED_SHARE + 1)
        return max(0.0, wanted - self._left) * _MINUTE_SECONDS / self._most

    def _refill(self, most: int) -> None:
        now = asyncio.get_running_loop().time()
        if self._at is not None:
            self._left = min(float(most), self._left + (now - self._at) * most / _MINUTE_SECONDS)
        self._at = now
