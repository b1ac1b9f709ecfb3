"""OliAI's objects in its own wire words (OliAI contract, Audience and contact)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypedDict, TypeVar

Row = TypeVar("Row", bound=Mapping[str, Any])


class AudienceRecord(TypedDict):
    """An audience as stored: everything but the contact count, which is always counted."""

    id: str
    name: str
    description: str | None
    organizationId: str
    createdAt: str
    updatedAt: str


class Audience(TypedDict):
    """An audience as sent; ``contactCount`` is the number of its contacts at the moment of the request."""

    id: str
    name: str
    description: str | None
    organizationId: str
    contactCount: int
    createdAt: str
    updatedAt: str


class Contact(TypedDict):
    """Somebody to call; ``phoneNumber`` is E.164 and unique in the organisation."""

    id: str
    name: str
    phoneNumber: str
    language: str | None
    metadata: dict[str, Any]
    organizationId: str
    createdAt: str
    updatedAt: str


class Campaign(TypedDict):
    """A run of calls to an audience; its ``status`` decides whether the audience may be deleted."""

    id: str
    name: str
    status: str
    flowId: str
    audienceId: str
    callsPerMinute: int
    maxConcurrentCalls: int
    maxRetries: int
    retryDelayMinutes: int
    callTimeoutMinutes: int
    scheduledAt: str | None
    timezone: str | None
    organizationId: str
    createdAt: str
    startedAt: str | None
    completedAt: str | None


def stamp(moment: datetime) -> str:
    """``moment``, aware and in UTC, as OliAI writes it: ISO 8601 with milliseconds and ``Z``."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def newest_first(rows: Iterable[Row]) -> list[Row]:
    """``rows`` by ``createdAt`` from the newest, equal moments by ``id``: a total order."""
    by_id = sorted(rows, key=lambda row: str(row["id"]))
    return sorted(by_id, key=lambda row: str(row["createdAt"]), reverse=True)
