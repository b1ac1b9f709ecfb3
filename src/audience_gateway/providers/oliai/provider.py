"""An OliAI account as a provider of audiences."""

from types import MappingProxyType
from typing import Protocol

from audience_gateway.config import validate
from audience_gateway.domain.audience import Audience, AudienceSize, AudienceStatus, SizeBasis
from audience_gateway.domain.capability import NATIVE, Capabilities, Capability, Operation, Support
from audience_gateway.domain.identity import Identifier, IdentifierKind
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page
from audience_gateway.ports import Clock, MembersRequest, Provider, ProviderResources
from audience_gateway.providers.oliai.client import DataPage, OliaiClient, authorization, explain
from audience_gateway.providers.oliai.config import OliaiSettings
from audience_gateway.providers.oliai.mapping import audience_of, member_of
from audience_gateway.upstream import finding
from audience_gateway.upstream.client import UpstreamClient
from audience_gateway.upstream.marks import ListMark
from audience_gateway.upstream.numbered import NumberedPage, read_numbered
from audience_gateway.upstream.records import read_each

_LARGE_PAGES = "A page of more than 50 rows costs two calls, so that nobody is missed while others come and go."

CAPABILITIES = Capabilities(
    operations=MappingProxyType(
        {
            Operation.LIST: NATIVE,
            Operation.GET: NATIVE,
            Operation.READ_SIZE: NATIVE,
            Operation.LIST_MEMBERS: Capability(Support.NATIVE, f"{_LARGE_PAGES} {finding.NOTE}"),
            Operation.SEARCH_MEMBERS: Capability(
                Support.NATIVE, "Looks at name and phone number; OliAI has no e-mail."
            ),
            Operation.GET_MEMBER: NATIVE,
            Operation.LIST_CANDIDATES: Capability(Support.NATIVE, _LARGE_PAGES),
        }
    ),
    calls_per_minute=60,
    identifiers=frozenset({IdentifierKind.PHONE}),
)
"""What OliAI can do for readers."""


class _AskForContacts(Protocol):
    async def __call__(self, audience_id: str, *, page: int, limit: int, search: str | None) -> DataPage: ...


class OliaiProvider(Provider):
    """One OliAI account. The port states what the methods promise."""

    dialect = "oliai"
    capabilities = CAPABILITIES

    def __init__(self, key: str, display_name: str, client: OliaiClient, clock: Clock) -> None:
        self.key = key
        self.display_name = display_name
        self._client = client
        self._clock = clock

    async def list_audiences(self, *, status: AudienceStatus, first: int, after: str | None) -> Page[Audience]:  # noqa: ARG002 (OliAI keeps no archived ones)
        """Newest first, as OliAI sends them."""

        async def fetch(page: int, limit: int) -> NumberedPage[Audience]:
            reply = await self._client.list_audiences(page=page, limit=limit)
            fetched_at = self._clock.now()
            audiences = read_each(self.key, reply.data, "data", lambda record: audience_of(record, fetched_at))
            return NumberedPage(audiences, reply.total, reply.limit)

        mark = ListMark.of(self.key, "audiences")
        position = mark.position_in(after)
        page = await read_numbered(fetch, provider_key=self.key, first=first, after=position, verify=False)
        return mark.on(page)

    async def get_audience(self, native_id: str) -> Audience:
        """One audience; deleted ones are gone for good."""
        record = await self._client.get_audience(native_id)
        return audience_of(record, self._clock.now())

    async def list_members(self, request: MembersRequest) -> Page[Member]:
        """Newest first, as OliAI sends them; ``total`` counts what the search found."""
        return await self._contacts(self._client.list_contacts, request, "members")

    async def contains(self, native_id: str, identifier: Identifier) -> bool:
        """By phone number, which OliAI's search looks at."""
        return await finding.is_found(self.list_members, native_id, identifier, provider_key=self.key)

    async def list_candidates(self, request: MembersRequest) -> Page[Member]:
        """Newest first, as OliAI sends them; ``total`` counts what the search found."""
        return await self._contacts(self._client.list_available_contacts, request, "candidates")

    async def get_member(self, native_id: str) -> Member:
        """One contact of the organisation, in whatever audience."""
        return member_of(await self._client.get_contact(native_id))

    async def read_size(self, native_id: str) -> AudienceSize:
        """The live count that the audience carries."""
        audience = await self.get_audience(native_id)
        return audience.size or AudienceSize(None, SizeBasis.UNKNOWN)

    async def close(self) -> None:
        """Nothing: connections belong to the shared transport."""

    async def _contacts(self, ask: _AskForContacts, request: MembersRequest, kind: str) -> Page[Member]:
        async def fetch(page: int, limit: int) -> NumberedPage[Member]:
            reply = await ask(request.native_id, page=page, limit=limit, search=request.search)
            return NumberedPage(read_each(self.key, reply.data, "data", member_of), reply.total, reply.limit)

        mark = ListMark.of(self.key, kind, request.native_id, request.search)
        position = mark.position_in(request.after)
        return mark.on(await read_numbered(fetch, provider_key=self.key, first=request.first, after=position))


def connect(resources: ProviderResources) -> Provider:
    """A provider for one configured account; raises ConfigurationError with one line a problem."""
    settings = validate(OliaiSettings, resources.settings, f"providers.{resources.key}")
    upstream = UpstreamClient(resources, settings, authorization=authorization, explain=explain)
    return OliaiProvider(resources.key, settings.display_name, OliaiClient(upstream, resources.key), resources.clock)
