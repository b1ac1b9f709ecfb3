"""One configured account of one dialect, and how it is built.

``tests/contract`` is this promise, executable.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from audience_gateway.domain.audience import (
    Audience,
    AudienceSize,
    AudienceStatus,
    Materialization,
    SourceList,
)
from audience_gateway.domain.capability import Capabilities, Operation
from audience_gateway.domain.errors import GatewayError, UnsupportedOperation
from audience_gateway.domain.group import AudienceGroup, GroupMember
from audience_gateway.domain.identity import Identifier
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page
from audience_gateway.ports.clock import Clock
from audience_gateway.ports.http import HttpTransport
from audience_gateway.ports.members import MembersRequest
from audience_gateway.ports.store import Store


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
