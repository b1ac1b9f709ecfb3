"""Pages of groups of audiences."""

import strawberry

from audience_gateway.graphql.context import Context
from audience_gateway.graphql.types.group import AudienceGroup
from audience_gateway.graphql.types.page import PageInfo, given, known
from audience_gateway.graphql.types.source_report import SourceReport
from audience_gateway.services.groups import GroupPage


@strawberry.type(description="A group of audiences in a list.")
class AudienceGroupEdge:
    """A group of audiences in a list."""

    cursor: str = strawberry.field(description="The list goes on after this cursor.")
    node: AudienceGroup = strawberry.field(description="The group.")


@strawberry.type(description="A page of groups of all selected providers.")
class AudienceGroupConnection:
    """A page of groups of all selected providers."""

    source: strawberry.Private[GroupPage]
    context: strawberry.Private[Context]
    after: strawberry.Private[str | None]
    complete: bool = strawberry.field(description="Whether every selected provider contributed everything it has.")
    total_count: int | None = strawberry.field(
        description="How many groups the whole list has, exactly; null unless `complete`."
    )

    @strawberry.field(description="The rows with their cursors.")
    def edges(self) -> list[AudienceGroupEdge]:
        """The rows with their cursors."""
        return [
            AudienceGroupEdge(
                cursor=row.cursor, node=AudienceGroup.of(row.value.provider_key, row.value.ref, self.context)
            )
            for row in self.source.page.rows
        ]

    @strawberry.field(description="The rows without their cursors.")
    def nodes(self) -> list[AudienceGroup]:
        """The rows without their cursors."""
        known = self.source.page.values
        return [AudienceGroup.of(group.provider_key, group.ref, self.context) for group in known]

    @strawberry.field(description="Where this page lies in the list.")
    def page_info(self) -> PageInfo:
        """Where this page lies in the list."""
        rows = self.source.page.rows
        return PageInfo(
            more=known(bool(self.source.page.has_next)),
            earlier=known(self.after is not None),
            start_cursor=rows[0].cursor if rows else None,
            end_cursor=rows[-1].cursor if rows else None,
        )

    @strawberry.field(description="One line for each configured provider, in the order of the configuration.")
    def sources(self) -> list[SourceReport]:
        """One line for each configured provider."""
        return SourceReport.each_of(self.source.sources, self.context)

    @classmethod
    def of(cls, found: GroupPage, context: Context, *, after: str | None) -> "AudienceGroupConnection":
        """The page as a value; ``after`` as the caller gave it."""
        return cls(
            source=found,
            context=context,
            after=after if given(after) else None,
            complete=found.complete,
            total_count=found.page.total,
        )
