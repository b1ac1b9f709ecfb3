"""Pages of a group's people."""

import strawberry

from audience_gateway.domain.errors import GatewayError
from audience_gateway.domain.group import AudienceGroup, GroupMember
from audience_gateway.domain.page import Page, Row
from audience_gateway.graphql.context import Context
from audience_gateway.graphql.types.audience import Audience
from audience_gateway.graphql.types.member import Member
from audience_gateway.graphql.types.page import PageInfo, known
from audience_gateway.services.group_contents import GroupMembersQuestion, audiences_of


@strawberry.type(description="A person of a group in a list.")
class GroupMemberEdge:
    """A person of a group in a list."""

    row: strawberry.Private[Row[GroupMember]]
    group: strawberry.Private[AudienceGroup]
    question: strawberry.Private[GroupMembersQuestion]
    context: strawberry.Private[Context]

    @strawberry.field(description="The list goes on after this cursor, whatever page size is asked for next.")
    def cursor(self) -> str:
        """The cursor of this row."""
        return self.question.seal(self.row.cursor)

    @strawberry.field(description="The person.")
    def node(self) -> Member:
        """The person."""
        return Member.of(self.row.value.member, self.context)

    @strawberry.field(description="The group's audiences that the person is in, in ladder order.")
    def audiences(self) -> list[Audience]:
        """The group's audiences that the person is in."""
        return [Audience.of(audience, self.context) for audience in audiences_of(self.group, self.row.value)]


@strawberry.type(description="A page of a group's people.")
class GroupMemberConnection:
    """A page of a group's people."""

    page: strawberry.Private[Page[GroupMember]]
    group: strawberry.Private[AudienceGroup]
    question: strawberry.Private[GroupMembersQuestion]
    context: strawberry.Private[Context]

    @strawberry.field(description="The rows with their cursors and the audiences each person is in.")
    def edges(self) -> list[GroupMemberEdge]:
        """The rows with their cursors."""
        return [
            GroupMemberEdge(row=row, group=self.group, question=self.question, context=self.context)
            for row in self.page.rows
        ]

    @strawberry.field(description="The people without their cursors.")
    def nodes(self) -> list[Member]:
        """The people without their cursors."""
        return [Member.of(row.member, self.context) for row in self.page.values]

    @strawberry.field(description="Where this page lies in the list.")
    def page_info(self) -> PageInfo:
        """Where this page lies in the list."""
        cursors = [self.question.seal(row.cursor) for row in (*self.page.rows[:1], *self.page.rows[-1:])]
        return PageInfo(
            more=self._has_next,
            earlier=known(self.question.key.request.after is not None),
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        )

    @strawberry.field(description="How many people the whole list has, exactly; null when the provider does not say.")
    def total_count(self) -> int | None:
        """How many people the whole list has."""
        return self.page.total

    async def _has_next(self) -> bool:
        if self.page.has_next is not None:
            return self.page.has_next
        try:
            peek = await self.context.loaders.group_member_pages.load(self.question.following(self.page))
        except GatewayError:
            # The rows in hand are worth more than the answer; whoever goes on meets the error, or the end.
            return True
        return bool(peek.rows)
