"""OliAI as a Starlette app: keys first, then limits, then operations (OliAI contract, Base; Errors)."""

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from audience_gateway.sandbox.clock import Clock
from audience_gateway.sandbox.limits import MinuteLimit
from audience_gateway.sandbox.oliai.errors import RefusalError, envelope, refused, unrouted
from audience_gateway.sandbox.oliai.keys import CREDENTIALS, Standing
from audience_gateway.sandbox.oliai.routes import Operations
from audience_gateway.sandbox.oliai.state import State

_PER_MINUTE = 60


def create_app(state: State, *, clock: Clock, limits: bool = True) -> Starlette:
    """OliAI's API over ``state``, with paths from ``/v1``.

    :param limits: False lets any number of requests through.
    """
    app = Starlette(
        routes=Operations(state).routes(),
        middleware=[Middleware(_Door, limit=MinuteLimit(clock, _PER_MINUTE) if limits else None)],
        exception_handlers={RefusalError: refused, HTTPException: unrouted},
    )
    app.router.redirect_slashes = False
    return app


class _Door:
    """Lets requests with a good key through, at most so many a minute for each key."""

    def __init__(self, app: ASGIApp, limit: MinuteLimit | None) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        key = Headers(scope=scope).get("x-api-key", "").strip()
        refusal = _refusal(key) or self._over_limit(key)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        scope.setdefault("state", {})["organization"] = CREDENTIALS[key].organization
        await self._app(scope, receive, send)

    def _over_limit(self, key: str) -> JSONResponse | None:
        verdict = self._limit.take(key) if self._limit else None
        if verdict is None or verdict.allowed:
            return None
        retry_after = {"Retry-After": str(verdict.retry_after_seconds)}
        return envelope(429, "Rate limit exceeded", retry_after)


def _refusal(key: str) -> JSONResponse | None:
    """Why ``key`` opens nothing, or None when it does."""
    if not key:
        return envelope(401, "API key is required")
    credential = CREDENTIALS.get(key)
    if credential is None:
        return envelope(401, "Invalid API key")
    match credential.standing:
        case Standing.REVOKED:
            return envelope(401, "API key has been revoked")
        case Standing.EXPIRED:
            return envelope(401, "API key has expired")
        case Standing.RESTRICTED:
            return envelope(403, "Insufficient permissions")
        case Standing.ACTIVE:
            return None
