"""What stands in front of CommBox's routes: the token, the throttle, and paths matched without letter case."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from audience_gateway.sandbox.commbox.envelopes import Envelopes, RequestError
from audience_gateway.sandbox.commbox.keys import ACCEPTED_KEYS
from audience_gateway.sandbox.limits import MinuteLimit


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets requests through that carry a good token and are within its throttle.

    :param limit: counted for each token; None switches the throttle off.
    """

    app: ASGIApp
    envelopes: Envelopes
    limit: MinuteLimit | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the application, or hand on to it."""
        refusal = self._refusal(Request(scope)) if scope["type"] == "http" else None
        await (refusal or self.app)(scope, receive, send)

    def _refusal(self, request: Request) -> Response | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token not in ACCEPTED_KEYS:
            return self.envelopes.error(RequestError(401))
        verdict = self.limit.take(token) if self.limit else None
        if verdict is None or verdict.allowed:
            return None
        wait = str(verdict.retry_after_seconds)
        problem = RequestError(429, f"{verdict.limit} requests a minute, retry in {wait} seconds")
        return self.envelopes.error(problem, {"Retry-After": wait})


@dataclass(frozen=True, slots=True)
class LetterCase:
    """Lowers the path below the mount: the vendor prints both ``/audiences`` and ``/Audiences``."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on to the application."""
        if scope["type"] == "http":
            mount = scope.get("root_path", "")
            scope = {**scope, "path": mount + scope["path"].removeprefix(mount).lower()}
        await self.app(scope, receive, send)
