"""The index of audiences as the gateway sees it: the port's methods, each done by the module of its name."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Text, bindparam, func, select, tuple_

from audience_gateway.config import LOCAL_KEY
from audience_gateway.domain.audience import (
    Audience,
    AudienceRef,
    AudienceSize,
    AudienceStatus,
    GroupKind,
    GroupRef,
)
from audience_gateway.domain.catalogue import (
    AudienceQuery,
    AudienceWindow,
    KnownGroup,
    PlacedAudience,
    Reading,
    SourceRecord,
)
from audience_gateway.domain.errors import CostExceeded, GatewayError
from audience_gateway.ports import AudienceIndex
from audience_gateway.store.database import Database
from audience_gateway.store.index import changes, leases, readings
from audience_gateway.store.index.accounts import adopt
from audience_gateway.store.index.conditions import QueryShape, parameters
from audience_gateway.store.index.counts import count_statement, unknown_sizes_statement
from audience_gateway.store.index.pages import page_statement, position_of
from audience_gateway.store.index.rows import FACTS, audience_of
from audience_gateway.store.search import storable
from audience_gateway.store.tables import audience, member, membership

_BY_REF = select(*FACTS).where(
    tuple_(audience.c.provider_key, audience.c.native_id).in_(bindparam("refs", expanding=True))
)
_MOST_MEMBERSHIPS = 20_000
_AUDIENCES_OF = (
    select(member.c.native_id.label("member_id"), audience.c.native_id)
    .select_from(member.join(membership, membership.c.member_id == member.c.id).join(audience))
    .where(
        member.c.native_id.in_(bindparam("member_ids", expanding=True, type_=Text)),
        audience.c.status == AudienceStatus.ACTIVE.value,
    )
    .limit(_MOST_MEMBERSHIPS + 1)
)
_GROUPS = (
    select(audience.c.provider_key, audience.c.group_id, func.min(audience.c.native_id).label("native_id"))
    .where(
        audience.c.provider_key.in_(bindparam("provider_keys", expanding=True, type_=Text)),
        audience.c.status == AudienceStatus.ACTIVE.value,
        audience.c.group_id.is_not(None),
    )
    .group_by(audience.c.provider_key, audience.c.group_id)
    .subquery("named")
)
_NAMED = select(audience.c.provider_key, audience.c.group_id, audience.c.group_name, audience.c.group_kind).join(
    _GROUPS, (_GROUPS.c.provider_key == audience.c.provider_key) & (_GROUPS.c.native_id == audience.c.native_id)
)


class SqlAudienceIndex(AudienceIndex):
    """The index in a SQL database. What the methods promise stands in the port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, window: AudienceWindow) -> Sequence[PlacedAudience]:
        """One statement."""
        rows = await self._database.read(*page_statement(window, self._database.dialect))
        found = [PlacedAudience(audience_of(row), position_of(row, window.sort)) for row in rows]
        return found[::-1] if window.backward else found

    async def count(self, query: AudienceQuery, provider_keys: Sequence[str]) -> int:
        """One statement."""
        statement = count_statement(QueryShape.of(query), self._database.dialect)
        rows = await self._database.read(statement, parameters(query, provider_keys))
        return int(rows[0].number)

    async def count_of_unknown_size(self, query: AudienceQuery, provider_keys: Sequence[str]) -> Mapping[str, int]:
        """One statement."""
        statement = unknown_sizes_statement(QueryShape.of(query), self._database.dialect)
        rows = await self._database.read(statement, parameters(query, provider_keys))
        return {row.provider_key: row.number for row in rows}

    async def find(self, refs: Sequence[AudienceRef]) -> Mapping[AudienceRef, Audience]:
        """One statement."""
        wanted = [(ref.provider_key, ref.native_id) for ref in dict.fromkeys(refs) if storable(ref.native_id)]
        rows = await self._database.read(_BY_REF, {"refs": wanted}) if wanted else ()
        return {found.ref: found for found in map(audience_of, rows)}

    async def audiences_of(self, member_ids: Sequence[str]) -> Mapping[str, Sequence[AudienceRef]]:
        """One statement, which reads one membership more than are told."""
        wanted = [native_id for native_id in dict.fromkeys(member_ids) if storable(native_id)]
        rows = await self._database.read(_AUDIENCES_OF, {"member_ids": wanted}) if wanted else ()
        if len(rows) > _MOST_MEMBERSHIPS:
            raise CostExceeded(f"These people are in more than {_MOST_MEMBERSHIPS} audiences in all; ask for fewer.")
        found: dict[str, list[AudienceRef]] = {native_id: [] for native_id in member_ids}
        for row in rows:
            found[row.member_id].append(AudienceRef(LOCAL_KEY, row.native_id))
        return found

    async def groups(self, provider_keys: Sequence[str]) -> Sequence[KnownGroup]:
        """As the audience with the least native id names each."""
        rows = await self._database.read(_NAMED, {"provider_keys": list(provider_keys)}) if provider_keys else ()
        return [
            KnownGroup(row.provider_key, GroupRef(row.group_id, row.group_name, GroupKind(row.group_kind)))
            for row in rows
        ]

    async def sources(self, provider_keys: Sequence[str], *, now: datetime) -> Mapping[str, SourceRecord]:
        """See ``leases``."""
        return await leases.read_sources(self._database, provider_keys, now)

    async def adopt(self, accounts: Mapping[str, str]) -> None:
        """See ``accounts``."""
        await adopt(self._database, accounts)

    async def begin(
        self, provider_key: str, *, wanted_since: datetime, now: datetime, lease_seconds: float
    ) -> Reading | None:
        """See ``leases``."""
        return await leases.begin(
            self._database, provider_key, wanted_since=wanted_since, now=now, lease_seconds=lease_seconds
        )

    async def stage(
        self, reading: Reading, audiences: Sequence[Audience], *, now: datetime, lease_seconds: float
    ) -> Sequence[str]:
        """See ``readings``."""
        return await readings.stage(self._database, reading, audiences, now=now, lease_seconds=lease_seconds)

    async def restart(self, reading: Reading) -> None:
        """See ``readings``."""
        await readings.restart(self._database, reading)

    async def missing(self, reading: Reading, statuses: Collection[AudienceStatus]) -> tuple[int, Sequence[str]]:
        """See ``readings``."""
        return await readings.missing(self._database, reading, statuses)

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
        """See ``readings``."""
        await readings.finish(
            self._database, reading, statuses=statuses, retire=retire, kept=kept, gap=gap, doubt=doubt
        )

    async def abandon(self, reading: Reading, failure: GatewayError | None, *, now: datetime) -> None:
        """See ``leases``."""
        await leases.abandon(self._database, reading, failure, now)

    async def put(self, audience: Audience) -> None:
        """See ``changes``."""
        await changes.put(self._database, audience)

    async def remove(self, ref: AudienceRef) -> None:
        """See ``changes``."""
        await changes.remove(self._database, ref)

    async def sizes_due(self, provider_key: str, *, before: datetime, limit: int) -> Sequence[Audience]:
        """See ``changes``."""
        return await changes.sizes_due(self._database, provider_key, before=before, limit=limit)

    async def note_sizes(self, sizes: Mapping[AudienceRef, AudienceSize], *, now: datetime) -> None:
        """See ``changes``."""
        await changes.note_sizes(self._database, sizes, now)
