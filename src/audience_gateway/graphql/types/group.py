"""Groups of audiences and the loyalty tiers some of them are made of."""

from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry import UNSET

from audience_gateway.domain import audience as domain
from audience_gateway.domain.group import AudienceGroup as WholeGroup
from audience_gateway.domain.group import GroupKey
from audience_gateway.domain.node_id import NodeId, NodeType
from audience_gateway.graphql.context import Context, GatewayInfo
from audience_gateway.graphql.types.audience import Audience
from audience_gateway.graphql.types.audience_connection import AudienceConnection
from audience_gateway.graphql.types.group_member import GroupMemberConnection
from audience_gateway.graphql.types.member import Search
from audience_gateway.graphql.types.node import Node
from audience_gateway.graphql.types.page import After, First, given, page_size
from audience_gateway.graphql.types.provider import Provider
from audience_gateway.services import group_contents

OfAudience = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Only people of this audience, which must be one of the group's."),
]


@strawberry.type(
    description="One step of a loyalty ladder: from its start value up to, not including, its end value. "
    "What the values measure is the group's `tierAttribute`."
)
class LoyaltyTier:
    """One step of a loyalty ladder."""

    name: str = strawberry.field(description="Name for people.")
    order: int | None = strawberry.field(description="The position in the ladder; null when the provider does not say.")
    start_value: Decimal | None = strawberry.field(description="The least value that belongs to it; null for open.")
    end_value: Decimal | None = strawberry.field(description="The least value above it; null for open.")
    icon_name: str | None = strawberry.field(description="The provider's name of its picture; null without one.")
    audience: Audience = strawberry.field(description="The people on this step.")

    @classmethod
    def of(cls, audience: domain.Audience, context: Context) -> "LoyaltyTier | None":
        """The tier that ``audience`` is, as a value; None when it is none."""
        tier = audience.tier
        if tier is None:
            return None
        return cls(
            name=tier.name,
            order=tier.order,
            start_value=tier.start_value,
            end_value=tier.end_value,
            icon_name=tier.icon_name,
            audience=Audience.of(audience, context),
        )


@strawberry.type(
    description="A named group of audiences at one provider. What is in it costs one call a group, however much of it "
    "is asked for; pages of people cost one more each."
)
class AudienceGroup(Node):
    """A named group of audiences at one provider."""

    key: strawberry.Private[GroupKey]
    provider: Provider = strawberry.field(description="Who holds it.")
    native_id: str = strawberry.field(description="The provider's own identifier of the group.")
    name: str = strawberry.field(description="Name for people; not unique.")
    kind: domain.GroupKind = strawberry.field(description="What holds it together.")

    @strawberry.field(description="Its audiences, tiers in ladder order.")
    async def audiences(
        self, info: GatewayInfo, first: First = UNSET, after: After = UNSET
    ) -> AudienceConnection | None:
        """Its audiences."""
        services, size = info.context.services, page_size(first)
        found = group_contents.audience_page(
            await self._whole(info),
            first=size,
            after=after if given(after) else None,
            directory=services.directory,
            cursors=services.cursors,
        )
        return AudienceConnection.of(found, info.context)

    @strawberry.field(description="The people in its audiences, each once, in the provider's order.")
    async def members(
        self,
        info: GatewayInfo,
        first: First = UNSET,
        after: After = UNSET,
        search: Search = UNSET,
        audience_id: OfAudience = UNSET,
    ) -> GroupMemberConnection | None:
        """The people in its audiences."""
        question = group_contents.GroupMembersQuestion.of(
            self.key,
            first=page_size(first),
            after=after if given(after) else None,
            search=search if given(search) else None,
            audience=_audience(audience_id) if given(audience_id) else None,
            cursors=info.context.services.cursors,
        )
        loaders = info.context.loaders
        group, page = await question.ask(loaders.groups.load, loaders.group_member_pages.load)
        return GroupMemberConnection(page=page, group=group, question=question, context=info.context)

    @strawberry.field(
        description="What the tiers measure, in the provider's word, such as `totalOrders`; null unless LOYALTY_TIERS."
    )
    async def tier_attribute(self, info: GatewayInfo) -> str | None:
        """What the tiers measure."""
        return (await self._whole(info)).tier_attribute if group_contents.has_tiers(self.kind) else None

    @strawberry.field(description="Its tiers in ladder order; null unless LOYALTY_TIERS.")
    async def tiers(self, info: GatewayInfo) -> list[LoyaltyTier] | None:
        """Its tiers in ladder order."""
        if not group_contents.has_tiers(self.kind):
            return None
        audiences = group_contents.tiers_of(await self._whole(info)) or ()
        tiers = [LoyaltyTier.of(audience, info.context) for audience in audiences]
        return [tier for tier in tiers if tier is not None]

    @classmethod
    def of(cls, provider_key: str, ref: domain.GroupRef, context: Context) -> "AudienceGroup":
        """The group as a value; what is in it is read when asked for."""
        return cls(
            id=strawberry.ID(NodeId(NodeType.GROUP, provider_key, ref.native_id).encode()),
            key=GroupKey(provider_key, ref.native_id),
            provider=Provider.of(context.services.directory.provider(provider_key)),
            native_id=ref.native_id,
            name=ref.name,
            kind=ref.kind,
        )

    async def _whole(self, info: GatewayInfo) -> WholeGroup:
        return await info.context.loaders.groups.load(self.key)


def _audience(audience_id: strawberry.ID) -> domain.AudienceRef:
    found = NodeId.decode_as(audience_id, NodeType.AUDIENCE)
    return domain.AudienceRef(found.provider_key, found.native_id)
