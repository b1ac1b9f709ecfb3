"""The emulated CommBox as an application."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse

from audience_gateway.sandbox.clock import Clock
from audience_gateway.sandbox.commbox.envelopes import Envelopes, RequestError
from audience_gateway.sandbox.commbox.gate import Gate, LetterCase
from audience_gateway.sandbox.commbox.routes import AudienceRoutes
from audience_gateway.sandbox.commbox.state import State
from audience_gateway.sandbox.limits import MinuteLimit

_REQUESTS_A_MINUTE = 60


def create_app(state: State, *, clock: Clock, limits: bool = True, zoneless: bool = False) -> Starlette:
    """Serve ``state``; mount it where the base URL is.

    :param zoneless: emulates the account setting that leaves the zone suffix off all date fields.
    """
    envelopes = Envelopes(clock, zoneless)
    limit = MinuteLimit(clock, _REQUESTS_A_MINUTE) if limits else None

    async def on_error(_request: Request, problem: Exception) -> JSONResponse:
        if isinstance(problem, RequestError):
            return envelopes.error(problem)
        if isinstance(problem, HTTPException):
            return envelopes.error(RequestError(problem.status_code), problem.headers)
        return envelopes.error(RequestError(500))

    app = Starlette(
        routes=AudienceRoutes(state, envelopes).routes(),
        middleware=[Middleware(Gate, envelopes=envelopes, limit=limit), Middleware(LetterCase)],
        exception_handlers={404: on_error, 405: on_error, 500: on_error, RequestError: on_error},
    )
    app.router.redirect_slashes = False
    return app
