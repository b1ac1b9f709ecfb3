"""What one operation carries: the services, its deadline, its loaders."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from strawberry.types import Info

from audience_gateway.domain.audience import Audience, AudienceRef, AudienceSize, Materialization, SourceList
from audience_gateway.domain.errors import GatewayError
from audience_gateway.domain.group import AudienceGroup, GroupKey, GroupMember
from audience_gateway.domain.member import Member, MemberRef
from audience_gateway.domain.page import Page
from audience_gateway.graphql.batching import Batch
from audience_gateway.ports import Clock
from audience_gateway.services.audiences import Audiences
from audience_gateway.services.catalogue import AudiencePage, Catalogue
from audience_gateway.services.cursors import Cursors
from audience_gateway.services.directory import Directory, MembershipKey, MembersKey
from audience_gateway.services.group_contents import GroupMembersKey, get_groups, list_group_members
from audience_gateway.services.groups import Groups
from audience_gateway.services.memberships import Memberships, MembershipsKey
from audience_gateway.services.rules import Rules
from audience_gateway.services.sizes import Sizes
from audience_gateway.services.sources import Sources


@dataclass(frozen=True, slots=True)
class Services:
    """What every operation shares."""

    directory: Directory
    audiences: Audiences
    catalogue: Catalogue
    groups: Groups
    memberships: Memberships
    rules: Rules
    sizes: Sizes
    sources: Sources
    cursors: Cursors
    clock: Clock
    deadline_seconds: float


class Loaders:
    """One set of batches for one operation; nothing is remembered beyond it."""

    def __init__(self, services: Services, deadline: float) -> None:
        directory = services.directory
        self.audiences = Batch[AudienceRef, Audience](
            partial(services.audiences.get, deadline=deadline), deadline=deadline
        )
        self.whole_audiences = Batch[AudienceRef, Audience](
            partial(directory.get_audiences, deadline=deadline), deadline=deadline
        )
        self.members = Batch[MemberRef, Member](partial(directory.get_members, deadline=deadline), deadline=deadline)
        self.member_pages = Batch[MembersKey, Page[Member]](
            partial(directory.list_members, deadline=deadline), deadline=deadline
        )
        self.candidate_pages = Batch[MembersKey, Page[Member]](
            partial(directory.list_candidates, deadline=deadline), deadline=deadline
        )
        self.memberships = Batch[MembershipKey, bool](partial(directory.contain, deadline=deadline), deadline=deadline)
        self.materializations = Batch[AudienceRef, Materialization](
            partial(directory.read_materializations, deadline=deadline), deadline=deadline
        )
        self.source_lists = Batch[str, Sequence[SourceList | GatewayError]](
            partial(directory.list_source_lists, deadline=deadline), deadline=deadline
        )
        self.groups = Batch[GroupKey, AudienceGroup](
            partial(get_groups, directory, deadline=deadline), deadline=deadline
        )
        self.group_member_pages = Batch[GroupMembersKey, Page[GroupMember]](
            partial(list_group_members, directory, deadline=deadline), deadline=deadline
        )
        self.audiences_of_members = Batch[MembershipsKey, AudiencePage](
            partial(services.memberships.pages, deadline=deadline), deadline=deadline
        )
        self.catalogue_moments = Batch[str, datetime | None](services.sources.read_at, deadline=deadline)
        self.sizes = Batch[AudienceRef, AudienceSize](
            partial(services.sizes.read, deadline=deadline), deadline=deadline
        )

    def abandon(self) -> None:
        """Stop every batch that is under way."""
        for batch in vars(self).values():
            batch.abandon()


class Context:
    """Built inside the running event loop, for one operation."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.deadline = asyncio.get_running_loop().time() + services.deadline_seconds
        self.loaders = Loaders(services, self.deadline)


GatewayInfo = Info[Context, None]
