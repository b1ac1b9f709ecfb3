"""What hangs on an audience: its size, where its people come from, and what may be done to it."""

from datetime import datetime

import strawberry

from audience_gateway.domain import audience as domain
from audience_gateway.domain.capability import Operation
from audience_gateway.graphql.context import GatewayInfo
from audience_gateway.graphql.types.provider import Problem
from audience_gateway.services import actions, progress, source_lists


@strawberry.type(description="How many people are in an audience.")
class AudienceSize:
    """How many people are in an audience."""

    value: int | None = strawberry.field(description="The number of people; null when the provider does not know.")
    basis: domain.SizeBasis = strawberry.field(description="What the number is worth.")
    as_of: datetime | None = strawberry.field(description="When it was true; null when the provider does not say.")

    @classmethod
    def of(cls, size: domain.AudienceSize) -> "AudienceSize":
        """The size as a value."""
        return cls(value=size.value, basis=size.basis, as_of=size.as_of)


@strawberry.type(
    description="A sending list that scopes an audience. Name and count come from the provider's list of all of them: "
    "one call a provider, however many audiences ask."
)
class SourceList:
    """A sending list that scopes an audience."""

    source: strawberry.Private[domain.SourceList]
    provider_key: strawberry.Private[str]
    native_id: str = strawberry.field(description="The provider's own identifier of the list.")

    @strawberry.field(description="Name for people; null when the provider does not list it, such as a deleted one.")
    async def name(self, info: GatewayInfo) -> str | None:
        """Name for people."""
        return (await self._known(info)).name

    @strawberry.field(description="How many contacts the whole list has; null when the provider does not list it.")
    async def contact_count(self, info: GatewayInfo) -> int | None:
        """How many contacts the whole list has."""
        return (await self._known(info)).contact_count

    async def _known(self, info: GatewayInfo) -> domain.SourceList:
        if source_lists.is_known(self.source):
            return self.source
        return source_lists.known_as(self.source, await info.context.loaders.source_lists.load(self.provider_key))

    @classmethod
    def of(cls, source_list: domain.SourceList, provider_key: str) -> "SourceList":
        """The list as a value."""
        return cls(source=source_list, provider_key=provider_key, native_id=source_list.native_id)


@strawberry.type(description="How far the stored membership of an audience follows its definition.")
class Materialization:
    """How far stored membership follows the definition."""

    state: domain.JobState = strawberry.field(description="Where the latest run stands.")
    member_count: int | None = strawberry.field(
        description="How many people are stored; null when the provider does not say."
    )
    started_at: datetime | None = strawberry.field(
        description="When the latest run began; null when the provider does not say."
    )
    finished_at: datetime | None = strawberry.field(description="When it succeeded; null when it has not.")
    problem: Problem | None = strawberry.field(
        description="Why it failed, the provider's own words in `upstreamCode`; null when nothing is known to have."
    )

    @classmethod
    def of(cls, found: domain.Materialization, audience: domain.Audience) -> "Materialization":
        """The materialization of ``audience`` as a value."""
        return cls(
            state=found.state,
            member_count=found.member_count,
            started_at=found.started_at,
            finished_at=found.finished_at,
            problem=Problem.of(progress.materialization_problem(audience, found)),
        )


@strawberry.type(description="The outside list that a synced audience is fed from.")
class SyncSource:
    """The outside list that a synced audience is fed from."""

    vendor: str = strawberry.field(description="Who keeps the list, in the provider's word, such as `klaviyo`.")
    external_id: str | None = strawberry.field(
        description="The list's identifier there; null when the provider does not say."
    )
    state: domain.JobState = strawberry.field(description="Where the latest synchronisation stands.")
    last_synced_at: datetime | None = strawberry.field(
        description="When one last succeeded; null when the provider does not say."
    )
    problem: Problem | None = strawberry.field(description="That the latest one failed; null unless it did.")

    @classmethod
    def of(cls, source: domain.SyncSource, audience: domain.Audience) -> "SyncSource":
        """The source of ``audience`` as a value."""
        return cls(
            vendor=source.vendor,
            external_id=source.external_id,
            state=source.state,
            last_synced_at=source.last_synced_at,
            problem=Problem.of(progress.sync_problem(audience, source)),
        )


@strawberry.type(description="Whether an operation works for one audience.")
class ActionSupport:
    """Whether an operation works for one audience."""

    operation: Operation = strawberry.field(description="What may be asked.")
    allowed: bool = strawberry.field(description="Whether asking has a chance; when not, no call is made.")
    reason: str | None = strawberry.field(description="Why not, in one sentence for people; null when allowed.")

    @classmethod
    def of(cls, action: actions.Action) -> "ActionSupport":
        """The action as a value."""
        refusal = action.refusal
        return cls(
            operation=action.operation,
            allowed=refusal is None,
            reason=None if refusal is None else refusal.message,
        )
