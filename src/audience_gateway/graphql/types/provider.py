"""Providers: what they can do and how they are doing."""

from datetime import datetime

import strawberry

from audience_gateway.domain import health as domain
from audience_gateway.domain.capability import Operation, Support
from audience_gateway.domain.errors import ErrorCode, GatewayError
from audience_gateway.domain.identity import IdentifierKind
from audience_gateway.domain.node_id import NodeId, NodeType
from audience_gateway.graphql.context import GatewayInfo
from audience_gateway.graphql.types.node import Node
from audience_gateway.services.guard import Guarded


@strawberry.type(description="Why something is missing.")
class Problem:
    """Why something is missing."""

    code: ErrorCode = strawberry.field(description="What went wrong.")
    message: str = strawberry.field(description="One sentence for people; never holds a secret or a person.")
    retryable: bool = strawberry.field(description="Whether the same request may work later.")
    retry_after_ms: int | None = strawberry.field(description="Milliseconds to wait first; null when unknown.")
    upstream_status: int | None = strawberry.field(description="The provider's HTTP status; null without an answer.")
    upstream_code: str | None = strawberry.field(description="The provider's own word for it; null when it has none.")

    @classmethod
    def of(cls, error: GatewayError | None) -> "Problem | None":
        """The error as a value."""
        if error is None:
            return None
        wait = error.retry_after_seconds
        return cls(
            code=error.code,
            message=error.message,
            retryable=error.retryable,
            retry_after_ms=None if wait is None else round(wait * 1000),
            upstream_status=error.upstream_status,
            upstream_code=error.upstream_code,
        )


@strawberry.type(description="How one operation is supported.")
class Capability:
    """How one operation is supported."""

    operation: Operation = strawberry.field(description="What may be asked.")
    support: Support = strawberry.field(description="How it is supported.")
    note: str | None = strawberry.field(description="The price or the limits; null when there are none.")


@strawberry.type(description="How a provider has been doing, as seen by this process.")
class ProviderHealth:
    """How a provider has been doing."""

    state: domain.HealthState = strawberry.field(description="In a word.")
    last_success_at: datetime | None = strawberry.field(description="When a call last worked; null when none has.")
    problem: Problem | None = strawberry.field(description="The last failure since then; null when there is none.")
    retry_at: datetime | None = strawberry.field(description="When the provider asked us to come back; null if not.")

    @classmethod
    def of(cls, health: domain.ProviderHealth) -> "ProviderHealth":
        """The health as a value."""
        return cls(
            state=health.state,
            last_success_at=health.last_success_at,
            problem=Problem.of(health.problem),
            retry_at=health.retry_at,
        )


@strawberry.type(description="One configured account of one vendor, or the gateway's own store.")
class Provider(Node):
    """One configured account."""

    source: strawberry.Private[Guarded]
    key: str = strawberry.field(description="The operator's name for this account, such as `trackly-us`.")
    dialect: str = strawberry.field(description="Which vendor's API it speaks, such as `trackly`; `local` is our own.")
    display_name: str = strawberry.field(description="The vendor's name for people.")

    @strawberry.field(description="How each operation is supported, all operations in a fixed order.")
    def capabilities(self) -> list[Capability]:
        """How each operation is supported."""
        supports = [(operation, self.source.capabilities.of(operation)) for operation in Operation]
        return [Capability(operation=name, support=found.support, note=found.note) for name, found in supports]

    @strawberry.field(description="By which identifiers it can tell who is in an audience: what `contains` takes.")
    def identifiers(self) -> list[IdentifierKind]:
        """By which identifiers it can tell who is in an audience."""
        return [kind for kind in IdentifierKind if kind in self.source.capabilities.identifiers]

    @strawberry.field(description="How it has been doing, as seen by this process.")
    def health(self) -> ProviderHealth:
        """How it has been doing."""
        return ProviderHealth.of(self.source.health)

    @strawberry.field(
        description="As of when the index of all audiences follows it; null before it was first read, and for our own "
        "store, which is never behind."
    )
    async def catalogue_as_of(self, info: GatewayInfo) -> datetime | None:
        """As of when the index follows it."""
        return await info.context.loaders.catalogue_moments.load(self.key)

    @classmethod
    def of(cls, provider: Guarded) -> "Provider":
        """The provider as a value."""
        return cls(
            id=strawberry.ID(NodeId(NodeType.PROVIDER, provider.key).encode()),
            source=provider,
            key=provider.key,
            dialect=provider.dialect,
            display_name=provider.display_name,
        )
