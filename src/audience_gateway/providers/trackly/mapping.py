"""From Trackly's audience and sending list to ours. Source: Trackly contract, Audience object and Sending lists."""

from datetime import datetime

from audience_gateway.domain.audience import (
    Audience,
    AudienceKind,
    AudienceSize,
    AudienceStatus,
    SizeBasis,
    SourceList,
)
from audience_gateway.domain.errors import UpstreamBadResponse
from audience_gateway.domain.rule import Rule
from audience_gateway.providers.trackly.rules import read_filter
from audience_gateway.upstream.records import Record, identifier_of, read_each

_ARCHIVED = "archived"


def audience_of(record: Record, fetched_at: datetime) -> Audience:
    """One audience; its times carry no zone and are UTC. Raises UpstreamBadResponse naming the broken field."""
    return Audience(
        provider_key=record.provider_key,
        native_id=record.identifier("id"),
        name=record.required_text("name"),
        description=record.text("description"),
        kind=AudienceKind.DYNAMIC,
        status=AudienceStatus.ARCHIVED if record.text("status") == _ARCHIVED else AudienceStatus.ACTIVE,
        size=_size_of(record),
        rule=_rule_of(record),
        source_lists=_source_lists_of(record),
        created_at=record.moment("created_at"),
        fetched_at=fetched_at,
        raw=record.fields,
    )


def source_lists_of(provider_key: str, lists: list[object]) -> tuple[SourceList | UpstreamBadResponse, ...]:
    """The sending lists of a ``lists`` array in their order, deleted ones left out, errors for unreadable ones."""
    found = read_each(provider_key, lists, "lists", _source_list_of)
    return tuple(source_list for source_list in found if source_list is not None)


def _source_list_of(record: Record) -> SourceList | None:
    if record.text("status") == "deleted":
        return None
    return SourceList(record.identifier("id"), record.text("list_name"), record.count("contact_count"))


def _size_of(record: Record) -> AudienceSize:
    size = record.count("cached_size")
    if size is None:
        return AudienceSize(None, SizeBasis.UNKNOWN)
    return AudienceSize(size, SizeBasis.CACHED, record.moment("cached_size_updated_at"))


def _rule_of(record: Record) -> Rule | None:
    native = record.fields.get("filter")
    return None if native is None else read_filter(native)


def _source_lists_of(record: Record) -> tuple[SourceList, ...] | None:
    identifiers = record.array("source_lists")
    if identifiers is None:
        return None
    lists = []
    for place, identifier in enumerate(identifiers):
        native_id = identifier_of(identifier)
        if native_id is None:
            raise record.broken(f"source_lists[{place}]")
        lists.append(SourceList(native_id))
    return tuple(lists)
