"""What lists can be narrowed down to, as callers write it."""

import strawberry
from strawberry import UNSET

from audience_gateway.domain.audience import AudienceKind, AudienceStatus, GroupKind
from audience_gateway.graphql.types.page import given
from audience_gateway.services.catalogue import AudienceQuery
from audience_gateway.services.groups import GroupQuery


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
        description="Only of these statuses. Providers that never list a status have none of it.",
    )

    def query(self) -> AudienceQuery:
        """The filter as the catalogue takes it."""
        return AudienceQuery(
            provider_keys=tuple(self.provider_keys) if given(self.provider_keys) else None,
            name_contains=self.name_contains or None,
            kinds=tuple(self.kinds) if given(self.kinds) else None,
            statuses=tuple(AudienceStatus) if self.statuses is None else tuple(self.statuses),
        )


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
