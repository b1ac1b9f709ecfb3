"""Only requests meant for us: the Host header must name us, and a browser's Origin must be our own."""

import re
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from audience_gateway.domain.loopback import is_loopback

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*:)?//(\[(?P<six>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(:[0-9]{1,5})?")


class HostGuard:
    """Answers 421 for a foreign Host and 403 for a foreign Origin, so that no web page can reach a local gateway.

    :param allowed: host names besides loopback, without ports.
    """

    def __init__(self, app: ASGIApp, allowed: Iterable[str]) -> None:
        self._app = app
        self._allowed = frozenset(name.lower() for name in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 (ASGI)
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or not self._is_ours(_host_name(f"//{hosts[0]}")):
            await _refuse(421, "This host name is not served here.", scope, receive, send)
        elif not all(self._is_ours(_host_name(origin)) for origin in origins):
            await _refuse(403, "Requests from this origin are refused.", scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_ours(self, name: str | None) -> bool:
        return name is not None and (is_loopback(name) or name in self._allowed)


async def _refuse(status: int, text: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await WebSocketClose()(scope, receive, send)
    else:
        await PlainTextResponse(text, status_code=status)(scope, receive, send)


def _host_name(address: str) -> str | None:
    """The name in ``//name:port`` or in an origin; None for an address with anything else in it."""
    found = _ADDRESS.fullmatch(address.lower())
    return (found["six"] or found["name"]) if found else None
