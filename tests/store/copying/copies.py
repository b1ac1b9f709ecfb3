"""Filling, copying and looking into stores, shared by the tests of copying."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import Connection, insert, inspect, text

from audience_gateway.domain.audience import Audience, AudienceKind, AudienceRef, AudienceStatus
from audience_gateway.store import open_store
from audience_gateway.store.address import parse_address
from audience_gateway.store.copying import CopiedTable, ToldProgress, copy_store
from audience_gateway.store.engine import migration_engine
from audience_gateway.store.migration import upgrade
from audience_gateway.store.seed import seed
from audience_gateway.store.snapshots import snapshot
from audience_gateway.store.tables import member
from tests.store.population import START, audiences, people

REMOTE = AudienceRef("commbox", "c\u00e91")
LEASE_SECONDS = 3_600.0


def silent(_doing: str, _done: int, _total: int) -> None:
    """A progress that nobody watches."""


def copied(source: str, target: str, progress: ToldProgress = silent) -> Sequence[CopiedTable]:
    """Copy from one address to another."""
    return copy_store(parse_address(source), parse_address(target), progress=progress)


async def copied_apart(source: str, target: str) -> Sequence[CopiedTable]:
    """Copy in a thread."""
    return await asyncio.to_thread(copied, source, target)


async def fill(url: str) -> None:
    """People, local audiences, a secret, an audience of another provider, and a reading that is under way."""
    store = open_store(url)
    try:
        await store.migrate()
        everyone = people()
        await seed(store, everyone, audiences(everyone))
        await store.secret("cursors")
        await store.index.put(_remote(REMOTE.native_id))
        reading = await store.index.begin(REMOTE.provider_key, wanted_since=START, now=START, lease_seconds=60)
        assert reading is not None
        await store.index.stage(reading, [_remote("half read")], now=START, lease_seconds=60)
    finally:
        await store.close()


def changed(url: str, change: Callable[[Connection], object]) -> None:
    """Change a database in a transaction of its own."""
    engine = migration_engine(parse_address(url))
    with engine.begin() as connection:
        change(connection)
    engine.dispose()


def ran(url: str, *statements: str) -> None:
    """Run statements in a transaction of their own."""

    def run(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    changed(url, run)


def up_to_date(url: str) -> None:
    """Make the tables."""
    upgrade(parse_address(url))


def tables_of(url: str) -> list[str]:
    """What tables others see now."""
    with snapshot(parse_address(url)) as connection:
        return inspect(connection).get_table_names()


def add_person(url: str, native_id: str) -> None:
    """One person more, in a transaction of its own."""
    changed(url, lambda connection: connection.execute(insert(member), {"native_id": native_id, "search_text": ""}))


def _remote(native_id: str) -> Audience:
    return Audience(
        provider_key=REMOTE.provider_key,
        native_id=native_id,
        name="Remote \x00",
        description=None,
        kind=AudienceKind.STATIC,
        status=AudienceStatus.ACTIVE,
        raw={"odd": "\x00", "number": 1.0},
        created_at=START + timedelta(microseconds=1),
        fetched_at=START,
    )
