"""A Fanfare account as a provider of audiences."""

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from audience_gateway.config import validate
from audience_gateway.domain.audience import Audience, AudienceSize, AudienceStatus, Materialization
from audience_gateway.domain.capability import NATIVE, Capabilities, Capability, Operation, Restriction, Support
from audience_gateway.domain.errors import NotFound, UpstreamBadResponse
from audience_gateway.domain.group import AudienceGroup, GroupMember
from audience_gateway.domain.identity import Identifier, IdentifierKind
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page
from audience_gateway.ports import Clock, MembersRequest, Provider, ProviderResources
from audience_gateway.providers.fanfare.client import DataPage, FanfareClient, authorization, explain
from audience_gateway.providers.fanfare.config import FanfareSettings
from audience_gateway.providers.fanfare.groups import group_of
from audience_gateway.providers.fanfare.mapping import (
    audience_of,
    group_member_of,
    materialization_of,
    member_of,
    size_of,
)
from audience_gateway.providers.fanfare.paging import CursorPage, FetchPage, read_cursored
from audience_gateway.providers.fanfare.rules import RULE_FIELDS
from audience_gateway.upstream import finding
from audience_gateway.upstream.client import UpstreamClient
from audience_gateway.upstream.marks import ListMark
from audience_gateway.upstream.records import Record, read_each

T = TypeVar("T")

_ACTIVE_ONLY = Restriction(
    reason="Fanfare shows nothing of what is in archived audiences.", statuses=frozenset({AudienceStatus.ACTIVE})
)

CAPABILITIES = Capabilities(
    operations=MappingProxyType(
        {
            Operation.LIST: NATIVE,
            Operation.GET: NATIVE,
            Operation.READ_SIZE: Capability(
                Support.NATIVE, "One call an audience; counts stored membership, which may lag behind the rule."
            ),
            Operation.LIST_MEMBERS: Capability(Support.NATIVE, finding.NOTE),
            Operation.SEARCH_MEMBERS: NATIVE,
            Operation.READ_MATERIALIZATION: NATIVE,
            Operation.READ_GROUPS: NATIVE,
        }
    ),
    unlisted=frozenset({AudienceStatus.ARCHIVED}),
    reports_imports=True,
    identifiers=frozenset({IdentifierKind.EMAIL, IdentifierKind.PHONE}),
    restrictions=MappingProxyType(
        dict.fromkeys(
            (
                Operation.READ_SIZE,
                Operation.LIST_MEMBERS,
                Operation.SEARCH_MEMBERS,
                Operation.READ_MATERIALIZATION,
            ),
            _ACTIVE_ONLY,
        )
    ),
    memberships=True,
    calls_per_minute=1_000,
    rule_fields=RULE_FIELDS,
)
"""What Fanfare can do for readers."""


class FanfareProvider(Provider):
    """One Fanfare account. The port states what the methods promise."""

    dialect = "fanfare"
    capabilities = CAPABILITIES

    def __init__(self, key: str, display_name: str, client: FanfareClient, clock: Clock) -> None:
        self.key = key
        self.display_name = display_name
        self._client = client
        self._clock = clock

    async def list_audiences(self, *, status: AudienceStatus, first: int, after: str | None) -> Page[Audience]:  # noqa: ARG002 (Fanfare lists no archived ones)
        """In Fanfare's order, without sizes; ``total`` is not known."""

        async def fetch(size: int, cursor: str | None) -> CursorPage[Audience]:
            reply = await self._client.list_audiences(first=size, after=cursor)
            fetched_at = self._clock.now()
            return self._read(reply, lambda record: audience_of(record, fetched_at))

        mark = ListMark.of(self.key, "audiences")
        return await self._list(fetch, mark, lambda audience: audience.native_id, first, after)

    async def get_audience(self, native_id: str) -> Audience:
        """One audience, archived or not, without its size."""
        record = await self._client.get_audience(native_id)
        return audience_of(record, self._clock.now())

    async def list_members(self, request: MembersRequest) -> Page[Member]:
        """Newest first; ``total`` is not known. Archived audiences are NotFound."""

        async def fetch(size: int, cursor: str | None) -> CursorPage[Member]:
            reply = await self._client.list_members(
                request.native_id,
                first=size,
                after=cursor,
                search=request.search,
                with_audiences=request.with_audiences,
            )
            return self._read(reply, member_of)

        mark = ListMark.of(self.key, "members", request.native_id, request.search)
        return await self._list(fetch, mark, lambda member: member.native_id, request.first, request.after)

    async def contains(self, native_id: str, identifier: Identifier) -> bool:
        """By e-mail or phone, which Fanfare's search looks at. Archived audiences are NotFound."""
        return await finding.is_found(self.list_members, native_id, identifier, provider_key=self.key)

    async def read_size(self, native_id: str) -> AudienceSize:
        """The count of stored membership; the audience says how old that is (``members_as_of``)."""
        return size_of(await self._client.get_count(native_id))

    async def read_materialization(self, native_id: str) -> Materialization:
        """How far stored membership follows the rule, the import or the sync source."""
        return materialization_of(await self._client.get_status(native_id))

    async def get_group(self, native_id: str) -> AudienceGroup:
        """A group whole, in one call; of which nothing can be read, the first problem is raised."""
        reply = await self._client.get_group(native_id)
        fetched_at = self._clock.now()
        outcomes = read_each(self.key, reply.data, reply.path, lambda record: audience_of(record, fetched_at))
        if not outcomes:
            raise NotFound(f"{self.key} has no group {native_id}.", provider_key=self.key)
        problems = tuple(outcome for outcome in outcomes if isinstance(outcome, UpstreamBadResponse))
        audiences = [outcome for outcome in outcomes if not isinstance(outcome, UpstreamBadResponse)]
        if not audiences:
            raise problems[0]
        return replace(group_of(self.key, native_id, audiences), problems=problems)

    async def list_group_members(self, request: MembersRequest, *, audience_id: str | None) -> Page[GroupMember]:
        """Newest first; ``total`` is not known. An audience outside the group is UpstreamRejected."""

        async def fetch(size: int, cursor: str | None) -> CursorPage[GroupMember]:
            reply = await self._client.list_group_members(
                request.native_id, first=size, after=cursor, search=request.search, audience_id=audience_id
            )
            return self._read(reply, group_member_of)

        mark = ListMark.of(self.key, "group", request.native_id, request.search, audience_id)
        return await self._list(fetch, mark, lambda row: row.member.native_id, request.first, request.after)

    async def close(self) -> None:
        """Nothing: connections belong to the shared transport."""

    async def _list(
        self, fetch: FetchPage[T], mark: ListMark, identify: Callable[[T], str], first: int, after: str | None
    ) -> Page[T]:
        position = mark.position_in(after)
        page = await read_cursored(fetch, identify=identify, provider_key=self.key, first=first, after=position)
        return mark.on(page)

    def _read(self, reply: DataPage, read: Callable[[Record], T]) -> CursorPage[T]:
        outcomes = read_each(self.key, reply.data, reply.path, read)
        return CursorPage(outcomes, reply.end_cursor, reply.has_next, reply.whole)


def connect(resources: ProviderResources) -> Provider:
    """A provider for one configured account; raises ConfigurationError with one line a problem."""
    settings = validate(FanfareSettings, resources.settings, f"providers.{resources.key}")
    upstream = UpstreamClient(resources, settings, authorization=authorization, explain=explain)
    return FanfareProvider(
        resources.key, settings.display_name, FanfareClient(upstream, resources.key), resources.clock
    )
