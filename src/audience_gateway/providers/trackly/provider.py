"""A Trackly account as a provider of audiences."""

from collections.abc import Sequence
from types import MappingProxyType

from audience_gateway.config import validate
from audience_gateway.domain.audience import Audience, AudienceSize, AudienceStatus, SizeBasis, SourceList
from audience_gateway.domain.capability import NATIVE, Capabilities, Capability, Operation, Support
from audience_gateway.domain.errors import GatewayError
from audience_gateway.domain.page import Page
from audience_gateway.ports import Clock, Provider, ProviderResources
from audience_gateway.providers.trackly.client import TracklyClient, authorization, explain
from audience_gateway.providers.trackly.conditions import RULE_FIELDS
from audience_gateway.providers.trackly.config import TracklySettings
from audience_gateway.providers.trackly.mapping import audience_of, source_lists_of
from audience_gateway.upstream.client import UpstreamClient
from audience_gateway.upstream.marks import ListMark
from audience_gateway.upstream.numbered import NumberedPage, read_numbered
from audience_gateway.upstream.records import read_each

CAPABILITIES = Capabilities(
    operations=MappingProxyType(
        {
            Operation.LIST: NATIVE,
            Operation.GET: NATIVE,
            Operation.READ_SIZE: Capability(
                Support.NATIVE, "The last computed size, unknown after the rule changed; never counts anew."
            ),
            Operation.LIST_SOURCE_LISTS: NATIVE,
        }
    ),
    statuses=frozenset(AudienceStatus),
    rule_fields=RULE_FIELDS,
)
"""What Trackly can do for readers."""

_STATUS_WORDS = MappingProxyType({AudienceStatus.ACTIVE: "active", AudienceStatus.ARCHIVED: "archived"})


class TracklyProvider(Provider):
    """One Trackly account. The port states what the methods promise."""

    dialect = "trackly"
    capabilities = CAPABILITIES

    def __init__(self, key: str, display_name: str, client: TracklyClient, clock: Clock) -> None:
        self.key = key
        self.display_name = display_name
        self._client = client
        self._clock = clock

    async def list_audiences(self, *, status: AudienceStatus, first: int, after: str | None) -> Page[Audience]:
        """Newest first, as Trackly sends them."""

        async def fetch(page: int, per_page: int) -> NumberedPage[Audience]:
            reply = await self._client.list_audiences(status=_STATUS_WORDS[status], page=page, per_page=per_page)
            fetched_at = self._clock.now()
            audiences = read_each(
                self.key, reply.audiences, "audiences", lambda record: audience_of(record, fetched_at)
            )
            return NumberedPage(audiences, reply.total, reply.per_page)

        mark = ListMark.of(self.key, status.value)
        position = mark.position_in(after)
        page = await read_numbered(fetch, provider_key=self.key, first=first, after=position, verify=False)
        return mark.on(page)

    async def get_audience(self, native_id: str) -> Audience:
        """One audience of either status."""
        record = await self._client.get_audience(native_id)
        return audience_of(record, self._clock.now())

    async def read_size(self, native_id: str) -> AudienceSize:
        """The cached size, as the audience carries it; Trackly's own size call would count and write."""
        audience = await self.get_audience(native_id)
        return audience.size or AudienceSize(None, SizeBasis.UNKNOWN)

    async def list_source_lists(self) -> Sequence[SourceList | GatewayError]:
        """All in one call."""
        return source_lists_of(self.key, await self._client.list_lists())

    async def close(self) -> None:
        """Nothing: connections belong to the shared transport."""


def connect(resources: ProviderResources) -> Provider:
    """A provider for one configured account; raises ConfigurationError with one line a problem."""
    settings = validate(TracklySettings, resources.settings, f"providers.{resources.key}")
    upstream = UpstreamClient(resources, settings, authorization=authorization, explain=explain)
    return TracklyProvider(
        resources.key, settings.display_name, TracklyClient(upstream, resources.key), resources.clock
    )
