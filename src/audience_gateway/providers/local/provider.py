"""The local store as a provider of audiences."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType

from audience_gateway.config import LOCAL_KEY, validate
from audience_gateway.domain.audience import Audience, AudienceSize, AudienceStatus, SizeBasis
from audience_gateway.domain.capability import NATIVE, Capabilities, Operation
from audience_gateway.domain.errors import BadInput, GatewayError, NotFound
from audience_gateway.domain.identity import Identifier, IdentifierKind
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page, Row
from audience_gateway.domain.rule_fields import ANY_ATTRIBUTE, FIELDS, OPERATORS, FieldType
from audience_gateway.ports import Clock, MembersRequest, Provider, ProviderResources, Store
from audience_gateway.providers.local.config import LocalSettings

CAPABILITIES = Capabilities(
    operations=MappingProxyType(
        {
            Operation.LIST: NATIVE,
            Operation.GET: NATIVE,
            Operation.READ_SIZE: NATIVE,
            Operation.LIST_MEMBERS: NATIVE,
            Operation.SEARCH_MEMBERS: NATIVE,
            Operation.GET_MEMBER: NATIVE,
            Operation.LIST_CANDIDATES: NATIVE,
        }
    ),
    statuses=frozenset(AudienceStatus),
    batches=frozenset({Operation.GET, Operation.LIST_MEMBERS}),
    memberships=True,
    identifiers=frozenset(IdentifierKind),
    rule_fields=MappingProxyType(
        {name: OPERATORS[kind] for name, kind in (*FIELDS.items(), (ANY_ATTRIBUTE, FieldType.ANY))}
    ),
)
"""What the local store can do for readers."""


class LocalProvider(Provider):
    """The local store. The port states what the methods promise."""

    dialect = "local"
    capabilities = CAPABILITIES

    def __init__(self, key: str, display_name: str, store: Store, clock: Clock) -> None:
        self.key = key
        self.display_name = display_name
        self._store = store
        self._clock = clock

    async def list_audiences(self, *, status: AudienceStatus, first: int, after: str | None) -> Page[Audience]:
        """Newest first."""
        with self._named():
            page = await self._store.list_audiences(status=status, first=first, after=after)
        rows = tuple(Row(self._own(row.value), row.cursor) for row in page.rows)
        return replace(page, rows=rows)

    async def get_audience(self, native_id: str) -> Audience:
        """One audience of either status."""
        (answer,) = await self.get_audiences([native_id])
        if isinstance(answer, GatewayError):
            raise answer
        return answer

    async def get_audiences(self, native_ids: Sequence[str]) -> Sequence[Audience | GatewayError]:
        """All in one statement."""
        with self._named():
            found = await self._store.get_audiences(native_ids)
        return [
            self._own(found[native_id]) if native_id in found else self._no_audience(native_id)
            for native_id in native_ids
        ]

    async def read_size(self, native_id: str) -> AudienceSize:
        """As the audience carries it."""
        audience = await self.get_audience(native_id)
        return audience.size or AudienceSize(None, SizeBasis.UNKNOWN)

    async def list_members(self, request: MembersRequest) -> Page[Member]:
        """Whoever was stored last first."""
        with self._named():
            (page,) = await self._store.list_members([request])
        return self._people(page, request)

    async def list_members_of_many(self, requests: Sequence[MembersRequest]) -> Sequence[Page[Member] | GatewayError]:
        """All in one statement, unless one of the requests is at fault: then each by itself, so that it fails alone."""
        try:
            with self._named():
                pages = await self._store.list_members(requests)
        except BadInput:
            return await asyncio.gather(*(self._page_or_fault(request) for request in requests))
        return [
            self._no_audience(request.native_id) if page is None else self._people(page, request)
            for page, request in zip(pages, requests, strict=True)
        ]

    async def list_candidates(self, request: MembersRequest) -> Page[Member]:
        """Everybody in the store who is not in the audience, whoever was stored last first."""
        with self._named():
            page = await self._store.list_candidates(request)
        return self._people(page, request)

    async def contains(self, native_id: str, identifier: Identifier) -> bool:
        """In one statement."""
        with self._named():
            found = await self._store.contains(native_id, identifier)
        if found is None:
            raise self._no_audience(native_id)
        return found

    async def get_member(self, native_id: str) -> Member:
        """One person."""
        with self._named():
            member = await self._store.get_member(native_id)
        if member is None:
            raise NotFound(f"{self.display_name} has no such member.", provider_key=self.key)
        return replace(member, provider_key=self.key)

    async def close(self) -> None:
        """Nothing: the store belongs to the gateway."""

    async def _page_or_fault(self, request: MembersRequest) -> Page[Member] | GatewayError:
        try:
            return await self.list_members(request)
        except GatewayError as error:
            return error

    def _own(self, audience: Audience) -> Audience:
        """The audience under this provider's key; what the store says is true now."""
        now = self._clock.now()
        size = None if audience.size is None else replace(audience.size, as_of=now)
        return replace(audience, provider_key=self.key, fetched_at=now, size=size)

    def _people(self, page: Page[Member] | None, request: MembersRequest) -> Page[Member]:
        """The page under this provider's key; raises NotFound when there is none."""
        if page is None:
            raise self._no_audience(request.native_id)
        if self.key == LOCAL_KEY:
            return page
        return replace(
            page, rows=tuple(Row(replace(row.value, provider_key=self.key), row.cursor) for row in page.rows)
        )

    def _no_audience(self, native_id: str) -> NotFound:
        return NotFound(f"{self.display_name} has no audience {native_id!r}.", provider_key=self.key)

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Put this provider's key on the store's errors."""
        try:
            yield
        except GatewayError as error:
            error.provider_key = self.key
            raise


def connect(resources: ProviderResources) -> Provider:
    """A provider over the gateway's store; raises ConfigurationError with one line a problem."""
    settings = validate(LocalSettings, resources.settings, f"providers.{resources.key}")
    return LocalProvider(resources.key, settings.display_name, resources.store, resources.clock)
