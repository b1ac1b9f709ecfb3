"""Request limits of the emulated vendors: so many requests a minute for each credential."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from audience_gateway.sandbox.clock import Clock

_WINDOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a limit said about one request.

    ``limit`` and ``remaining`` count requests in the present window; ``retry_after_seconds`` is whole seconds until
    ``resets_at``, at least 1.
    """

    allowed: bool
    limit: int
    remaining: int
    resets_at: datetime
    retry_after_seconds: int


class MinuteLimit:
    """At most ``per_minute`` requests in a fixed window of one minute, counted for each credential.

    The window of a credential opens with its first request.
    """

    def __init__(self, clock: Clock, per_minute: int) -> None:
        self._clock = clock
        self._per_minute = per_minute
        self._windows: dict[str, tuple[datetime, int]] = {}

    def take(self, credential: str) -> Verdict:
        """Count one request of ``credential`` and say whether it is allowed."""
        now = self._clock.now()
        opened, taken = self._windows.get(credential, (now, 0))
        if now - opened >= _WINDOW:
            opened, taken = now, 0
        allowed = taken < self._per_minute
        taken += allowed
        self._windows[credential] = (opened, taken)
        resets_at = opened + _WINDOW
        wait = (resets_at - now).total_seconds()
        return Verdict(
            allowed=allowed,
            limit=self._per_minute,
            remaining=self._per_minute - taken,
            resets_at=resets_at,
            retry_after_seconds=max(1, int(-(-wait // 1))),
        )
