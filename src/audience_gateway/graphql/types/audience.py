"""Audiences and their connection."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

from audience_gateway.domain import audience as domain
from audience_gateway.domain.node_id import NodeId, NodeType
from audience_gateway.graphql.context import Context, GatewayInfo
from audience_gateway.graphql.types.member import MemberConnection
from audience_gateway.graphql.types.node import Node
from audience_gateway.graphql.types.page import After, First, PageInfo, given, page_size
from audience_gateway.graphql.types.provider import Problem, Provider
from audience_gateway.graphql.types.rule import Rule
from audience_gateway.services import catalogue
from audience_gateway.services.members import MembersQuestion


@strawberry.type(description="How many people are in an audience.")
class AudienceSize:
    """How many people are in an audience."""

    value: int | None = strawberry.field(description="The number of people; null when the provider does not know.")
    basis: domain.SizeBasis = strawberry.field(description="What the number is worth.")
    as_of: datetime | None = strawberry.field(description="When it was true; null when the provider does not say.")


@strawberry.type(description="A named group of people at one provider. Facts the provider does not have are null.")
class Audience(Node):
    """A named group of people at one provider."""

    source: strawberry.Private[domain.Audience]
    provider: Provider = strawberry.field(description="Who holds it.")
    native_id: str = strawberry.field(description="The provider's own identifier of the audience.")
    name: str = strawberry.field(description="Name for people; not unique.")
    description: str | None = strawberry.field(description="What it is for, in its owner's words.")
    kind: domain.AudienceKind = strawberry.field(description="How it gets its members.")
    status: domain.AudienceStatus = strawberry.field(description="Whether it is in use.")
    created_at: datetime | None = strawberry.field(description="When it was made.")
    updated_at: datetime | None = strawberry.field(description="When it was last changed.")
    fetched_at: datetime = strawberry.field(description="When the provider last told us about it.")

    @strawberry.field(description="How many people are in it. Costs a call at providers that do not list sizes.")
    async def size(self, info: GatewayInfo) -> AudienceSize | None:
        """How many people are in it."""
        size = self.source.size
        if size is None:
            size = await info.context.loaders.sizes.load(self.source.ref)
        return AudienceSize(value=size.value, basis=size.basis, as_of=size.as_of)

    @strawberry.field(description="Who belongs to it; null for static audiences and where the provider hides it.")
    def rule(self) -> Rule | None:
        """Who belongs to it."""
        return None if self.source.rule is None else Rule(source=self.source.rule)

    @strawberry.field(description="The people in it, in the provider's order. One call a page.")
    async def members(
        self,
        info: GatewayInfo,
        first: First = UNSET,
        after: After = UNSET,
        search: Annotated[
            str | None,
            strawberry.argument(description="Only people whose name, e-mail or phone holds this text, without case."),
        ] = UNSET,
    ) -> MemberConnection | None:
        """The people in it."""
        question = MembersQuestion.of(
            self.source.ref,
            first=page_size(first),
            after=after if given(after) else None,
            search=search if given(search) else None,
            cursors=info.context.services.cursors,
        )
        page = await info.context.loaders.member_pages.load(question.key)
        return MemberConnection(page=page, question=question, context=info.context)

    @classmethod
    def of(cls, audience: domain.Audience, context: Context) -> "Audience":
        """The audience as a value."""
        return cls(
            id=strawberry.ID(NodeId(NodeType.AUDIENCE, audience.provider_key, audience.native_id).encode()),
            source=audience,
            provider=Provider.of(context.services.directory.provider(audience.provider_key)),
            native_id=audience.native_id,
            name=audience.name,
            description=audience.description,
            kind=audience.kind,
            status=audience.status,
            created_at=audience.created_at,
            updated_at=audience.updated_at,
            fetched_at=audience.fetched_at,
        )


@strawberry.type(description="An audience in a list.")
class AudienceEdge:
    """An audience in a list."""

    cursor: str = strawberry.field(description="The list goes on after this cursor.")
    node: Audience = strawberry.field(description="The audience.")


@strawberry.type(description="What one provider contributed to a list.")
class SourceReport:
    """What one provider contributed to a list."""

    provider: Provider = strawberry.field(description="Which provider.")
    state: catalogue.SourceState = strawberry.field(description="What it contributed.")
    as_of: datetime | None = strawberry.field(description="When it answered; null when it did not.")
    problem: Problem | None = strawberry.field(description="Why something of it is missing; null when nothing is.")


@strawberry.type(description="A page of audiences of all selected providers.")
class AudienceConnection:
    """A page of audiences of all selected providers."""

    source: strawberry.Private[catalogue.AudiencePage]
    context: strawberry.Private[Context]
    after: strawberry.Private[str | None]
    complete: bool = strawberry.field(description="Whether every selected provider contributed everything it has.")
    total_count: int | None = strawberry.field(
        description="How many audiences the whole list has, exactly; null unless `complete`."
    )

    @strawberry.field(description="The rows with their cursors.")
    def edges(self) -> list[AudienceEdge]:
        """The rows with their cursors."""
        rows = self.source.page.rows
        return [AudienceEdge(cursor=row.cursor, node=Audience.of(row.value, self.context)) for row in rows]

    @strawberry.field(description="The rows without their cursors.")
    def nodes(self) -> list[Audience]:
        """The rows without their cursors."""
        return [Audience.of(audience, self.context) for audience in self.source.page.values]

    @strawberry.field(description="Where this page lies in the list.")
    def page_info(self) -> PageInfo:
        """Where this page lies in the list."""
        rows = self.source.page.rows
        return PageInfo(
            more=self._has_next,
            has_previous_page=self.after is not None,
            start_cursor=rows[0].cursor if rows else None,
            end_cursor=rows[-1].cursor if rows else None,
        )

    @strawberry.field(description="One line for each configured provider, in the order of the configuration.")
    def sources(self) -> list[SourceReport]:
        """One line for each configured provider."""
        directory = self.context.services.directory
        return [
            SourceReport(
                provider=Provider.of(directory.provider(report.provider_key)),
                state=report.state,
                as_of=report.as_of,
                problem=Problem.of(report.problem),
            )
            for report in self.source.sources
        ]

    async def _has_next(self) -> bool:
        return bool(self.source.page.has_next)
