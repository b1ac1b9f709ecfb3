"""Five providers, the index over them, and a model of what that must hold: what a walk is held against."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from audience_gateway.domain.audience import Audience, AudienceRef, AudienceStatus
from audience_gateway.domain.catalogue import AudienceQuery, AudienceSort
from audience_gateway.domain.errors import UpstreamUnavailable
from audience_gateway.domain.page import PageRequest
from audience_gateway.ports import AudienceIndex
from audience_gateway.services.background import Background
from audience_gateway.services.catalogue import Catalogue
from audience_gateway.services.cursors import Cursors
from audience_gateway.services.guard import Guarded
from audience_gateway.services.refresher import Refresher
from audience_gateway.services.sources import Sources
from audience_gateway.store import SqlStore
from audience_gateway.store.seed import SeedAudience, seed
from tests.unit.accounts import Account, SetClock, at_once

REMOTE = ("one", "two", "three", "four")
PROVIDERS = ("local", *REMOTE)
EVERY = tuple(AudienceStatus)
_PAGE_LIMIT = 2
_FRESHNESS = timedelta(days=1)
SECONDS = 30.0
"""More than anything here takes."""


@dataclass(frozen=True, slots=True)
class Making:
    """How index and cursors are made: honestly, or by a mutant."""

    index: Callable[[AudienceIndex], AudienceIndex] = lambda index: index
    cursors: Callable[[bytes], Cursors] = Cursors


@dataclass
class World:
    """What everybody has, and what the index must know of it.

    :param known: every audience that the index must hold, nothing else.
    :param unread: providers of which nothing was ever heard.
    """

    store: SqlStore
    index: AudienceIndex
    accounts: dict[str, Account]
    catalogue: Catalogue
    clock: SetClock
    background: Background
    known: dict[AudienceRef, Audience] = field(default_factory=dict)
    unread: set[str] = field(default_factory=lambda: set(REMOTE))

    @classmethod
    def over(cls, store: SqlStore, making: Making) -> "World":
        """A world in which nothing has happened yet."""
        clock, background, index = SetClock(), Background(), making.index(store.index)
        accounts = {key: Account(key, page_limit=_PAGE_LIMIT) for key in PROVIDERS}
        guarded = {key: Guarded(account, clock) for key, account in accounts.items()}
        refresher = Refresher(guarded, index, clock, background, finished=lambda _: None)
        sources = Sources(guarded, index, refresher, clock, _FRESHNESS)
        catalogue = Catalogue(index, sources, making.cursors(b"s" * 32), clock)
        return cls(store, index, accounts, catalogue, clock, background)

    async def keep_locally(self, audiences: Sequence[Audience]) -> None:
        """Write local audiences; they are known at once."""
        await seed(self.store, (), [SeedAudience(audience, ()) for audience in audiences])
        self.known.update((audience.ref, audience) for audience in audiences)

    async def read(self, key: str, *, meanwhile: Callable[[], Awaitable[None]] | None = None) -> None:
        """Have the provider read anew; what happens ``meanwhile`` outlives it."""
        account, touched = self.accounts[key], set[AudienceRef]()

        async def happen(_: str) -> None:
            account.before = at_once
            before = dict(self.known)
            if meanwhile is not None:
                await meanwhile()
            everything = before.keys() | self.known.keys()
            touched.update(ref for ref in everything if before.get(ref) is not self.known.get(ref))

        account.before = happen
        await self._ask_anew(key)
        told = {audience.ref: self._taken(audience) for audience in account.audiences.values()}
        for ref in {ref for ref in self.known if ref.provider_key == key} - touched:
            del self.known[ref]
        self.known.update((ref, audience) for ref, audience in told.items() if ref not in touched)
        self.unread.discard(key)

    async def fail_to_read(self, key: str, after_calls: int) -> None:
        """Have the provider break off while it is read, after some calls; nothing of it may show.

        One that was never read goes on failing, as every page would have it read.
        """
        account = self.accounts[key]
        calls = len(account.calls)

        async def fail(_: str) -> None:
            if len(account.calls) - calls > after_calls:
                raise UpstreamUnavailable(f"{key} broke off.", provider_key=key)

        account.before = fail
        await self._ask_anew(key)
        if len(account.calls) - calls <= after_calls:
            await self.read(key)
        elif key not in self.unread:
            account.before = at_once

    async def put(self, audience: Audience) -> None:
        """Write ourselves; the provider's list does not show it yet."""
        await self.index.put(audience)
        self.known[audience.ref] = self._taken(audience)

    async def remove(self, ref: AudienceRef) -> None:
        """Delete ourselves; the provider's list does not show it yet."""
        await self.index.remove(ref)
        self.known.pop(ref, None)

    async def close(self) -> None:
        """Stop what is under way."""
        await self.background.close()

    def _taken(self, audience: Audience) -> Audience:
        """The audience as the index takes it over: a size that was not told stays as it was."""
        before = self.known.get(audience.ref)
        return audience if audience.size is not None or before is None else replace(audience, size=before.size)

    async def _ask_anew(self, key: str) -> None:
        self.clock.moment += timedelta(seconds=1)
        await self.catalogue.page(
            AudienceQuery(provider_keys=(key,), statuses=EVERY),
            AudienceSort(),
            PageRequest(size=1),
            max_age_seconds=0,
            deadline=_soon(),
        )


def _soon() -> float:
    return asyncio.get_running_loop().time() + SECONDS
