"""Anything by its global identifier."""

import strawberry

from audience_gateway.domain.audience import AudienceRef
from audience_gateway.domain.group import GroupKey
from audience_gateway.domain.job import JobRef
from audience_gateway.domain.member import MemberRef
from audience_gateway.domain.node_id import NodeId, NodeType
from audience_gateway.graphql.context import Context
from audience_gateway.graphql.types.audience import Audience
from audience_gateway.graphql.types.group import AudienceGroup
from audience_gateway.graphql.types.job import Job
from audience_gateway.graphql.types.member import Member
from audience_gateway.graphql.types.node import Node
from audience_gateway.graphql.types.provider import Provider
from audience_gateway.services.imports import import_of, with_imports


async def read_node(id: strawberry.ID, context: Context) -> Node:  # noqa: A002 (the schema's word)
    """Whatever the identifier names; raises BadId, NotFound and what the provider raises."""
    found = NodeId.decode(id)
    match found.type:
        case NodeType.AUDIENCE:
            audience = await context.loaders.audiences.load(AudienceRef(found.provider_key, found.native_id))
            return Audience.of(audience, context)
        case NodeType.MEMBER:
            member = await context.loaders.members.load(MemberRef(found.provider_key, found.native_id))
            return Member.of(member, context)
        case NodeType.GROUP:
            group = await context.loaders.groups.load(GroupKey(found.provider_key, found.native_id))
            return AudienceGroup.of(group.provider_key, group.ref, context)
        case NodeType.JOB:
            ref = JobRef.of(found)
            provider = context.services.directory.provider(ref.audience.provider_key)
            listed = await context.loaders.audiences.load(ref.audience)
            holder = await with_imports(listed, provider.capabilities, context.loaders.whole_audiences.load)
            return Job.of(import_of(holder, ref.native_id), holder, context)
        case NodeType.PROVIDER:
            return Provider.of(context.services.directory.provider(found.provider_key))
