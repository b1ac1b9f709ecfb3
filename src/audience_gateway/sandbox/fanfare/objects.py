"""Fanfare's objects in its own wire words (Fanfare contract, Objects)."""

import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, TypeVar

Row = TypeVar("Row", bound=Mapping[str, Any])


class Audience(TypedDict):
    """An audience without its relations; ``groupId`` is the audience group, not a rule group."""

    id: str
    organizationId: str
    name: str
    description: str | None
    type: str
    iconName: str | None
    metadata: dict[str, Any] | None
    version: int
    groupId: str | None
    groupType: str | None
    groupName: str | None
    primarySyncSourceId: str | None
    primaryExternalId: str | None
    primarySourceVendor: str | None
    primaryLastSyncedAt: str | None
    lastRefreshedAt: str | None
    refreshIntervalSeconds: int | None
    archived: bool
    createdAt: str
    updatedAt: str
    createdBy: str
    updatedBy: str


class Rule(TypedDict):
    """One condition on consumers; ``groupId`` is the rule group."""

    id: str
    audienceId: str
    organizationId: str
    field: str
    operator: str
    values: list[str | int | float]
    groupId: str | None
    position: int | None


class Import(TypedDict):
    """One CSV file brought into a static audience; ``progress`` is 0 to 100."""

    id: str
    audienceId: str
    organizationId: str
    status: str
    progress: int
    s3Key: str
    totalConsumers: int
    processedConsumers: int
    errorCount: int
    errors: list[dict[str, Any]]
    archived: bool
    createdAt: str
    createdBy: str
    updatedAt: str
    updatedBy: str


class SyncSource(TypedDict):
    """Where a synced list comes from; ``syncSourceId`` is the other vendor's own id."""

    id: str
    organizationId: str
    syncSource: str
    syncSourceId: str
    sourceData: dict[str, Any]
    syncStatus: str
    lastSyncedAt: str | None
    archived: bool
    createdAt: str
    createdBy: str
    updatedAt: str
    updatedBy: str


class Consumer(TypedDict):
    """An end user of the organisation's shop; ``totalOrderValue`` is in major units of its currency."""

    id: str
    email: str | None
    phone: str | None
    fullName: str | None
    externalId: str | None
    metadata: dict[str, Any] | None
    totalOrders: int
    totalOrderValue: float
    lastOrderAt: str | None
    createdAt: str
    updatedAt: str


@dataclass(slots=True)
class Materialization:
    """How far the stored membership of an audience has come.

    ``status`` counts for DYNAMIC audiences only: the others follow their imports or their sync source.
    ``materialized_version`` is None before the first run.
    """

    status: str
    materialized_version: int | None
    started_at: str | None = None
    error: str | None = None


def stamp(moment: datetime) -> str:
    """``moment``, aware and in UTC, as Fanfare writes it: ISO 8601 with whole seconds and ``Z``."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def newest_first(rows: Iterable[Row]) -> list[Row]:
    """``rows`` by ``createdAt`` from the newest, equal moments by ``id``: a total order."""
    return in_order(rows, "createdAt", descending=True)


def in_order(rows: Iterable[Row], field: str, *, descending: bool) -> list[Row]:
    """``rows`` by a field that none of them lacks, ties by ascending ``id``."""
    by_id = sorted(rows, key=operator.itemgetter("id"))
    return sorted(by_id, key=operator.itemgetter(field), reverse=descending)
