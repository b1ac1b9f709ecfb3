"""The root of all reading."""

import asyncio
from typing import Annotated, cast

import strawberry
from strawberry import UNSET

from audience_gateway.domain.audience import AudienceKind, AudienceRef, AudienceStatus
from audience_gateway.domain.errors import BadInput
from audience_gateway.domain.member import MemberRef
from audience_gateway.domain.node_id import NodeId, NodeType
from audience_gateway.domain.page import PAGE_LIMIT
from audience_gateway.graphql.context import Context, GatewayInfo
from audience_gateway.graphql.types.audience import Audience, AudienceConnection
from audience_gateway.graphql.types.member import Member
from audience_gateway.graphql.types.node import Node
from audience_gateway.graphql.types.page import After, First, given, page_size
from audience_gateway.graphql.types.provider import Provider
from audience_gateway.services.catalogue import AudienceQuery

Id = Annotated[strawberry.ID, strawberry.argument(description="A global identifier that the gateway gave out.")]


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


@strawberry.type(description="Everything that can be read.")
class Query:
    """Everything that can be read."""

    @strawberry.field(description="Anything by its global identifier; null with an error when there is none.")
    async def node(self, info: GatewayInfo, id: Id) -> Node | None:  # noqa: A002 (the schema's word)
        """Anything by its global identifier."""
        return await _node(id, info.context)

    @strawberry.field(
        description=f"Many things by their global identifiers, at most {PAGE_LIMIT}, in order; "
        "what cannot be had is null at its own position, with an error there."
    )
    async def nodes(
        self,
        info: GatewayInfo,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="Global identifiers, repeats allowed.")],
    ) -> list[Node | None]:
        """Many things by their global identifiers."""
        if len(ids) > PAGE_LIMIT:
            raise BadInput(f"ids: must be at most {PAGE_LIMIT}, not {len(ids)}.")
        answers = await asyncio.gather(*(_node(name, info.context) for name in ids), return_exceptions=True)
        # graphql-core makes an exception among the items an error at that item's position.
        return cast("list[Node | None]", answers)

    @strawberry.field(description="One audience of whatever status; null with an error when there is none.")
    async def audience(self, info: GatewayInfo, id: Id) -> Audience | None:  # noqa: A002 (the schema's word)
        """One audience."""
        found = NodeId.decode_as(id, NodeType.AUDIENCE)
        audience = await info.context.loaders.audiences.load(AudienceRef(found.provider_key, found.native_id))
        return Audience.of(audience, info.context)

    @strawberry.field(
        description="Audiences of all providers side by side, newest first. "
        "A provider that fails is named in `sources`; the others are unaffected."
    )
    async def audiences(
        self,
        info: GatewayInfo,
        first: First = UNSET,
        after: After = UNSET,
        filter: Annotated[  # noqa: A002 (the schema's word)
            AudienceFilter | None, strawberry.argument(description="Which audiences; all active ones when left out.")
        ] = UNSET,
    ) -> AudienceConnection | None:
        """Audiences of all providers."""
        services = info.context.services
        query = filter.query() if filter else AudienceQuery()
        plan = services.catalogue.plan(query, first=page_size(first), after=after if given(after) else None)
        answers = await info.context.loaders.listings.load_each(plan.keys)
        found = services.catalogue.page(plan, answers, now=services.clock.now())
        return AudienceConnection(
            source=found,
            context=info.context,
            after=after if given(after) else None,
            complete=found.complete,
            total_count=found.page.total,
        )

    @strawberry.field(description="All configured providers, in the order of the configuration, our own store first.")
    def providers(self, info: GatewayInfo) -> list[Provider]:
        """All configured providers."""
        return [Provider.of(provider) for provider in info.context.services.directory.providers.values()]

    @strawberry.field(description="One provider; null with an error when there is none of that key.")
    def provider(
        self,
        info: GatewayInfo,
        key: Annotated[str, strawberry.argument(description="The operator's name for the account.")],
    ) -> Provider | None:
        """One provider."""
        return Provider.of(info.context.services.directory.provider(key))


async def _node(id: strawberry.ID, context: Context) -> Node:  # noqa: A002 (the schema's word)
    """Whatever the identifier names; raises BadId, NotFound and what the provider raises."""
    found = NodeId.decode(id)
    match found.type:
        case NodeType.AUDIENCE:
            audience = await context.loaders.audiences.load(AudienceRef(found.provider_key, found.native_id))
            return Audience.of(audience, context)
        case NodeType.MEMBER:
            member = await context.loaders.members.load(MemberRef(found.provider_key, found.native_id))
            return Member.of(member, context)
        case NodeType.PROVIDER:
            return Provider.of(context.services.directory.provider(found.provider_key))
