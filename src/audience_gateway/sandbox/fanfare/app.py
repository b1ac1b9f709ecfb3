"""Fanfare as a Starlette app: limits first, then keys, then operations (Fanfare contract, Base; Errors)."""

import math
from datetime import timedelta

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from audience_gateway.sandbox.clock import Clock
from audience_gateway.sandbox.fanfare.errors import RefusalError, envelope, refused, unrouted
from audience_gateway.sandbox.fanfare.group_routes import GroupOperations
from audience_gateway.sandbox.fanfare.keys import ORGANIZATIONS, PUBLISHABLE_PREFIX, RESTRICTED_KEY
from audience_gateway.sandbox.fanfare.routes import AudienceOperations
from audience_gateway.sandbox.fanfare.state import State
from audience_gateway.sandbox.limits import MinuteLimit, Verdict

_PER_MINUTE = 1_000
_NOBODY = "requests without an organisation"


def create_app(state: State, *, clock: Clock, limits: bool = True) -> Starlette:
    """Fanfare's Admin API over ``state``, with paths from ``/api/v1``.

    :param limits: False lets any number of requests through; the headers then tell an unused limit.
    """
    app = Starlette(
        routes=[*GroupOperations(state).routes(), *AudienceOperations(state).routes()],
        middleware=[Middleware(_Door, clock=clock, limits=limits)],
        exception_handlers={RefusalError: refused, HTTPException: unrouted},
    )
    app.router.redirect_slashes = False
    return app


class _Door:
    """Tells the limit on every reply and lets requests with a secret key through."""

    def __init__(self, app: ASGIApp, clock: Clock, *, limits: bool) -> None:
        self._app = app
        self._clock = clock
        self._limit = MinuteLimit(clock, _PER_MINUTE) if limits else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        key = _bearer(Headers(scope=scope).get("authorization", ""))
        verdict = self._verdict(ORGANIZATIONS.get(key, _NOBODY))

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                _tell(verdict, MutableHeaders(scope=message))
            await send(message)

        refusal = None if verdict.allowed else _too_many(verdict)
        await (refusal or _refusal(key) or self._app)(scope, receive, telling)

    def _verdict(self, credential: str) -> Verdict:
        if self._limit is not None:
            return self._limit.take(credential)
        resets_at = self._clock.now() + timedelta(minutes=1)
        return Verdict(
            allowed=True, limit=_PER_MINUTE, remaining=_PER_MINUTE, resets_at=resets_at, retry_after_seconds=60
        )


def _tell(verdict: Verdict, headers: MutableHeaders) -> None:
    headers["X-RateLimit-Limit"] = str(verdict.limit)
    headers["X-RateLimit-Remaining"] = str(verdict.remaining)
    headers["X-RateLimit-Reset"] = str(math.ceil(verdict.resets_at.timestamp()))


def _too_many(verdict: Verdict) -> JSONResponse:
    body = {"error": "Rate limit exceeded", "retryAfter": verdict.retry_after_seconds}
    return JSONResponse(body, status_code=429, headers={"Retry-After": str(verdict.retry_after_seconds)})


def _bearer(authorization: str) -> str:
    """The key in an ``Authorization`` header, empty when there is none."""
    scheme, _, key = authorization.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _refusal(key: str) -> JSONResponse | None:
    """Why ``key`` opens nothing, or None when it does."""
    if key.startswith(PUBLISHABLE_PREFIX):
        return envelope(RefusalError(401, "Secret key required"))
    if key not in ORGANIZATIONS:
        return envelope(RefusalError(401, "Authentication required"))
    if key == RESTRICTED_KEY:
        return envelope(RefusalError(403, "Insufficient permissions"))
    return None
