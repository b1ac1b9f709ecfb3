"""Audiences."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET
from strawberry.scalars import JSON

from audience_gateway.domain import audience as domain
from audience_gateway.domain.capability import Operation
from audience_gateway.domain.errors import BadInput
from audience_gateway.domain.node_id import NodeId, NodeType
from audience_gateway.graphql.context import Context, GatewayInfo
from audience_gateway.graphql.selections import selects
from audience_gateway.graphql.types.audience_facts import (
    ActionSupport,
    AudienceSize,
    Materialization,
    SourceList,
    SyncSource,
)
from audience_gateway.graphql.types.identifier import IdentifierInput
from audience_gateway.graphql.types.job import JobConnection
from audience_gateway.graphql.types.member import MemberConnection, Search
from audience_gateway.graphql.types.node import Node
from audience_gateway.graphql.types.page import After, First, given, page_size
from audience_gateway.graphql.types.provider import Provider
from audience_gateway.graphql.types.rule import Rule
from audience_gateway.services import actions, imports
from audience_gateway.services.directory import MembershipKey
from audience_gateway.services.members import MemberList, MembersQuestion

if TYPE_CHECKING:
    from audience_gateway.graphql.types.group import AudienceGroup, LoyaltyTier

_GROUP_MODULE = strawberry.lazy("audience_gateway.graphql.types.group")


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
            self._require(Operation.READ_SIZE)
            size = await info.context.loaders.sizes.load(self.source.ref)
        return AudienceSize.of(self.source.dated(size))

    @strawberry.field(description="Who belongs to it; null for static audiences and where the provider hides it.")
    def rule(self) -> Rule | None:
        """Who belongs to it."""
        return None if self.source.rule is None else Rule(source=self.source.rule)

    @strawberry.field(
        description="The sending lists that scope it, empty for all of the account's; null where there are none of the "
        "kind. Names and counts cost one call a provider."
    )
    def source_lists(self) -> list[SourceList] | None:
        """The sending lists that scope it."""
        lists = self.source.source_lists
        return None if lists is None else [SourceList.of(each, self.source.provider_key) for each in lists]

    @strawberry.field(description="The group it belongs to; null when it belongs to none. Its name costs no call.")
    def group(self, info: GatewayInfo) -> Annotated["AudienceGroup", _GROUP_MODULE] | None:
        """The group it belongs to."""
        from audience_gateway.graphql.types.group import AudienceGroup  # noqa: PLC0415 (groups hold audiences too)

        ref = self.source.group
        return None if ref is None else AudienceGroup.of(self.source.provider_key, ref, info.context)

    @strawberry.field(description="The step of a loyalty ladder that it is; null when it is none.")
    def tier(self, info: GatewayInfo) -> Annotated["LoyaltyTier", _GROUP_MODULE] | None:
        """The step of a loyalty ladder that it is."""
        from audience_gateway.graphql.types.group import LoyaltyTier  # noqa: PLC0415 (tiers hold audiences too)

        return LoyaltyTier.of(self.source, info.context)

    @strawberry.field(description="How far its stored membership follows its definition. One call an audience.")
    async def materialization(self, info: GatewayInfo) -> Materialization | None:
        """How far its stored membership follows its definition."""
        self._require(Operation.READ_MATERIALIZATION)
        found = await info.context.loaders.materializations.load(self.source.ref)
        return Materialization.of(found, self.source)

    @strawberry.field(description="The outside list that it is fed from; null when it is fed from none.")
    def sync_source(self) -> SyncSource | None:
        """The outside list that it is fed from."""
        source = self.source.sync_source
        return None if source is None else SyncSource.of(source, self.source)

    @strawberry.field(
        description="Imports of people into it, newest first, as its provider reports them; null where it reports "
        "none. They come with the audience: mostly no call."
    )
    async def imports(self, info: GatewayInfo, first: First = UNSET, after: After = UNSET) -> JobConnection | None:
        """Imports of people into it."""
        size, position = page_size(first), after if given(after) else None
        capabilities, get = self.provider.source.capabilities, info.context.loaders.whole_audiences.load
        whole = await imports.with_imports(self.source, capabilities, get)
        page = imports.import_page(whole, first=size, after=position, cursors=info.context.services.cursors)
        return None if page is None else JobConnection.of(page, whole, info.context, after=after)

    @strawberry.field(description="The people in it, in the provider's order. One call a page.")
    async def members(
        self, info: GatewayInfo, first: First = UNSET, after: After = UNSET, search: Search = UNSET
    ) -> MemberConnection | None:
        """The people in it."""
        question = self._question(info, MemberList.MEMBERS, first, after, search)
        self._require(Operation.LIST_MEMBERS)
        pages = info.context.loaders.member_pages
        return MemberConnection(
            page=await pages.load(question.key), question=question, pages=pages, context=info.context
        )

    @strawberry.field(
        description="The people who are not in it but could be, in the provider's order. One call a page. "
        "Cursors of members are no cursors of candidates."
    )
    async def candidates(
        self, info: GatewayInfo, first: First = UNSET, after: After = UNSET, search: Search = UNSET
    ) -> MemberConnection | None:
        """The people who are not in it but could be."""
        question = self._question(info, MemberList.CANDIDATES, first, after, search)
        self._require(Operation.LIST_CANDIDATES)
        pages = info.context.loaders.candidate_pages
        return MemberConnection(
            page=await pages.load(question.key), question=question, pages=pages, context=info.context
        )

    @strawberry.field(
        description="Whether one of its members has this identifier as their own. Providers tell by the `identifiers` "
        "they name; a search at the provider, mostly one call."
    )
    async def contains(
        self,
        info: GatewayInfo,
        identifier: Annotated[IdentifierInput, strawberry.argument(description="Who is asked for.")],
    ) -> bool | None:
        """Whether one of its members has this identifier."""
        wanted = identifier.identifier()
        actions.require_identifier(self.source.provider_key, self.provider.source.capabilities, wanted.kind)
        self._require(Operation.LIST_MEMBERS)
        return await info.context.loaders.memberships.load(MembershipKey(self.source.ref, wanted))

    @strawberry.field(
        description="What may be asked of this very audience, and why not: what the provider cannot do, "
        "or not for audiences of this kind or status. Costs no call."
    )
    def can(
        self,
        operations: Annotated[
            list[Operation] | None,
            strawberry.argument(description="Only these, in this order; all of them when left out."),
        ] = UNSET,
    ) -> list[ActionSupport]:
        """What may be asked of this very audience."""
        wanted = operations if given(operations) else tuple(Operation)
        if len(wanted) > len(Operation):
            raise BadInput(f"operations: must be at most {len(Operation)}, not {len(wanted)}.")
        found = actions.actions_on(self.source, self.provider.source.capabilities, wanted)
        return [ActionSupport.of(action) for action in found]

    @strawberry.field(description="The provider's own payload, as it was sent; null where there is none.")
    def raw(self) -> JSON | None:
        """The provider's own payload."""
        return None if self.source.raw is None else JSON(self.source.raw)

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

    def _require(self, operation: Operation) -> None:
        actions.require(self.source, self.provider.source.capabilities, operation)

    def _question(
        self, info: GatewayInfo, among: MemberList, first: int | None, after: str | None, search: str | None
    ) -> MembersQuestion:
        with_audiences = self.provider.source.capabilities.memberships and (
            selects(info, "nodes", "audiences") or selects(info, "edges", "node", "audiences")
        )
        return MembersQuestion.of(
            self.source.ref,
            first=page_size(first),
            after=after if given(after) else None,
            search=search if given(search) else None,
            cursors=info.context.services.cursors,
            among=among,
            with_audiences=with_audiences,
        )
