"""What lists can be narrowed down to, as callers write it."""

from datetime import datetime

import strawberry
from strawberry import UNSET

from audience_gateway.domain import catalogue
from audience_gateway.domain.audience import AudienceKind, AudienceStatus, GroupKind
from audience_gateway.domain.catalogue import (
    AudienceQuery,
    AudienceSortField,
    CountRange,
    MomentRange,
    SortDirection,
)
from audience_gateway.domain.errors import BadInput
from audience_gateway.domain.group import GroupKey
from audience_gateway.domain.node_id import NodeId, NodeType
from audience_gateway.graphql.types.page import given
from audience_gateway.services.groups import GroupQuery


@strawberry.input(description="A stretch of time.")
class DateTimeRange:
    """A stretch of time."""

    start: datetime | None = strawberry.field(
        name="from", default=UNSET, description="The first moment of it; open when left out."
    )
    until: datetime | None = strawberry.field(
        default=UNSET, description="The first moment after it; open when left out."
    )

    def range(self) -> MomentRange:
        """The stretch as the domain has it."""
        return MomentRange(self.start or None, self.until or None)


@strawberry.input(description="A stretch of whole numbers, both ends included.")
class IntRange:
    """A stretch of whole numbers."""

    min: int | None = strawberry.field(default=UNSET, description="The least; open when left out.")
    max: int | None = strawberry.field(default=UNSET, description="The greatest; open when left out.")

    def range(self) -> CountRange:
        """The stretch as the domain has it."""
        return CountRange(self.min if given(self.min) else None, self.max if given(self.max) else None)


@strawberry.input(description="Which audiences are wanted. All conditions hold together; what is left out is free.")
class AudienceFilter:
    """Which audiences are wanted."""

    provider_keys: list[str] | None = strawberry.field(default=UNSET, description="Only of these providers.")
    name_contains: str | None = strawberry.field(
        default=UNSET, description="Only those whose name holds this text, without case."
    )
    kinds: list[AudienceKind] | None = strawberry.field(default=UNSET, description="Only of these kinds.")
    statuses: list[AudienceStatus] | None = strawberry.field(
        default_factory=lambda: [AudienceStatus.ACTIVE],
        description="Only of these statuses. Of a status that a provider never lists, only what has been met.",
    )
    created_at: DateTimeRange | None = strawberry.field(
        default=UNSET, description="Only those made in this stretch of time; those of unknown age are in none."
    )
    size: IntRange | None = strawberry.field(
        default=UNSET,
        description="Only those whose last known size is in this stretch. Those of unknown size are in none: "
        "`sources` then says how many of them there are, and the list is not `complete`.",
    )
    group_id: strawberry.ID | None = strawberry.field(default=UNSET, description="Only those of this group.")

    def query(self) -> AudienceQuery:
        """The filter as the catalogue takes it."""
        return AudienceQuery(
            provider_keys=tuple(self.provider_keys) if given(self.provider_keys) else None,
            name_contains=self.name_contains or None,
            kinds=tuple(self.kinds) if given(self.kinds) else None,
            statuses=tuple(AudienceStatus) if self.statuses is None else tuple(self.statuses),
            created_at=self.created_at.range() if given(self.created_at) else None,
            size=self.size.range() if given(self.size) else None,
            group=_group(self.group_id) if given(self.group_id) else None,
        )


@strawberry.input(description="The order of a list of audiences.")
class AudienceSort:
    """The order of a list of audiences."""

    field: AudienceSortField = strawberry.field(description="What they are ordered by.")
    direction: SortDirection = strawberry.field(description="Which end comes first.")

    def order(self) -> catalogue.AudienceSort:
        """The order as the domain has it."""
        return catalogue.AudienceSort(self.field, self.direction)


@strawberry.input(description="Which groups are wanted. All conditions hold together; what is left out is free.")
class AudienceGroupFilter:
    """Which groups are wanted."""

    provider_keys: list[str] | None = strawberry.field(default=UNSET, description="Only of these providers.")
    kinds: list[GroupKind] | None = strawberry.field(default=UNSET, description="Only of these kinds.")
    name_contains: str | None = strawberry.field(
        default=UNSET, description="Only those whose name holds this text, without case."
    )

    def query(self) -> GroupQuery:
        """The filter as the services take it."""
        return GroupQuery(
            provider_keys=tuple(self.provider_keys) if given(self.provider_keys) else None,
            kinds=tuple(self.kinds) if given(self.kinds) else None,
            name_contains=self.name_contains or None,
        )


def _group(group_id: strawberry.ID) -> GroupKey:
    found = NodeId.decode_as(group_id, NodeType.GROUP)
    return GroupKey(found.provider_key, found.native_id)


def max_age(seconds: int | None) -> int | None:
    """How old answers may be; None when the caller does not say. Raises BadInput below zero."""
    if not given(seconds):
        return None
    if seconds < 0:
        raise BadInput(f"maxAgeSeconds: must be 0 or more, not {seconds}.")
    return seconds
