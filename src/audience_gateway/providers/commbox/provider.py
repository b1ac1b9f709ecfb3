"""A CommBox account as a provider of audiences."""

from collections.abc import Sequence
from types import MappingProxyType

import msgspec

from audience_gateway.config import validate
from audience_gateway.domain.audience import Audience, AudienceKind, AudienceSize, AudienceStatus, SizeBasis
from audience_gateway.domain.capability import Capabilities, Capability, Operation, Restriction, Support, emulated
from audience_gateway.domain.errors import BadCursor, GatewayError
from audience_gateway.domain.page import Page, Row
from audience_gateway.ports import Clock, Provider, ProviderResources
from audience_gateway.providers.commbox.client import CommboxClient, authorization, explain
from audience_gateway.providers.commbox.config import CommboxSettings
from audience_gateway.providers.commbox.mapping import Listing, listing_of, place_of
from audience_gateway.upstream.client import UpstreamClient

CAPABILITIES = Capabilities(
    operations=MappingProxyType(
        {
            Operation.LIST: Capability(Support.NATIVE, "CommBox has no paging: every page reads the whole list."),
            Operation.GET: emulated("Reads the whole list, once for any number of audiences."),
            Operation.READ_SIZE: emulated("Reads the whole list; dynamic audiences have no count."),
        }
    ),
    batches=frozenset({Operation.GET}),
    restrictions=MappingProxyType(
        {
            Operation.READ_SIZE: Restriction(
                reason="CommBox does not count dynamic audiences.",
                kinds=frozenset(AudienceKind) - {AudienceKind.DYNAMIC},
            )
        }
    ),
)
"""What CommBox can do for readers."""


class _Cursor(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    last_id: str


class CommboxProvider(Provider):
    """One CommBox account. The port states what the methods promise."""

    dialect = "commbox"
    capabilities = CAPABILITIES

    def __init__(self, key: str, display_name: str, client: CommboxClient, clock: Clock) -> None:
        self.key = key
        self.display_name = display_name
        self._client = client
        self._clock = clock

    async def list_audiences(self, *, status: AudienceStatus, first: int, after: str | None) -> Page[Audience]:  # noqa: ARG002 (CommBox keeps no archived ones)
        """By identifier, numbers by size. Records that cannot be read have no place and come with the first page."""
        last = None if after is None else place_of(self._last_id(after))
        listing = await self._listing()
        rest = [audience for audience in listing.audiences if last is None or place_of(audience.native_id) > last]
        return Page(
            rows=tuple(Row(audience, _cursor(audience.native_id)) for audience in rest[:first]),
            has_next=len(rest) > first,
            total=listing.total,
            problems=listing.problems if after is None else (),
        )

    async def get_audience(self, native_id: str) -> Audience:
        """One audience, picked out of the whole list."""
        [found] = await self.get_audiences([native_id])
        if isinstance(found, GatewayError):
            raise found
        return found

    async def get_audiences(self, native_ids: Sequence[str]) -> Sequence[Audience | GatewayError]:
        """Any number of audiences for the price of one list."""
        listing = await self._listing()
        return [listing.find(native_id) for native_id in native_ids]

    async def read_size(self, native_id: str) -> AudienceSize:
        """The count the list carries; unknown for dynamic audiences, whose members are found when a campaign starts."""
        audience = await self.get_audience(native_id)
        return audience.size or AudienceSize(None, SizeBasis.UNKNOWN)

    async def close(self) -> None:
        """Nothing: connections belong to the shared transport."""

    async def _listing(self) -> Listing:
        reply = await self._client.list_audiences()
        return listing_of(self.key, reply.data, response_time=reply.response_time, fetched_at=self._clock.now())

    def _last_id(self, cursor: str) -> str:
        try:
            return msgspec.json.decode(cursor, type=_Cursor).last_id
        except (msgspec.DecodeError, UnicodeError) as error:
            raise BadCursor("The cursor is not one of this list's.", provider_key=self.key) from error


def _cursor(native_id: str) -> str:
    return msgspec.json.encode(_Cursor(native_id)).decode()


def connect(resources: ProviderResources) -> Provider:
    """A provider for one configured account; raises ConfigurationError with one line a problem."""
    settings = validate(CommboxSettings, resources.settings, f"providers.{resources.key}")
    upstream = UpstreamClient(resources, settings, authorization=authorization, explain=explain)
    return CommboxProvider(
        resources.key, settings.display_name, CommboxClient(upstream, resources.key), resources.clock
    )
