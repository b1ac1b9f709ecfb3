"""Pages of audiences."""

import strawberry

from audience_gateway.graphql.context import Context
from audience_gateway.graphql.types.audience import Audience
from audience_gateway.graphql.types.page import PageInfo
from audience_gateway.graphql.types.source_report import SourceReport
from audience_gateway.services import catalogue


@strawberry.type(description="An audience in a list.")
class AudienceEdge:
    """An audience in a list."""

    cursor: str = strawberry.field(description="The list goes on after this cursor.")
    node: Audience = strawberry.field(description="The audience.")


@strawberry.type(description="A page of audiences of all selected providers.")
class AudienceConnection:
    """A page of audiences of all selected providers."""

    source: strawberry.Private[catalogue.AudiencePage]
    context: strawberry.Private[Context]
    complete: bool = strawberry.field(
        description="Whether every selected provider contributed everything it has, however long ago."
    )

    @strawberry.field(description="How many audiences the whole list has, exactly; null unless `complete`.")
    async def total_count(self) -> int | None:
        """How many audiences the whole list has."""
        return await self.source.total()

    @strawberry.field(description="The rows with their cursors.")
    def edges(self) -> list[AudienceEdge]:
        """The rows with their cursors."""
        rows = self.source.rows
        return [AudienceEdge(cursor=row.cursor, node=Audience.of(row.value, self.context)) for row in rows]

    @strawberry.field(description="The rows without their cursors.")
    def nodes(self) -> list[Audience]:
        """The rows without their cursors."""
        return [Audience.of(row.value, self.context) for row in self.source.rows]

    @strawberry.field(description="Where this page lies in the list.")
    def page_info(self) -> PageInfo:
        """Where this page lies in the list."""
        rows = self.source.rows
        return PageInfo(
            more=self.source.has_next,
            earlier=self.source.has_previous,
            start_cursor=rows[0].cursor if rows else None,
            end_cursor=rows[-1].cursor if rows else None,
        )

    @strawberry.field(description="One line for each configured provider, in the order of the configuration.")
    def sources(self) -> list[SourceReport]:
        """One line for each configured provider."""
        return SourceReport.each_of(self.source.sources, self.context)

    @classmethod
    def of(cls, found: catalogue.AudiencePage, context: Context) -> "AudienceConnection":
        """The page as a value."""
        return cls(source=found, context=context, complete=found.complete)
