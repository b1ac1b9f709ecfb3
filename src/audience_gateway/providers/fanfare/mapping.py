"""From Fanfare's audience and consumer to ours. Source: Fanfare contract, Objects and Audience operations."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from audience_gateway.domain.audience import (
    Audience,
    AudienceKind,
    AudienceSize,
    AudienceStatus,
    ImportRun,
    JobState,
    Materialization,
    SizeBasis,
    SyncSource,
)
from audience_gateway.domain.group import GroupMember
from audience_gateway.domain.member import Member
from audience_gateway.domain.rule import Rule
from audience_gateway.providers.fanfare.groups import group_ref_of, tier_of
from audience_gateway.providers.fanfare.rules import read_rules
from audience_gateway.upstream.records import Record, decimal_of, identifier_of, path_below, read_all

_KINDS = MappingProxyType(
    {
        "STATIC": AudienceKind.STATIC,
        "STATIC_LIST": AudienceKind.STATIC,
        "DYNAMIC": AudienceKind.DYNAMIC,
        "SYNCED_LIST": AudienceKind.SYNCED,
    }
)
_STATES: Mapping[str, JobState] = MappingProxyType(
    {
        "PENDING": JobState.PENDING,
        "PROCESSING": JobState.RUNNING,
        "COMPLETED": JobState.SUCCEEDED,
        "FAILED": JobState.FAILED,
    }
)
_WHOLE = 100
_BEGINNING = datetime.min.replace(tzinfo=UTC)


def audience_of(record: Record, fetched_at: datetime) -> Audience:
    """One audience; its size wants a call of its own. Raises UpstreamBadResponse naming the broken field."""
    kind = _KINDS.get(record.text("type") or "", AudienceKind.UNKNOWN)
    return Audience(
        provider_key=record.provider_key,
        native_id=record.identifier("id"),
        name=record.required_text("name"),
        description=record.text("description"),
        kind=kind,
        status=_status_of(record),
        rule=_rule_of(record, kind),
        group=group_ref_of(record),
        tier=tier_of(record),
        sync_source=_sync_source_of(record),
        imports=_imports_of(record),
        members_as_of=record.moment("lastRefreshedAt"),
        created_at=record.moment("createdAt"),
        updated_at=record.moment("updatedAt"),
        fetched_at=fetched_at,
        raw=record.fields,
    )


def member_of(record: Record) -> Member:
    """One consumer."""
    return Member(
        provider_key=record.provider_key,
        native_id=record.identifier("id"),
        email=record.text("email"),
        phone=record.text("phone"),
        full_name=record.text("fullName"),
        external_id=record.text("externalId"),
        attributes=record.mapping("metadata"),
        total_orders=record.count("totalOrders"),
        total_order_value=record.amount("totalOrderValue"),
        last_order_at=record.moment("lastOrderAt"),
        created_at=record.moment("createdAt"),
        updated_at=record.moment("updatedAt"),
        audience_ids=_audience_ids_of(record),
    )


def group_member_of(record: Record) -> GroupMember:
    """One consumer of a group, with the group's audiences they are in."""
    audience_ids = []
    for place, value in enumerate(record.array("audienceIds") or []):
        native_id = identifier_of(value)
        if native_id is None:
            raise record.broken(f"audienceIds[{place}]")
        audience_ids.append(native_id)
    return GroupMember(member_of(record), tuple(audience_ids))


def size_of(record: Record) -> AudienceSize:
    """A count of stored membership, without its moment: the audience's ``lastRefreshedAt`` says how old that is."""
    count = record.count("count")
    if count is None:
        return AudienceSize(None, SizeBasis.UNKNOWN)
    return AudienceSize(count, SizeBasis.MATERIALIZED)


def materialization_of(record: Record) -> Materialization:
    """A status reply; ``lastRefreshedAt`` is the end of the run only when that run succeeded."""
    state = _state(record.text("status"))
    return Materialization(
        state=state,
        member_count=record.count("memberCount"),
        started_at=record.moment("startedAt"),
        finished_at=record.moment("lastRefreshedAt") if state is JobState.SUCCEEDED else None,
        problem=record.text("error"),
    )


def _status_of(record: Record) -> AudienceStatus:
    archived = record.fields.get("archived")
    if archived is not None and not isinstance(archived, bool):
        raise record.broken("archived")
    return AudienceStatus.ARCHIVED if archived else AudienceStatus.ACTIVE


def _rule_of(record: Record, kind: AudienceKind) -> Rule | None:
    native = record.fields.get("rules")
    return None if native is None or kind is not AudienceKind.DYNAMIC else read_rules(native)


def _imports_of(record: Record) -> tuple[ImportRun, ...] | None:
    array = record.array("imports")
    if array is None:
        return None
    runs = read_all(record.provider_key, array, path_below(record, "imports"), _import_run_of)
    return tuple(sorted(runs, key=lambda run: run.created_at or _BEGINNING, reverse=True))


def _import_run_of(record: Record) -> ImportRun:
    return ImportRun(
        native_id=record.identifier("id"),
        state=_state(record.text("status")),
        total=record.count("totalConsumers"),
        processed=record.count("processedConsumers") or 0,
        errors=record.count("errorCount") or 0,
        progress=_share_of(record.fields.get("progress")),
        created_at=record.moment("createdAt"),
        updated_at=record.moment("updatedAt"),
    )


def _share_of(percent: object) -> float | None:
    """0 to 1 from 0 to 100; anything else says nothing."""
    number = decimal_of(percent)
    return float(number / 100) if number is not None and 0 <= number <= _WHOLE else None


def _sync_source_of(record: Record) -> SyncSource | None:
    """The included source, else what the audience itself says of it."""
    source = record.record("primarySyncSource")
    vendor = record.text("primarySourceVendor")
    if source is None:
        if vendor is None:
            return None
        return SyncSource(
            vendor=vendor,
            external_id=record.text("primaryExternalId"),
            state=JobState.UNKNOWN,
            last_synced_at=record.moment("primaryLastSyncedAt"),
        )
    return SyncSource(
        vendor=vendor or source.required_text("syncSource").partition(":")[0],
        external_id=source.text("syncSourceId"),
        state=_state(source.text("syncStatus")),
        last_synced_at=source.moment("lastSyncedAt"),
    )


def _audience_ids_of(record: Record) -> tuple[str, ...] | None:
    """The audiences of a consumer that were asked for along; None when they were not."""
    array = record.array("audiences")
    if array is None:
        return None
    path = path_below(record, "audiences")
    return read_all(record.provider_key, array, path, lambda audience: audience.identifier("id"))


def _state(word: str | None) -> JobState:
    return _STATES.get(word or "", JobState.UNKNOWN)
