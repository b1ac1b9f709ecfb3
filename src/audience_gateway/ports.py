"""What the core asks of the outside world: a provider of audiences, a store, a way out over HTTP, a clock.

Read this first. ``tests/contract`` is the promise of :class:`Provider`, executable.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from audience_gateway.domain.audience import (
    Audience,
    AudienceRef,
    AudienceSize,
    AudienceStatus,
    Materialization,
    SourceList,
)
from audience_gateway.domain.capability import Capabilities, Operation
from audience_gateway.domain.catalogue import (
    AudienceQuery,
    AudienceWindow,
    KnownGroup,
    PlacedAudience,
    Reading,
    SourceRecord,
)
from audience_gateway.domain.errors import GatewayError, UnsupportedOperation
from audience_gateway.domain.group import AudienceGroup, GroupMember
from audience_gateway.domain.identity import Identifier
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page
from audience_gateway.domain.rule import RuleNode
from audience_gateway.domain.rule_preview import RulePreview


class Clock(Protocol):
    """Tells the time of day. Durations and deadlines are the event loop's own; tests rule them by a virtual loop."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class MembersRequest:
    """One page of one audience's members.

    :param first: how many, 1 to the provider's page limit.
    :param after: a cursor this provider gave out for the same audience and search, else BadCursor; None for the start.
    :param search: what to look for in name, e-mail and phone, without case; None for everyone.
    :param with_audiences: whether to tell along which audiences each member is in; only some providers can.
    """

    native_id: str
    first: int
    after: str | None = None
    search: str | None = None
    with_audiences: bool = False


class Provider(Protocol):
    """One configured account of one dialect. Methods without a body are required, the others optional.

    An optional method works exactly when ``capabilities`` says so; the inherited body refuses. Every method raises
    only :class:`GatewayError`, with this provider's key, and never changes anything at the provider.
    """

    key: str
    dialect: str
    display_name: str
    capabilities: Capabilities

    async def list_audiences(self, *, status: AudienceStatus, first: int, after: str | None) -> Page[Audience]:
        """A page of all audiences with ``status``, which is one of ``capabilities.statuses``; each exactly once."""
        ...

    async def get_audience(self, native_id: str) -> Audience:
        """One audience of whatever status; raises NotFound when there is none."""
        ...

    async def close(self) -> None:
        """Let go of connections; nothing may be asked afterwards."""
        ...

    async def get_audiences(self, native_ids: Sequence[str]) -> Sequence[Audience | GatewayError]:
        """Batch form of :meth:`get_audience`: an audience or an error per id, in order. With batches GET."""
        raise _unsupported(self, Operation.GET)

    async def list_members(self, request: MembersRequest) -> Page[Member]:
        """A page of an audience's members, each exactly once; NotFound for an unknown audience. With LIST_MEMBERS.

        ``request.search`` needs SEARCH_MEMBERS.
        """
        raise _unsupported(self, Operation.LIST_MEMBERS)

    async def list_members_of_many(self, requests: Sequence[MembersRequest]) -> Sequence[Page[Member] | GatewayError]:
        """Batch form of :meth:`list_members`: a page or an error per request, in order. With batches LIST_MEMBERS."""
        raise _unsupported(self, Operation.LIST_MEMBERS)

    async def list_candidates(self, request: MembersRequest) -> Page[Member]:
        """A page of the people who are not in the audience but could be. With LIST_CANDIDATES."""
        raise _unsupported(self, Operation.LIST_CANDIDATES)

    async def contains(self, native_id: str, identifier: Identifier) -> bool:
        """Whether a member of the audience has ``identifier`` as their own; NotFound for an unknown audience.

        Never a guess: what cannot be known raises. With ``identifier.kind`` among ``capabilities.identifiers``.
        """
        raise _unsupported(self, Operation.LIST_MEMBERS)

    async def get_member(self, native_id: str) -> Member:
        """One person; raises NotFound when there is none. With GET_MEMBER."""
        raise _unsupported(self, Operation.GET_MEMBER)

    async def read_size(self, native_id: str) -> AudienceSize:
        """How many people are in the audience, without recounting at the provider. With READ_SIZE."""
        raise _unsupported(self, Operation.READ_SIZE)

    async def read_materialization(self, native_id: str) -> Materialization:
        """How far stored membership follows the definition. With READ_MATERIALIZATION."""
        raise _unsupported(self, Operation.READ_MATERIALIZATION)

    async def get_group(self, native_id: str) -> AudienceGroup:
        """A group with all its audiences; raises NotFound when there is none. With READ_GROUPS."""
        raise _unsupported(self, Operation.READ_GROUPS)

    async def list_group_members(self, request: MembersRequest, *, audience_id: str | None) -> Page[GroupMember]:
        """A page of the people of the group ``request.native_id``, each once; of one audience with ``audience_id``."""
        raise _unsupported(self, Operation.READ_GROUPS)

    async def list_source_lists(self) -> Sequence[SourceList | GatewayError]:
        """All sending lists that are not deleted, an error in place of each unreadable one. With LIST_SOURCE_LISTS."""
        raise _unsupported(self, Operation.LIST_SOURCE_LISTS)


def _unsupported(provider: Provider, operation: Operation) -> UnsupportedOperation:
    return UnsupportedOperation(f"{provider.key} cannot {operation.value}.", provider_key=provider.key)


class Store(Protocol):
    """The gateway's own database. Rows of ``provider_key`` ``local`` are the truth about local audiences.

    Raises StoreBusy when it is locked or away. Cursors are this store's own.
    """

    async def list_audiences(self, *, status: AudienceStatus, first: int, after: str | None) -> Page[Audience]:
        """A page of the local audiences, newest first; ``total`` is exact."""
        ...

    async def get_audiences(self, native_ids: Sequence[str]) -> Mapping[str, Audience]:
        """The local audiences among ``native_ids``, in one statement; unknown ones are left out."""
        ...

    async def list_members(self, requests: Sequence[MembersRequest]) -> Sequence[Page[Member] | None]:
        """A page per request, in order and in one statement; None for an unknown audience; ``total`` is exact."""
        ...

    async def list_candidates(self, request: MembersRequest) -> Page[Member] | None:
        """A page of the people not in the audience; None for an unknown audience."""
        ...

    async def contains(self, native_id: str, identifier: Identifier) -> bool | None:
        """Whether a member of the local audience has ``identifier``, in one statement; None for an unknown audience."""
        ...

    async def get_member(self, native_id: str) -> Member | None:
        """One person of the local store."""
        ...

    async def preview_rule(self, rule: RuleNode, *, now: datetime, first: int) -> RulePreview:
        """Who would match ``rule`` at ``now``, with ``first`` of them; does not hold up the event loop.

        Raises the rule's problems as one BadInput, UnsupportedRule or RuleTooComplex with ``input_problems``.
        """
        ...

    async def secret(self, name: str) -> bytes:
        """32 random bytes kept under ``name``: made on first use, the same ever after in every process."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class AudienceIndex(Protocol):
    """All audiences of all providers in one ordered table: the local ones, and of the others what they last said.

    Raises StoreBusy when the database is locked or away.
    """

    async def page(self, window: AudienceWindow) -> Sequence[PlacedAudience]:
        """The stretch, in list order."""
        ...

    async def count(self, query: AudienceQuery, provider_keys: Sequence[str]) -> int:
        """How many audiences of those providers the query admits."""
        ...

    async def count_of_unknown_size(self, query: AudienceQuery, provider_keys: Sequence[str]) -> Mapping[str, int]:
        """How many audiences ``query.size`` leaves out because their size is not known, by provider; zeros left out."""
        ...

    async def find(self, refs: Sequence[AudienceRef]) -> Mapping[AudienceRef, Audience]:
        """The audiences among ``refs``, in one statement; unknown ones are left out."""
        ...

    async def groups(self, provider_keys: Sequence[str]) -> Sequence[KnownGroup]:
        """Every group that an active audience of those providers names, once."""
        ...

    async def sources(self, provider_keys: Sequence[str], *, now: datetime) -> Mapping[str, SourceRecord]:
        """How far each of those providers is followed, in one statement; one that was never read has a blank record."""
        ...

    async def begin(
        self, provider_key: str, *, wanted_since: datetime, now: datetime, lease_seconds: float
    ) -> Reading | None:
        """Take the right to read that provider.

        None while somebody else has it and has shown life in time, and when there is no need to: a reading that began
        at ``wanted_since`` or later is in the index.
        """
        ...

    async def stage(
        self, reading: Reading, audiences: Sequence[Audience], *, now: datetime, lease_seconds: float
    ) -> Sequence[str]:
        """Put audiences aside, replacing those put aside before, and hold the right on; nothing shows yet.

        Returns the native ids that no database can hold, which are left out. Raises Superseded.
        """
        ...

    async def restart(self, reading: Reading) -> None:
        """Forget what was put aside. Raises Superseded."""
        ...

    async def missing(self, reading: Reading, statuses: Collection[AudienceStatus]) -> tuple[int, Sequence[str]]:
        """How many audiences of those statuses the index has, and the native ids of those not put aside, in order.

        Audiences that we have changed ourselves since the reading began are not among them.
        """
        ...

    async def finish(
        self,
        reading: Reading,
        *,
        statuses: Collection[AudienceStatus],
        retire: bool,
        kept: Collection[str] = (),
        gap: GatewayError | None = None,
        doubt: tuple[GatewayError, str] | None = None,
    ) -> None:
        """Take over what was put aside, in one transaction, and give up the right. Raises Superseded.

        What we have changed ourselves since the reading began stays as it is.

        :param statuses: those that were read.
        :param retire: whether audiences of those statuses that were not put aside leave the index, but for ``kept``.
        :param gap: why not everything could be put aside.
        :param doubt: why the reading is not trusted, and what it left out: the failure and suspicion to remember.
        """
        ...

    async def abandon(self, reading: Reading, failure: GatewayError | None) -> None:
        """Give up the right, saying what went wrong if anything did; nothing happens when it is lost already."""
        ...

    async def put(self, audience: Audience) -> None:
        """Take over what a provider answered to a write of ours; no reading that has begun before undoes it."""
        ...

    async def remove(self, ref: AudienceRef) -> None:
        """Take out an audience that is gone; no reading that has begun before brings it back."""
        ...

    async def sizes_due(self, provider_key: str, *, before: datetime, limit: int) -> Sequence[Audience]:
        """Active audiences whose size was never noted, or not since ``before``, the longest due first."""
        ...

    async def note_sizes(self, sizes: Mapping[AudienceRef, AudienceSize], *, now: datetime) -> None:
        """Keep sizes that were asked for one by one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """One request out. ``url`` is complete and encoded; sizes are bytes, the deadline is seconds from now in all."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None
    deadline_seconds: float = 2.0
    wire_limit: int = 5 * 2**20
    body_limit: int = 10 * 2**20


@dataclass(frozen=True, slots=True)
class HttpReply:
    """One whole reply: ``headers`` by lower-case name (the last wins), ``body`` unpacked and complete."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpTransport(Protocol):
    """The one way out over HTTP: follows no redirects, keeps no cookies, reads no proxy settings.

    Raises the errors of ``upstream.transport`` only.
    """

    async def send(self, request: HttpRequest) -> HttpReply:
        """Send ``request`` and read the whole reply within its deadline and limits."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderResources:
    """What a provider is built from.

    :param key: the operator's name for this account.
    :param settings: the account's configuration table without ``dialect``; ``env:`` and ``file:`` values are
        :class:`audience_gateway.config.Secret` objects.
    :param randomness: for spreading retries.
    """

    key: str
    settings: Mapping[str, object]
    transport: HttpTransport
    store: Store
    clock: Clock
    randomness: random.Random


class Connect(Protocol):
    """How a dialect builds a provider; what a registry entry ``package.module:connect`` names."""

    def __call__(self, resources: ProviderResources) -> Provider:
        """Build the provider; raises ConfigurationError with one line a problem."""
        ...
