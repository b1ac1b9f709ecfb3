"""Reads that fan out over providers: one answer or one error for each key, never one error for the batch."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from audience_gateway.domain.audience import (
    Audience,
    AudienceRef,
    Materialization,
    SourceList,
)
from audience_gateway.domain.capability import Operation
from audience_gateway.domain.errors import CostExceeded, GatewayError, NotFound
from audience_gateway.domain.identity import Identifier
from audience_gateway.domain.member import Member, MemberRef
from audience_gateway.domain.page import Page
from audience_gateway.ports import MembersRequest
from audience_gateway.services.answers import answer, answer_each
from audience_gateway.services.guard import Guarded

_Key = TypeVar("_Key")
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class MembersKey:
    """One page of one audience's members at one provider."""

    provider_key: str
    request: MembersRequest


@dataclass(frozen=True, slots=True)
class MembershipKey:
    """Whether somebody is in one audience."""

    audience: AudienceRef
    identifier: Identifier


_MOST_MEMBERSHIPS = 100
"""How many times one operation may ask whether somebody is in an audience: each may cost its provider many calls."""


class Directory:
    """Finds whoever holds a thing and asks them, everyone side by side.

    Every ``deadline`` is a moment of the event loop's clock, in seconds; what is not there by then is a
    DeadlineExceeded at its own position.

    :param providers: by key, in the order in which they are shown.
    """

    def __init__(self, providers: Mapping[str, Guarded]) -> None:
        self.providers = providers

    def provider(self, key: str) -> Guarded:
        """The provider of that key; raises NotFound."""
        try:
            return self.providers[key]
        except KeyError:
            raise NotFound(f"There is no provider {key!r}.") from None

    async def get_audiences(self, refs: Sequence[AudienceRef], *, deadline: float) -> list[Audience | GatewayError]:
        """The audiences themselves, in order."""

        def single(provider: Guarded, ref: AudienceRef) -> Awaitable[Audience]:
            return provider.get_audience(ref.native_id)

        def batch(provider: Guarded, refs: Sequence[AudienceRef]) -> Awaitable[Sequence[Audience | GatewayError]]:
            return provider.get_audiences([ref.native_id for ref in refs])

        return await self._fan_out(refs, _ref_key, Operation.GET, single, batch, deadline)

    async def list_members(self, keys: Sequence[MembersKey], *, deadline: float) -> list[Page[Member] | GatewayError]:
        """One page for each key, in order."""

        def single(provider: Guarded, key: MembersKey) -> Awaitable[Page[Member]]:
            return provider.list_members(key.request)

        def batch(provider: Guarded, keys: Sequence[MembersKey]) -> Awaitable[Sequence[Page[Member] | GatewayError]]:
            return provider.list_members_of_many([key.request for key in keys])

        return await self._fan_out(keys, _members_key, Operation.LIST_MEMBERS, single, batch, deadline)

    async def contain(self, keys: Sequence[MembershipKey], *, deadline: float) -> list[bool | GatewayError]:
        """Whether each audience has the one who is asked for, in order; CostExceeded for each of more than 100."""
        if len(keys) > _MOST_MEMBERSHIPS:
            asked = f"One operation may ask {_MOST_MEMBERSHIPS} times whether an audience contains somebody"
            return [CostExceeded(f"{asked}, not {len(keys)} times.")] * len(keys)

        async def ask(key: MembershipKey) -> bool:
            provider = self.provider(key.audience.provider_key)
            return await provider.contains(key.audience.native_id, key.identifier)

        return await answer_each(keys, ask, deadline=deadline, provider_key=lambda key: key.audience.provider_key)

    async def get_members(self, refs: Sequence[MemberRef], *, deadline: float) -> list[Member | GatewayError]:
        """The members themselves, in order."""

        async def ask(ref: MemberRef) -> Member:
            return await self.provider(ref.provider_key).get_member(ref.native_id)

        return await answer_each(refs, ask, deadline=deadline, provider_key=lambda ref: ref.provider_key)

    async def list_candidates(
        self, keys: Sequence[MembersKey], *, deadline: float
    ) -> list[Page[Member] | GatewayError]:
        """One page of people who could be added for each key, in order."""

        async def ask(key: MembersKey) -> Page[Member]:
            return await self.provider(key.provider_key).list_candidates(key.request)

        return await answer_each(keys, ask, deadline=deadline, provider_key=_members_key)

    async def read_materializations(
        self, refs: Sequence[AudienceRef], *, deadline: float
    ) -> list[Materialization | GatewayError]:
        """How far stored membership follows each audience's definition, in order."""

        async def ask(ref: AudienceRef) -> Materialization:
            return await self.provider(ref.provider_key).read_materialization(ref.native_id)

        return await answer_each(refs, ask, deadline=deadline, provider_key=_ref_key)

    async def list_source_lists(
        self, provider_keys: Sequence[str], *, deadline: float
    ) -> list[Sequence[SourceList | GatewayError] | GatewayError]:
        """All sending lists of each provider, in order."""

        async def ask(provider_key: str) -> Sequence[SourceList | GatewayError]:
            return await self.provider(provider_key).list_source_lists()

        return await answer_each(provider_keys, ask, deadline=deadline, provider_key=str)

    async def _fan_out(
        self,
        keys: Sequence[_Key],
        provider_key: Callable[[_Key], str],
        operation: Operation,
        single: Callable[[Guarded, _Key], Awaitable[_Answer]],
        batch: Callable[[Guarded, Sequence[_Key]], Awaitable[Sequence[_Answer | GatewayError]]],
        deadline: float,
    ) -> list[_Answer | GatewayError]:
        """Ask each provider for its keys: in one call where it takes batches, else side by side."""
        shares: dict[str, list[_Key]] = defaultdict(list)
        for key in dict.fromkeys(keys):
            shares[provider_key(key)].append(key)

        async def ask(name: str) -> list[_Answer | GatewayError]:
            share = shares[name]
            try:
                provider = self.provider(name)
            except NotFound as error:
                return [error] * len(share)
            if operation not in provider.capabilities.batches:
                calls = (answer(single(provider, key), deadline=deadline, provider_key=name) for key in share)
                return list(await asyncio.gather(*calls))
            answers = await answer(batch(provider, share), deadline=deadline, provider_key=name)
            return [answers] * len(share) if isinstance(answers, GatewayError) else list(answers)

        answers = await asyncio.gather(*(ask(name) for name in shares))
        found = {
            key: value
            for name, share in zip(shares, answers, strict=True)
            for key, value in zip(shares[name], share, strict=True)
        }
        return [found[key] for key in keys]


def _ref_key(ref: AudienceRef) -> str:
    return ref.provider_key


def _members_key(key: MembersKey) -> str:
    return key.provider_key
