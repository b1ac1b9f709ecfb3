"""OliAI's error envelope (OliAI contract, Errors)."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse


class RefusalError(Exception):
    """A request OliAI turns down with ``status``; several validation messages travel as a list."""

    def __init__(self, status: int, message: str | list[str]) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def envelope(status: int, message: str | list[str], headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The error reply with ``status``; its ``error`` is the reason phrase."""
    body = {"statusCode": status, "message": message, "error": HTTPStatus(status).phrase}
    return JSONResponse(body, status_code=status, headers=headers)


async def refused(_request: Request, error: Exception) -> JSONResponse:
    """Answer a :class:`RefusalError`."""
    if not isinstance(error, RefusalError):
        raise error
    return envelope(error.status, error.message)


async def unrouted(request: Request, error: Exception) -> JSONResponse:
    """Answer an unknown path or method as OliAI's framework does: 404 either way."""
    if not isinstance(error, HTTPException):
        raise error
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return envelope(404, f"Cannot {request.method} {path}")
