"""The one way out over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """One request out. ``url`` is complete and encoded; sizes are bytes, the deadline is seconds from now in all."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None
    deadline_seconds: float = 2.0
    wire_limit: int = 5 * 2**20
    body_limit: int = 10 * 2**20


@dataclass(frozen=True, slots=True)
class HttpReply:
    """One whole reply: ``headers`` by lower-case name (the last wins), ``body`` unpacked and complete."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpTransport(Protocol):
    """The one way out over HTTP: follows no redirects, keeps no cookies, reads no proxy settings.

    Raises the errors of ``upstream.transport`` only.
    """

    async def send(self, request: HttpRequest) -> HttpReply:
        """Send ``request`` and read the whole reply within its deadline and limits."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
