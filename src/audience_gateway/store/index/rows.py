"""Rows of ``audience`` as audiences, and audiences as rows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from audience_gateway.config import LOCAL_KEY
from audience_gateway.domain.audience import Audience, AudienceKind, AudienceSize, AudienceStatus, SizeBasis
from audience_gateway.store.index.documents import read_document, write_document
from audience_gateway.store.rules import read_rule, write_rule
from audience_gateway.store.search import fold, storable
from audience_gateway.store.tables import audience

FACTS = (
    audience.c.id,
    audience.c.provider_key,
    audience.c.native_id,
    audience.c.name,
    audience.c.description,
    audience.c.kind,
    audience.c.status,
    audience.c.size_value,
    audience.c.size_basis,
    audience.c.size_as_of,
    audience.c.rule,
    audience.c.created_at,
    audience.c.updated_at,
    audience.c.fetched_at,
    audience.c.document,
)
"""The columns that an audience is read from."""

_NAME_KEY_CHARACTERS = 200
_LONGEST_ID_BYTES = 1_024
"""With the beginning of a name, as much as fits into an entry of an index on PostgreSQL."""
_REPLACEMENT = "�"


def audience_of(row: Row[Any]) -> Audience:
    """The audience of a row that holds :data:`FACTS`."""
    return _local_audience_of(row) if row.document is None else _remote_audience_of(row)


def _local_audience_of(row: Row[Any]) -> Audience:
    return Audience(
        provider_key=row.provider_key,
        native_id=row.native_id,
        name=row.name,
        description=row.description,
        kind=AudienceKind(row.kind),
        status=AudienceStatus(row.status),
        size=AudienceSize(row.size_value or 0, SizeBasis.LIVE),
        rule=None if row.rule is None else read_rule(row.rule),
        created_at=row.created_at,
        updated_at=row.updated_at,
        fetched_at=row.fetched_at,
    )


def _remote_audience_of(row: Row[Any]) -> Audience:
    document = read_document(bytes(row.document))
    return Audience(
        provider_key=row.provider_key,
        native_id=row.native_id,
        name=document.name,
        description=document.description,
        kind=AudienceKind(row.kind),
        status=AudienceStatus(row.status),
        size=_size_of(row),
        rule=document.domain_rule,
        source_lists=document.source_lists,
        group=document.group,
        tier=document.tier,
        sync_source=document.sync_source,
        imports=document.imports,
        members_as_of=document.members_as_of,
        created_at=row.created_at,
        updated_at=row.updated_at,
        fetched_at=row.fetched_at,
        raw=document.raw,
    )


def local_row_of(value: Audience) -> Mapping[str, object]:
    """The values to write for a local audience; its size is counted, not written."""
    return _shared_row_of(value) | {"rule": None if value.rule is None else write_rule(value.rule)}


def remote_row_of(value: Audience) -> Mapping[str, object]:
    """The values to write for another provider's audience.

    Raises ValueError, TypeError or OverflowError for an identifier or a payload that cannot be kept.
    Without a size no basis is written, which tells a size that the provider does not list from one it does not know.
    """
    if not storable(value.native_id) or len(value.native_id.encode()) > _LONGEST_ID_BYTES:
        raise ValueError("an identifier that no database can hold")
    size, group = value.size and dated(value.size, value.fetched_at), value.group
    return _shared_row_of(value) | {
        "size_value": None if size is None else size.value,
        "size_basis": None if size is None else size.basis.value,
        "size_as_of": None if size is None else size.as_of,
        "group_id": None if group is None else plain(group.native_id),
        "group_name": None if group is None else plain(group.name),
        "group_kind": None if group is None else group.kind.value,
        "document": write_document(value),
    }


def dated(size: AudienceSize, told_at: datetime) -> AudienceSize:
    """A size that comes without its moment was true when it was told, unless it was counted from stored membership."""
    if size.as_of is not None or size.value is None or size.basis is SizeBasis.MATERIALIZED:
        return size
    return replace(size, as_of=told_at)


def name_key(name: str) -> str:
    """The part of a name that decides the order, without case."""
    return fold(plain(name))[:_NAME_KEY_CHARACTERS]


def plain(text: str) -> str:
    """Text that both databases can hold, every character they cannot replaced."""
    return "".join(
        _REPLACEMENT if character == "\x00" or "\ud800" <= character <= "\udfff" else character for character in text
    )


def _shared_row_of(value: Audience) -> dict[str, object]:
    name = plain(value.name)
    return {
        "provider_key": value.provider_key,
        "native_id": value.native_id,
        "name": name,
        "name_folded": fold(name),
        "name_key": name_key(name),
        "description": None if value.description is None else plain(value.description),
        "kind": value.kind.value,
        "status": value.status.value,
        "created_at": value.created_at,
        "updated_at": value.updated_at,
        "fetched_at": value.fetched_at,
    }


def _size_of(row: Row[Any]) -> AudienceSize | None:
    """The last known size; None when it was never heard of."""
    if row.size_basis is None:
        return None
    return AudienceSize(row.size_value, SizeBasis(row.size_basis), row.size_as_of)


def is_local(provider_key: str) -> bool:
    """Whether rows of that provider are the truth, not what somebody said."""
    return provider_key == LOCAL_KEY
