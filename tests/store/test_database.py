import asyncio
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from audience_gateway.domain.audience import AudienceStatus
from audience_gateway.domain.errors import GatewayError, InternalError, StoreBusy
from audience_gateway.store import SqlStore, open_store
from audience_gateway.store.address import parse_address
from audience_gateway.store.database import Database
from audience_gateway.store.engine import CONNECT_SECONDS, LOCK_SECONDS, STATEMENT_SECONDS, open_engines
from audience_gateway.store.tables import secret
from tests.databases import empty_postgresql

ENDLESS = text("WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n")
ONE = text("SELECT 1")
SOON_SECONDS = 3.0


def impatient(url: str) -> SqlStore:
    """A second process's store, which waits a second for locks and half a second for answers."""
    address = parse_address(url)
    return SqlStore(address, Database(open_engines(address, lock_seconds=1), read_seconds=0.5))


@asynccontextmanager
async def held_lock(store: SqlStore) -> AsyncIterator[None]:
    """What keeps everybody else from writing secrets."""
    async with store.database.writing() as connection:
        if store.database.dialect == "postgresql":
            await connection.execute(text("LOCK TABLE secret IN SHARE MODE"))
        yield


async def test_a_locked_store_is_busy_for_writers_within_the_bound_and_open_to_readers(
    store: SqlStore, database_url: str
) -> None:
    other = impatient(database_url)
    async with held_lock(store):
        started = time.monotonic()
        writing = asyncio.create_task(other.secret("cursors"))
        page = await other.list_audiences(status=AudienceStatus.ACTIVE, first=5, after=None)
        assert page.total == 0
        assert not writing.done()
        with pytest.raises(StoreBusy):
            await writing
        assert time.monotonic() - started < SOON_SECONDS

    assert len(await other.secret("cursors")) == 32
    await other.close()


def test_nobody_waits_longer_for_a_lock_or_a_connection_than_six_seconds() -> None:
    assert max(LOCK_SECONDS, CONNECT_SECONDS) <= 6


async def test_a_short_lock_is_not_noticed(store: SqlStore, database_url: str) -> None:
    other = open_store(database_url)
    async with held_lock(store):
        writing = asyncio.create_task(other.secret("cursors"))
        await other.list_audiences(status=AudienceStatus.ACTIVE, first=5, after=None)
        assert not writing.done()

    assert len(await writing) == 32
    await other.close()


async def test_a_question_without_end_is_given_up_and_the_connections_stay_usable(
    store: SqlStore, database_url: str
) -> None:
    other = impatient(database_url)
    started = time.monotonic()

    answers = await asyncio.gather(*(other.database.read(ENDLESS) for _ in range(6)), return_exceptions=True)

    assert [type(answer) for answer in answers] == [StoreBusy] * 6
    assert time.monotonic() - started < SOON_SECONDS
    assert [tuple(row) for row in await other.database.read(ONE)] == [(1,)]
    await other.close()
    assert await store.get_member("nobody") is None


async def test_a_caller_who_leaves_stops_the_question(store: SqlStore) -> None:
    started = time.monotonic()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await store.database.read(ENDLESS)

    assert time.monotonic() - started < SOON_SECONDS
    assert [tuple(row) for row in await store.database.read(ONE)] == [(1,)]


async def test_an_error_in_a_transaction_takes_everything_back(store: SqlStore) -> None:
    async def fail_halfway() -> None:
        async with store.database.writing() as connection:
            await connection.execute(insert(secret), {"name": "half", "value": b"done"})
            raise LookupError

    with pytest.raises(LookupError):
        await fail_halfway()
    assert await store.database.read(text("SELECT name FROM secret")) == []


async def test_readers_of_a_file_cannot_write(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    await store.migrate()

    with pytest.raises(GatewayError):
        await store.database.read(text("DELETE FROM secret"))
    await store.close()


async def test_lost_connections_are_replaced_without_readers_noticing() -> None:
    others = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
    with empty_postgresql() as url:
        store = open_store(url)
        await asyncio.gather(*(store.database.read(ONE) for _ in range(3)))
        async with store.database.writing() as connection:
            for pid in (await connection.execute(others)).scalars().all():
                await connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})

        answers = await asyncio.gather(*(store.database.read(ONE) for _ in range(3)))

        assert [[tuple(row) for row in rows] for rows in answers] == [[(1,)]] * 3
        await store.close()


async def test_options_in_the_address_stand_beside_our_own_bounds() -> None:
    with empty_postgresql() as url:
        store = open_store(f"{url}?options=-c%20work_mem%3D5MB%20-c%20lock_timeout%3D7s")

        answers = [await store.database.read(text(f"SHOW {name}")) for name in ("work_mem", "lock_timeout")]
        bound = await store.database.read(text("SHOW statement_timeout"))

        assert [rows[0][0] for rows in answers] == ["5MB", "7s"]
        assert bound[0][0] == f"{STATEMENT_SECONDS}s"
        await store.close()


async def test_a_server_that_is_away_is_busy_and_no_text_holds_the_password() -> None:
    store = open_store("postgresql://somebody:canary-password@127.0.0.1:1/none")

    with pytest.raises(StoreBusy) as caught:
        await store.get_member("anybody")
    await store.close()

    assert "canary" not in "".join(traceback.format_exception(caught.value))
    assert "canary" not in repr(store.database)


async def test_failures_show_no_values(store: SqlStore) -> None:
    person = "ana@example.com"
    statement = text("SELECT no_such_column FROM member WHERE email = :email")

    with pytest.raises(InternalError) as caught:
        await store.database.read(statement, {"email": person})

    assert str(caught.value) == "The store failed."
    assert person not in "".join(traceback.format_exception(caught.value))
