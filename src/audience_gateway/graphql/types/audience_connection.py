"""Pages of audiences."""

import strawberry

from audience_gateway.graphql.context import Context
from audience_gateway.graphql.types.audience import Audience
from audience_gateway.graphql.types.page import PageInfo, given
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
        return SourceReport.each_of(self.source.sources, self.context)

    @classmethod
    def of(cls, found: catalogue.AudiencePage, context: Context, *, after: str | None) -> "AudienceConnection":
        """The page as a value; ``after`` as the caller gave it."""
        return cls(
            source=found,
            context=context,
            after=after if given(after) else None,
            complete=found.complete,
            total_count=found.page.total,
        )

    async def _has_next(self) -> bool:
        return bool(self.source.page.has_next)
