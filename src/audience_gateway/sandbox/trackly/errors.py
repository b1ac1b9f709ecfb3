"""Trackly's error envelope and the exception that carries it."""

from starlette.requests import Request
from starlette.responses import JSONResponse


class RequestError(Exception):
    """A request that Trackly refuses.

    :param code: the machine value; None for the few errors that have none.
    """

    def __init__(self, status: int, error: str, code: str | None = None) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.code = code


def not_found(error: str = "Not found") -> RequestError:
    """Refusal of a path or an identifier that leads nowhere."""
    return RequestError(404, error, "not_found")


def error_response(problem: RequestError) -> JSONResponse:
    """The envelope of ``problem`` (Trackly contract, Errors)."""
    body = {"error": problem.error}
    if problem.code is not None:
        body["code"] = problem.code
    return JSONResponse(body, status_code=problem.status)


async def on_request_error(_request: Request, problem: Exception) -> JSONResponse:
    """Answer a :class:`RequestError` raised by a route."""
    if not isinstance(problem, RequestError):
        raise problem
    return error_response(problem)


async def on_unknown_path(_request: Request, _problem: Exception) -> JSONResponse:
    """Answer a path that Trackly does not have."""
    return error_response(not_found())


async def on_unknown_method(_request: Request, problem: Exception) -> JSONResponse:
    """Answer a method that the path does not have; the contract knows no code for it."""
    response = error_response(RequestError(405, "Method not allowed"))
    response.headers.update(getattr(problem, "headers", None) or {})
    return response


async def on_server_error(_request: Request, _problem: Exception) -> JSONResponse:
    """Answer a fault of the sandbox itself."""
    return error_response(RequestError(500, "Internal server error"))
