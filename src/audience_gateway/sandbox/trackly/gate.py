"""What stands in front of Trackly's routes: the key check and the payload limit."""

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from audience_gateway.sandbox.trackly.errors import RequestError, error_response
from audience_gateway.sandbox.trackly.keys import API_KEY, SUSPENDED_KEY

LARGEST_PAYLOAD = 5 * 1024 * 1024
"""Bytes; the contract's 5 MB, read as binary megabytes."""


class KeyCheck:
    """Lets requests through that carry a good key.

    Audience operations name any other key ``unauthorized``; the rest of the API uses the general pair of codes
    (Trackly contract, Errors).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the application, or hand on to it."""
        problem = _key_problem(Request(scope)) if scope["type"] == "http" else None
        await (self._app if problem is None else error_response(problem))(scope, receive, send)


class PayloadLimit:
    """Answers 413 to bodies above :data:`LARGEST_PAYLOAD`; the rest is read whole and handed on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the application, or hand on to it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = await _limited_body(receive)
        if body is None:
            await error_response(RequestError(413, "Payload too large"))(scope, receive, send)
            return
        pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        await self._app(scope, replay, send)


def _key_problem(request: Request) -> RequestError | None:
    key = request.headers.get("X-Api-Key", "")
    if key == API_KEY:
        return None
    if key == SUSPENDED_KEY:
        return RequestError(403, "Account is suspended")
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    if path.startswith("/v2/audiences"):
        return RequestError(401, "Unauthorized", "unauthorized")
    if not key:
        return RequestError(401, "API key is missing", "missing_api_key")
    return RequestError(401, "API key is not valid", "invalid_api_key")


async def _limited_body(receive: Receive) -> bytes | None:
    """The request's body, or None when it is too large; read to its end, so that the sender can read the refusal."""
    body, length, more = bytearray(), 0, True
    while more:
        message = await receive()
        chunk = message.get("body", b"")
        length += len(chunk)
        if length <= LARGEST_PAYLOAD:
            body += chunk
        more = message.get("more_body", False)
    return bytes(body) if length <= LARGEST_PAYLOAD else None
