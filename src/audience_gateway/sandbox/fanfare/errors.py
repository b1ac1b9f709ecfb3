"""Fanfare's error envelope (Fanfare contract, Errors)."""

from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse


class RefusalError(Exception):
    """A request Fanfare turns down with ``status``; ``details`` are pairs of field and message."""

    def __init__(self, status: int, error: str, details: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.details = details


def validation_failed(*details: tuple[str, str]) -> RefusalError:
    """The 400 naming every field at fault and what is wrong with it."""
    return RefusalError(400, "Validation failed", details)


def envelope(refusal: RefusalError) -> JSONResponse:
    """The reply telling ``refusal``."""
    body: dict[str, Any] = {"error": refusal.error}
    if refusal.details:
        body["details"] = [{"field": field, "message": message} for field, message in refusal.details]
    return JSONResponse(body, status_code=refusal.status)


async def refused(_request: Request, error: Exception) -> JSONResponse:
    """Answer a :class:`RefusalError`."""
    if not isinstance(error, RefusalError):
        raise error
    return envelope(error)


async def unrouted(_request: Request, error: Exception) -> JSONResponse:
    """Answer an unknown path (404) or method (405)."""
    if not isinstance(error, HTTPException):
        raise error
    unknown_method = error.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    text = "Method not allowed" if unknown_method else "Not found"
    return JSONResponse({"error": text}, status_code=error.status_code, headers=error.headers)
