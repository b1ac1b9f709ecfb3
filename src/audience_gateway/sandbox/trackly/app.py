"""The emulated Trackly as an application."""

from starlette.applications import Starlette
from starlette.middleware import Middleware

from audience_gateway.sandbox.clock import Clock
from audience_gateway.sandbox.trackly.errors import (
    RequestError,
    on_request_error,
    on_server_error,
    on_unknown_method,
    on_unknown_path,
)
from audience_gateway.sandbox.trackly.gate import KeyCheck, PayloadLimit
from audience_gateway.sandbox.trackly.routes import vendor_routes
from audience_gateway.sandbox.trackly.state import State


def create_app(
    state: State,
    *,
    clock: Clock,
    limits: bool = True,  # noqa: ARG001 (every vendor is created alike, and Trackly imposes no request limit)
) -> Starlette:
    """Serve ``state``; mount it where the base URL's ``/api`` is."""
    app = Starlette(
        routes=vendor_routes(state, clock),
        middleware=[Middleware(KeyCheck), Middleware(PayloadLimit)],
        exception_handlers={
            404: on_unknown_path,
            405: on_unknown_method,
            500: on_server_error,
            RequestError: on_request_error,
        },
    )
    app.router.redirect_slashes = False
    return app
