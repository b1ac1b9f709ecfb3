"""The root of all reading."""

import asyncio
from typing import Annotated, cast

import strawberry
from strawberry import UNSET

from audience_gateway.config import LOCAL_KEY
from audience_gateway.domain import catalogue as domain
from audience_gateway.domain.audience import AudienceRef
from audience_gateway.domain.catalogue import AudienceQuery
from audience_gateway.domain.errors import BadInput
from audience_gateway.domain.group import GroupKey
from audience_gateway.domain.node_id import NodeId, NodeType
from audience_gateway.domain.page import PAGE_LIMIT
from audience_gateway.graphql.context import GatewayInfo
from audience_gateway.graphql.filters import AudienceFilter, AudienceGroupFilter, AudienceSort, max_age
from audience_gateway.graphql.nodes import read_node
from audience_gateway.graphql.rule_input import RuleInput
from audience_gateway.graphql.types.audience import Audience
from audience_gateway.graphql.types.audience_connection import AudienceConnection
from audience_gateway.graphql.types.group import AudienceGroup
from audience_gateway.graphql.types.group_connection import AudienceGroupConnection
from audience_gateway.graphql.types.node import Node
from audience_gateway.graphql.types.page import After, Before, First, Last, given, page_request, page_size
from audience_gateway.graphql.types.provider import Provider
from audience_gateway.graphql.types.rule_preview import RuleField, RulePreview
from audience_gateway.graphql.types.viewer import Viewer
from audience_gateway.services.access import anybody
from audience_gateway.services.groups import GroupQuery

Id = Annotated[strawberry.ID, strawberry.argument(description="A global identifier that the gateway gave out.")]

_SAMPLE = 10


@strawberry.type(description="Everything that can be read.")
class Query:
    """Everything that can be read."""

    @strawberry.field(description="Anything by its global identifier; null with an error when there is none.")
    async def node(self, info: GatewayInfo, id: Id) -> Node | None:  # noqa: A002 (the schema's word)
        """Anything by its global identifier."""
        return await read_node(id, info.context)

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
        answers = await asyncio.gather(*(read_node(name, info.context) for name in ids), return_exceptions=True)
        # graphql-core makes an exception among the items an error at that item's position.
        return cast("list[Node | None]", answers)

    @strawberry.field(description="One audience of whatever status; null with an error when there is none.")
    async def audience(self, info: GatewayInfo, id: Id) -> Audience | None:  # noqa: A002 (the schema's word)
        """One audience."""
        found = NodeId.decode_as(id, NodeType.AUDIENCE)
        audience = await info.context.loaders.audiences.load(AudienceRef(found.provider_key, found.native_id))
        return Audience.of(audience, info.context)

    @strawberry.field(
        description="Audiences of all providers in one list, newest first unless `sort` says otherwise, paged both "
        "ways. They come from an index: what a provider said some time ago is served at once and asked anew in the "
        "background. A provider that fails is named in `sources`; the others are unaffected. An audience whose place "
        "in the order, or whose belonging to the list, changes during a walk may be met twice or not at all; every "
        "other is met exactly once."
    )
    async def audiences(
        self,
        info: GatewayInfo,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        filter: Annotated[  # noqa: A002 (the schema's word)
            AudienceFilter | None, strawberry.argument(description="Which audiences; all active ones when left out.")
        ] = UNSET,
        sort: Annotated[
            AudienceSort | None, strawberry.argument(description="In which order; newest first when left out.")
        ] = UNSET,
        max_age_seconds: Annotated[
            int | None,
            strawberry.argument(
                description="How old, in seconds, what the providers said may be: older answers are waited for, "
                "0 asks every provider now. When left out, nothing is waited for but a first answer."
            ),
        ] = UNSET,
    ) -> AudienceConnection | None:
        """Audiences of all providers."""
        found = await info.context.services.catalogue.page(
            filter.query() if filter else AudienceQuery(),
            sort.order() if sort else domain.AudienceSort(),
            page_request(first, after, last, before),
            max_age_seconds=max_age(max_age_seconds),
            deadline=info.context.deadline,
        )
        return AudienceConnection.of(found, info.context)

    @strawberry.field(
        description="One group with all its audiences, in one call; null with an error when there is none."
    )
    async def audience_group(self, info: GatewayInfo, id: Id) -> AudienceGroup | None:  # noqa: A002 (the schema's word)
        """One group."""
        found = NodeId.decode_as(id, NodeType.GROUP)
        group = await info.context.loaders.groups.load(GroupKey(found.provider_key, found.native_id))
        return AudienceGroup.of(group.provider_key, group.ref, info.context)

    @strawberry.field(
        description="Groups of all providers by name, known from the active audiences that name them: "
        "providers with groups are read as for `audiences`, once for both."
    )
    async def audience_groups(
        self,
        info: GatewayInfo,
        first: First = UNSET,
        after: After = UNSET,
        filter: Annotated[  # noqa: A002 (the schema's word)
            AudienceGroupFilter | None, strawberry.argument(description="Which groups; all of them when left out.")
        ] = UNSET,
    ) -> AudienceGroupConnection | None:
        """Groups of all providers."""
        services = info.context.services
        found = await services.groups.page(
            filter.query() if filter else GroupQuery(),
            first=page_size(first),
            after=after if given(after) else None,
            deadline=info.context.deadline,
        )
        return AudienceGroupConnection.of(found, info.context, after=after)

    @strawberry.field(description="All configured providers, in the order of the configuration, our own store first.")
    def providers(self, info: GatewayInfo) -> list[Provider]:
        """All configured providers."""
        return [Provider.of(provider) for provider in info.context.services.directory.providers.values()]

    @strawberry.field(description="Whoever asks, and what they may; for now everybody may read everything.")
    def viewer(self, info: GatewayInfo) -> Viewer:
        """Whoever asks."""
        return Viewer.of(anybody(info.context.services.directory), info.context)

    @strawberry.field(description="One provider; null with an error when there is none of that key.")
    def provider(
        self,
        info: GatewayInfo,
        key: Annotated[str, strawberry.argument(description="The operator's name for the account.")],
    ) -> Provider | None:
        """One provider."""
        return Provider.of(info.context.services.directory.provider(key))

    @strawberry.field(
        description="What rules may ask about, in a fixed order: at one provider, or at all of them together. "
        "Nothing where rules cannot be written; null with an error when there is no provider of that key."
    )
    def rule_fields(
        self,
        info: GatewayInfo,
        provider_key: Annotated[
            str | None, strawberry.argument(description="Only of this provider; of all of them when left out.")
        ] = UNSET,
    ) -> list[RuleField] | None:
        """What rules may ask about."""
        fields = info.context.services.rules.fields(provider_key if given(provider_key) else None)
        return [RuleField.of(field, info.context) for field in fields]

    @strawberry.field(
        description="Whom a rule would find now, without saving it. A rule with problems is null with one error, whose "
        "message and `code` are those of the first problem; `extensions.problems` lists all of them as "
        "`{code, message, path}`, where `path` walks from the argument `rule` to the part that is wrong, list "
        "positions as text. Only our own store can preview rules; other providers are UNSUPPORTED_OPERATION."
    )
    async def preview_rule(
        self,
        info: GatewayInfo,
        rule: Annotated[RuleInput, strawberry.argument(description="Who is looked for.")],
        provider_key: Annotated[str, strawberry.argument(description="Where to look.")] = LOCAL_KEY,
        first: Annotated[
            int | None,
            strawberry.argument(description=f"How many people to show, 1 to {PAGE_LIMIT}."),
        ] = _SAMPLE,
    ) -> RulePreview | None:
        """Whom a rule would find now."""
        found = await info.context.services.rules.preview(
            rule.node(),
            provider_key=provider_key,
            first=page_size(first, default=_SAMPLE),
            deadline=info.context.deadline,
        )
        return RulePreview.of(found, info.context)
