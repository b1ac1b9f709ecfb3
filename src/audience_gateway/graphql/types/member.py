"""Members and their connection."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET
from strawberry.scalars import JSON

from audience_gateway.domain import member as domain
from audience_gateway.domain.errors import GatewayError
from audience_gateway.domain.node_id import NodeId, NodeType
from audience_gateway.domain.page import Page, Row
from audience_gateway.graphql.batching import Batch
from audience_gateway.graphql.context import Context, GatewayInfo
from audience_gateway.graphql.types.node import Node
from audience_gateway.graphql.types.page import After, First, PageInfo, given, known, page_request
from audience_gateway.graphql.types.provider import Provider
from audience_gateway.services.directory import MembersKey
from audience_gateway.services.members import MembersQuestion
from audience_gateway.services.memberships import MembershipsKey

if TYPE_CHECKING:
    from audience_gateway.graphql.types.audience_connection import AudienceConnection

_CONNECTION_MODULE = strawberry.lazy("audience_gateway.graphql.types.audience_connection")

Search = Annotated[
    str | None,
    strawberry.argument(description="Only people whose name, e-mail or phone holds this text, without case."),
]


@strawberry.type(description="A person as one provider knows them. Facts the provider does not have are null.")
class Member(Node):
    """A person as one provider knows them."""

    provider: Provider = strawberry.field(description="Who knows this person.")
    native_id: str = strawberry.field(description="The provider's own identifier of the person.")
    email: str | None = strawberry.field(description="E-mail address.")
    phone: str | None = strawberry.field(description="Phone number in E.164 form.")
    full_name: str | None = strawberry.field(description="Name for people.")
    external_id: str | None = strawberry.field(description="The identifier your own systems gave the person.")
    language: str | None = strawberry.field(description="Language tag such as `hi-IN`.")
    total_orders: int | None = strawberry.field(description="How many orders, ever.")
    total_order_value: Decimal | None = strawberry.field(
        description="What all orders were worth, in major units of the provider's currency."
    )
    last_order_at: datetime | None = strawberry.field(description="When the last order was placed.")
    created_at: datetime | None = strawberry.field(description="When the provider first knew the person.")
    updated_at: datetime | None = strawberry.field(description="When the provider last changed the person.")
    source: strawberry.Private[domain.Member]

    @strawberry.field(description="Whatever else the provider keeps about the person, by name; null where it cannot.")
    def attributes(
        self,
        keys: Annotated[
            list[str] | None, strawberry.argument(description="Only these names; all of them when left out.")
        ] = UNSET,
    ) -> JSON | None:
        """Whatever else the provider keeps about the person."""
        kept = self.source.attributes
        if kept is None:
            return None
        return JSON({key: value for key, value in kept.items() if not given(keys) or key in keys})

    @strawberry.field(
        description="The active audiences of the same provider that the person is in, newest first. Only where the "
        "provider tells: for people of our own store, and for members in lists of an audience of Fanfare's."
    )
    async def audiences(
        self, info: GatewayInfo, first: First = UNSET, after: After = UNSET
    ) -> Annotated["AudienceConnection", _CONNECTION_MODULE] | None:
        """The audiences that the person is in."""
        from audience_gateway.graphql.types.audience_connection import (  # noqa: PLC0415 (audiences hold members too)
            AudienceConnection,
        )

        request = page_request(first, after, UNSET, UNSET)
        key = MembershipsKey.of(self.source, self.provider.source.capabilities, request)
        return AudienceConnection.of(await info.context.loaders.audiences_of_members.load(key), info.context)

    @classmethod
    def of(cls, member: domain.Member, context: Context) -> "Member":
        """The member as a value."""
        return cls(
            id=strawberry.ID(NodeId(NodeType.MEMBER, member.provider_key, member.native_id).encode()),
            provider=Provider.of(context.services.directory.provider(member.provider_key)),
            native_id=member.native_id,
            email=member.email,
            phone=member.phone,
            full_name=member.full_name,
            external_id=member.external_id,
            language=member.language,
            total_orders=member.total_orders,
            total_order_value=member.total_order_value,
            last_order_at=member.last_order_at,
            created_at=member.created_at,
            updated_at=member.updated_at,
            source=member,
        )


@strawberry.type(description="A member in a list.")
class MemberEdge:
    """A member in a list."""

    row: strawberry.Private[Row[domain.Member]]
    question: strawberry.Private[MembersQuestion]
    context: strawberry.Private[Context]

    @strawberry.field(description="The list goes on after this cursor, whatever page size is asked for next.")
    def cursor(self) -> str:
        """The cursor of this row."""
        return self.question.seal(self.row.cursor)

    @strawberry.field(description="The member.")
    def node(self) -> Member:
        """The member."""
        return Member.of(self.row.value, self.context)


@strawberry.type(description="A page of members.")
class MemberConnection:
    """A page of members."""

    page: strawberry.Private[Page[domain.Member]]
    question: strawberry.Private[MembersQuestion]
    pages: strawberry.Private[Batch[MembersKey, Page[domain.Member]]]
    context: strawberry.Private[Context]

    @strawberry.field(description="The rows with their cursors.")
    def edges(self) -> list[MemberEdge]:
        """The rows with their cursors."""
        return [MemberEdge(row=row, question=self.question, context=self.context) for row in self.page.rows]

    @strawberry.field(description="The rows without their cursors.")
    def nodes(self) -> list[Member]:
        """The rows without their cursors."""
        return [Member.of(member, self.context) for member in self.page.values]

    @strawberry.field(description="Where this page lies in the list.")
    def page_info(self) -> PageInfo:
        """Where this page lies in the list."""
        cursors = [self.question.seal(row.cursor) for row in (*self.page.rows[:1], *self.page.rows[-1:])]
        return PageInfo(
            more=self._has_next,
            earlier=known(self.question.request.after is not None),
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        )

    @strawberry.field(description="How many people the whole list has, exactly; null when the provider does not say.")
    def total_count(self) -> int | None:
        """How many members the whole list has."""
        return self.page.total

    async def _has_next(self) -> bool:
        if self.page.has_next is not None:
            return self.page.has_next
        try:
            peek = await self.pages.load(self.question.following(self.page))
        except GatewayError:
            # The rows in hand are worth more than the answer; whoever goes on meets the error, or the end.
            return True
        return bool(peek.rows)
