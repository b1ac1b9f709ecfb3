"""The API keys that the emulated Trackly knows; all invented."""

_BODY_LENGTH = 32

API_KEY = "trk_" + "sandbox".ljust(_BODY_LENGTH, "0")
"""The key of the account that holds the seeded data."""

SUSPENDED_KEY = "trk_" + "suspended".ljust(_BODY_LENGTH, "0")
"""The key of a suspended account: every request is answered 403, without a code."""
