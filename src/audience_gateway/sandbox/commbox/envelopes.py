"""The wrapping of every CommBox reply, good or bad, and the writing of its times."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.responses import JSONResponse

from audience_gateway.sandbox.clock import Clock

_DESCRIPTIONS = (
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (404, "Not Found"),
    (405, "Method Not Allowed"),
    (429, "Too Many Requests"),
    (500, "Server Error"),
)


class RequestError(Exception):
    """A request that CommBox refuses; ``reason`` is appended to the description of ``status``."""

    def __init__(self, status: int, reason: str | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Envelopes:
    """Wraps replies and writes times.

    :param zoneless: the account setting that leaves the zone suffix off all date fields; they stay in UTC.
    """

    clock: Clock
    zoneless: bool

    def moment(self, moment: datetime) -> str:
        """``moment`` as a field of an audience: whole seconds."""
        return self._suffixed(moment, "seconds")

    def data(self, status: str | int, description: str, data: Any) -> JSONResponse:
        """A good reply; reads give ``status`` as a string, writes as an integer."""
        body = self._wrapped(status, description) | {"data": data}
        return JSONResponse(body, status_code=int(status))

    def error(self, problem: RequestError, headers: Mapping[str, str] | None = None) -> JSONResponse:
        """A bad reply (CommBox contract, Errors)."""
        description = dict(_DESCRIPTIONS)[problem.status]
        if problem.reason:
            description = f"{description}: {problem.reason}"
        return JSONResponse(self._wrapped(problem.status, description), status_code=problem.status, headers=headers)

    def _wrapped(self, status: str | int, description: str) -> dict[str, Any]:
        stamp = self._suffixed(self.clock.now(), "milliseconds")
        return {"status": status, "description": description, "response_time": stamp}

    def _suffixed(self, moment: datetime, precision: str) -> str:
        text = moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=precision)
        return text if self.zoneless else text + "Z"
