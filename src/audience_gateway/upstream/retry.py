"""How often a failed read may be tried again: a budget over all calls, so that retries never double a storm."""

_SHARE = 0.2
_PER_SECOND = 2.0
_CEILING = 20.0


class RetryBudget:
    """Two retries a second, and one more for every five calls, saved up to twenty.

    :param now: the event loop's time in seconds when the budget is opened.
    """

    def __init__(self, now: float) -> None:
        self._tokens = _PER_SECOND
        self._at = now

    def earn(self) -> None:
        """Count one call."""
        self._tokens = min(_CEILING, self._tokens + _SHARE)

    def spend(self, now: float) -> bool:
        """Take one retry at ``now`` seconds; False when the budget is empty."""
        self._tokens = min(_CEILING, self._tokens + max(0.0, now - self._at) * _PER_SECOND)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
