"""The local store's own provider, over a database of each kind."""

import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from audience_gateway.config import LOCAL_KEY
from audience_gateway.domain.audience import Audience, AudienceKind, AudienceStatus
from audience_gateway.domain.errors import GatewayError
from audience_gateway.domain.identity import Identifier
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page
from audience_gateway.domain.rule import RuleNode
from audience_gateway.domain.rule_preview import RulePreview
from audience_gateway.ports import HttpTransport, MembersRequest, ProviderResources, Store
from audience_gateway.providers.local import connect
from audience_gateway.providers.local.provider import CAPABILITIES
from audience_gateway.sandbox.people import EPOCH, Person
from audience_gateway.store import open_store
from audience_gateway.store.seed import SeedAudience, seed
from tests.contract.harness import Harness, World
from tests.contract.truth import TrueAudience, Truth
from tests.databases import BOTH, empty_database

__all__ = ["BACKDROPS", "CAPABILITIES"]

_SHARES = (0.0, 0.01, 0.07, 0.2, 0.3, 0.5, 0.6, 0.75, 0.9, 1.0)
_ARCHIVED_EVERY = 4


class CountingStore(Store):
    """Hands every question on to ``store`` and counts them; raises ``fault`` instead while there is one."""

    def __init__(self, store: Store) -> None:
        self._inner = store
        self.calls = 0
        self.fault: GatewayError | None = None

    @property
    def _store(self) -> Store:
        self.calls += 1
        if self.fault is not None:
            raise self.fault
        return self._inner

    async def list_audiences(self, *, status: AudienceStatus, first: int, after: str | None) -> Page[Audience]:
        return await self._store.list_audiences(status=status, first=first, after=after)

    async def get_audiences(self, native_ids: Sequence[str]) -> Mapping[str, Audience]:
        return await self._store.get_audiences(native_ids)

    async def list_members(self, requests: Sequence[MembersRequest]) -> Sequence[Page[Member] | None]:
        return await self._store.list_members(requests)

    async def list_candidates(self, request: MembersRequest) -> Page[Member] | None:
        return await self._store.list_candidates(request)

    async def contains(self, native_id: str, identifier: Identifier) -> bool | None:
        return await self._store.contains(native_id, identifier)

    async def get_member(self, native_id: str) -> Member | None:
        return await self._store.get_member(native_id)

    async def preview_rule(self, rule: RuleNode, *, now: datetime, first: int) -> RulePreview:
        return await self._store.preview_rule(rule, now=now, first=first)

    async def secret(self, name: str) -> bytes:
        return await self._store.secret(name)

    async def close(self) -> None:
        await self._inner.close()


@asynccontextmanager
async def _over_database(kind: str, world: World) -> AsyncIterator[Harness]:
    people = [_member(person) for person in world.people]
    audiences = _audiences(people)
    with TemporaryDirectory() as folder, empty_database(kind, Path(folder)) as url:
        store = open_store(url)
        try:
            await store.migrate()
            await seed(store, people, audiences)
            counting = CountingStore(store)
            yield Harness(
                provider=connect(_resources(counting, world)),
                truth=_truth(people, audiences),
                key=LOCAL_KEY,
                dialect="local",
                clock=world.clock,
                outside=counting,
            )
        finally:
            await store.close()


def _resources(store: Store, world: World) -> ProviderResources:
    return ProviderResources(
        key=LOCAL_KEY,
        settings={},
        transport=cast("HttpTransport", None),  # the local store has no use for it
        store=store,
        clock=world.clock,
        randomness=random.Random(5),
    )


def _audiences(people: Sequence[Member]) -> list[SeedAudience]:
    """Ten audiences from nobody to everybody, some made at the same moment and some archived."""
    source = random.Random(5)
    return [
        SeedAudience(
            Audience(
                provider_key=LOCAL_KEY,
                native_id=f"a{number}",
                name=f"Sample {number}",
                description=None if number % 3 else f"About {share:.0%} of all people",
                kind=AudienceKind.DYNAMIC if number % 2 else AudienceKind.STATIC,
                status=AudienceStatus.ACTIVE if number % _ARCHIVED_EVERY else AudienceStatus.ARCHIVED,
                created_at=EPOCH - timedelta(days=number // 3),
                fetched_at=EPOCH,
            ),
            tuple(person.native_id for person in source.sample(people, round(share * len(people)))),
        )
        for number, share in enumerate(_SHARES, 1)
    ]


def _truth(people: Sequence[Member], audiences: Sequence[SeedAudience]) -> Truth:
    everybody = frozenset(person.native_id for person in people)
    return Truth(
        audiences={entry.audience.native_id: _true(entry, everybody) for entry in audiences},
        people={person.native_id: person for person in people},
    )


def _true(entry: SeedAudience, everybody: frozenset[str]) -> TrueAudience:
    audience, members = entry.audience, frozenset(entry.members)
    return TrueAudience(
        native_id=audience.native_id,
        name=audience.name,
        description=audience.description,
        kind=audience.kind,
        status=audience.status,
        size=len(members),
        created_at=audience.created_at or EPOCH,
        members=members,
        candidates=everybody - members,
    )


def _member(person: Person) -> Member:
    return Member(
        provider_key=LOCAL_KEY,
        native_id=f"m{person.number}",
        email=person.email,
        phone=person.phone,
        full_name=None if person.number % 29 == 0 else person.full_name,
        external_id=person.external_id,
        language=person.language,
        attributes={"city": person.city, "plan": person.plan},
        total_orders=person.total_orders,
        total_order_value=Decimal(str(person.total_order_value)),
        last_order_at=person.last_order_at,
        created_at=person.created_at,
        updated_at=person.created_at,
    )


BACKDROPS = {kind: partial(_over_database, kind) for kind in BOTH}
