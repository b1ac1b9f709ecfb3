"""A provider that hands everything on to a good one: the honest liar that all the others are made from."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from audience_gateway.domain.audience import Audience, AudienceSize, AudienceStatus, Materialization, SourceList
from audience_gateway.domain.errors import GatewayError
from audience_gateway.domain.group import AudienceGroup, GroupMember
from audience_gateway.domain.identity import Identifier
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page
from audience_gateway.ports import MembersRequest, Provider

T = TypeVar("T")
Read = Callable[[int, str | None], Awaitable[Page[T]]]


class Relay(Provider):
    """Says what ``inner`` says. Every page goes through :meth:`page`, where lies about pages are told."""

    def __init__(self, inner: Provider) -> None:
        self.key = inner.key
        self.dialect = inner.dialect
        self.display_name = inner.display_name
        self.capabilities = inner.capabilities
        self.inner = inner

    async def page(self, read: Read[T], first: int, after: str | None) -> Page[T]:
        """One page of whatever list ``read`` reads."""
        return await read(first, after)

    async def list_audiences(self, *, status: AudienceStatus, first: int, after: str | None) -> Page[Audience]:
        async def read(first: int, after: str | None) -> Page[Audience]:
            return await self.inner.list_audiences(status=status, first=first, after=after)

        return await self.page(read, first, after)

    async def get_audience(self, native_id: str) -> Audience:
        return await self.inner.get_audience(native_id)

    async def get_audiences(self, native_ids: Sequence[str]) -> Sequence[Audience | GatewayError]:
        return await self.inner.get_audiences(native_ids)

    async def list_members(self, request: MembersRequest) -> Page[Member]:
        async def read(first: int, after: str | None) -> Page[Member]:
            return await self.inner.list_members(replace(request, first=first, after=after))

        return await self.page(read, request.first, request.after)

    async def list_members_of_many(self, requests: Sequence[MembersRequest]) -> Sequence[Page[Member] | GatewayError]:
        return await self.inner.list_members_of_many(requests)

    async def list_candidates(self, request: MembersRequest) -> Page[Member]:
        async def read(first: int, after: str | None) -> Page[Member]:
            return await self.inner.list_candidates(replace(request, first=first, after=after))

        return await self.page(read, request.first, request.after)

    async def contains(self, native_id: str, identifier: Identifier) -> bool:
        return await self.inner.contains(native_id, identifier)

    async def get_member(self, native_id: str) -> Member:
        return await self.inner.get_member(native_id)

    async def read_size(self, native_id: str) -> AudienceSize:
        return await self.inner.read_size(native_id)

    async def read_materialization(self, native_id: str) -> Materialization:
        return await self.inner.read_materialization(native_id)

    async def get_group(self, native_id: str) -> AudienceGroup:
        return await self.inner.get_group(native_id)

    async def list_group_members(self, request: MembersRequest, *, audience_id: str | None) -> Page[GroupMember]:
        async def read(first: int, after: str | None) -> Page[GroupMember]:
            wanted = replace(request, first=first, after=after)
            return await self.inner.list_group_members(wanted, audience_id=audience_id)

        return await self.page(read, request.first, request.after)

    async def list_source_lists(self) -> Sequence[SourceList | GatewayError]:
        return await self.inner.list_source_lists()

    async def close(self) -> None:
        await self.inner.close()
