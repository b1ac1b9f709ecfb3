"""From OliAI's audience and contact to ours. Source: OliAI contract, Audience and contact."""

from datetime import datetime

from audience_gateway.domain.audience import Audience, AudienceKind, AudienceSize, AudienceStatus, SizeBasis
from audience_gateway.domain.member import Member
from audience_gateway.upstream.records import Record


def audience_of(record: Record, fetched_at: datetime) -> Audience:
    """One audience, counted when it was sent. Raises UpstreamBadResponse naming the broken field."""
    size = record.count("contactCount")
    return Audience(
        provider_key=record.provider_key,
        native_id=record.identifier("id"),
        name=record.required_text("name"),
        description=record.text("description"),
        kind=AudienceKind.STATIC,
        status=AudienceStatus.ACTIVE,
        size=AudienceSize(size, SizeBasis.UNKNOWN if size is None else SizeBasis.LIVE),
        created_at=record.moment("createdAt"),
        updated_at=record.moment("updatedAt"),
        fetched_at=fetched_at,
        raw=record.fields,
    )


def member_of(record: Record) -> Member:
    """One contact; OliAI knows no e-mail, no external identifier and no orders."""
    return Member(
        provider_key=record.provider_key,
        native_id=record.identifier("id"),
        phone=record.text("phoneNumber"),
        full_name=record.text("name"),
        language=record.text("language"),
        attributes=record.mapping("metadata"),
        created_at=record.moment("createdAt"),
        updated_at=record.moment("updatedAt"),
    )
