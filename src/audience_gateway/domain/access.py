"""Who asks, and what they may."""

from dataclasses import dataclass
from datetime import datetime

READING_SCOPES = ("audience:read", "member:read", "member:pii", "raw:read")
"""Everything that may be allowed to somebody who only reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks.

    :param provider_keys: of which providers, in the order of the configuration.
    :param key_id: the key they came with, None without one, and so are its name and its end.
    """

    scopes: tuple[str, ...]
    provider_keys: tuple[str, ...]
    key_id: str | None = None
    name: str | None = None
    expires_at: datetime | None = None
