"""Rows of ``member`` as people, and people as rows."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from audience_gateway.config import LOCAL_KEY
from audience_gateway.domain.member import Member
from audience_gateway.store.search import search_text
from audience_gateway.store.tables import member

FACTS = (
    member.c.native_id,
    member.c.email,
    member.c.phone,
    member.c.full_name,
    member.c.external_id,
    member.c.language,
    member.c.attributes,
    member.c.total_orders,
    member.c.total_order_value,
    member.c.last_order_at,
    member.c.created_at,
    member.c.updated_at,
)
"""The columns that a person is read from."""


def member_of(row: Row[Any]) -> Member:
    """The person of a row that holds :data:`FACTS`."""
    return Member(
        provider_key=LOCAL_KEY,
        native_id=row.native_id,
        email=row.email,
        phone=row.phone,
        full_name=row.full_name,
        external_id=row.external_id,
        language=row.language,
        attributes=row.attributes,
        total_orders=row.total_orders,
        total_order_value=row.total_order_value,
        last_order_at=row.last_order_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def row_of(person: Member) -> Mapping[str, object]:
    """The values to write for a person."""
    facts: dict[str, object] = {column.name: getattr(person, column.name) for column in FACTS}
    return facts | {"search_text": search_text(person.full_name, person.email, person.phone)}
