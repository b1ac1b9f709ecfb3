"""The API keys that the emulated CommBox knows; all invented."""

_LENGTH = 40

API_KEY = "cbx-sandbox-current-".ljust(_LENGTH, "0")
"""The key in use."""

PREVIOUS_KEY = "cbx-sandbox-previous-".ljust(_LENGTH, "0")
"""The key before the last rotation, still accepted in its days of grace."""

EXPIRED_KEY = "cbx-sandbox-expired-".ljust(_LENGTH, "0")
"""A key whose days of grace are over; answered 401 like any unknown one."""

ACCEPTED_KEYS = frozenset({API_KEY, PREVIOUS_KEY})
"""Every key that opens the account."""
