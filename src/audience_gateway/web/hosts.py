"""Only requests meant for us: the Host header must name us, and a browser's Origin must be our own."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class HostGuard:
    """Answers 421 for a foreign Host and 403 for a foreign Origin, so that no web page can reach a local gateway.

    :param allowed: host names besides loopback, without ports.
    """

    def __init__(self, app: ASGIApp, allowed: Iterable[str]) -> None:
        self._app = app
        self._allowed = _LOOPBACK | {name.lower() for name in allowed}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 (ASGI)
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if _host_name(f"//{headers.get('host', '')}") not in self._allowed:
            await PlainTextResponse("This host name is not served here.", status_code=421)(scope, receive, send)
        elif "origin" in headers and _host_name(headers["origin"]) not in self._allowed:
            await PlainTextResponse("Requests from this origin are refused.", status_code=403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _host_name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
