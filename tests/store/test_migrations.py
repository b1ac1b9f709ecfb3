import asyncio
import sqlite3
import traceback
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, make_url, text

from audience_gateway.domain.audience import AudienceRef, AudienceStatus
from audience_gateway.domain.catalogue import (
    AudienceQuery,
    AudienceSort,
    AudienceSortField,
    AudienceWindow,
    SortDirection,
)
from audience_gateway.domain.errors import ConfigurationError, InternalError, StoreBusy
from audience_gateway.store import open_store
from audience_gateway.store.address import parse_address
from audience_gateway.store.engine import migration_engine
from audience_gateway.store.migration import downgrade, upgrade
from audience_gateway.store.seed import seed
from audience_gateway.store.tables import metadata
from tests.databases import empty_postgresql
from tests.store.population import audiences, people
from tests.unit.accounts import audience

STILL_WAITING_SECONDS = 0.3


def tables_of(url: str) -> set[str]:
    engine = migration_engine(parse_address(url))
    with engine.connect() as connection:
        names = set(inspect(connection).get_table_names())
    engine.dispose()
    return names


def differences(connection: Connection) -> list[object]:
    """What separates the migrated database from the tables as declared, SQLite's search index apart."""

    def ours(_object: object, name: str | None, kind: str, *_rest: object) -> bool:
        return not (name or "").startswith(("member_search", "ix_member_search_text")) or kind == "column"

    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
    return list(compare_metadata(context, metadata))


def counted(url: str) -> dict[str, int]:
    """The sizes of local audiences as the first step has them."""
    engine = migration_engine(parse_address(url))
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT native_id, member_count FROM audience")).all()
    engine.dispose()
    return {row.native_id: row.member_count for row in rows}


async def test_up_down_and_up_again_leaves_a_store_that_works(database_url: str) -> None:
    address = parse_address(database_url)

    upgrade(address)
    downgrade(address, "base")
    assert tables_of(database_url) == {"alembic_version"}
    upgrade(address)

    store = open_store(database_url)
    await seed(store, people(3), audiences(people(3)))
    assert len(await store.get_audiences(["all"])) == 1
    await store.close()


def test_the_steps_end_at_the_tables_as_declared(database_url: str) -> None:
    upgrade(parse_address(database_url))

    engine = migration_engine(parse_address(database_url))
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


async def test_the_index_of_audiences_comes_and_goes_without_touching_local_audiences(database_url: str) -> None:
    address = parse_address(database_url)
    upgrade(address)
    store = open_store(database_url)
    everyone = people(5)
    await seed(store, everyone, audiences(everyone))
    before = await store.get_audiences(["all", "half", "old", "empty"])
    await store.index.put(audience("remote"))

    downgrade(address, "0001")
    assert tables_of(database_url).isdisjoint({"catalogue", "audience_change", "audience_reading"})
    assert counted(database_url) == {"all": 5, "half": 3, "old": 5, "empty": 0, "one": 1, "rest": 2, "gone": 0}
    upgrade(address)

    assert await store.get_audiences(["all", "half", "old", "empty"]) == before
    assert await store.index.find([AudienceRef("one", "remote")]) == {}
    everything = AudienceWindow(
        query=AudienceQuery(statuses=tuple(AudienceStatus)),
        sort=AudienceSort(AudienceSortField.NAME, SortDirection.ASC),
        provider_keys=("local",),
        limit=10,
    )
    names = [placed.position.value for placed in await store.index.page(everything)]
    assert names == sorted(f"audience {entry.audience.native_id}" for entry in audiences(everyone))
    await store.close()


async def test_many_may_migrate_at_once(database_url: str) -> None:
    stores = [open_store(database_url) for _ in range(6)]

    await asyncio.gather(*(store.migrate() for store in stores))

    for store in stores:
        assert await store.get_audiences(["any"]) == {}
        await store.close()


async def test_migrating_again_keeps_what_is_there(database_url: str) -> None:
    store = open_store(database_url)
    await store.migrate()
    await seed(store, people(3), audiences(people(3)))

    await store.migrate()

    assert await store.get_member("p2") == people(3)[2]
    await store.close()


async def test_a_migration_waits_for_another_one_without_holding_up_the_event_loop(database_url: str) -> None:
    store = open_store(database_url)
    await store.migrate()
    async with store.database.writing() as connection:
        if store.database.dialect == "postgresql":
            await connection.execute(text("LOCK TABLE alembic_version"))
        migrating = asyncio.create_task(store.migrate())
        done, _ = await asyncio.wait([migrating], timeout=STILL_WAITING_SECONDS)
        assert not done

    await migrating
    await store.close()


async def test_a_database_of_a_newer_version_is_refused(database_url: str) -> None:
    store = open_store(database_url)
    await store.migrate()
    async with store.database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(ConfigurationError, match="another version"):
        await store.migrate()
    await store.close()


async def test_a_failed_migration_leaves_nothing_behind(database_url: str) -> None:
    engine = migration_engine(parse_address(database_url))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE secret (in_the_way INTEGER)"))
    engine.dispose()
    store = open_store(database_url)

    with pytest.raises(InternalError):
        await store.migrate()
    await store.close()

    assert tables_of(database_url) == {"secret"}


async def test_a_new_file_has_large_pages_and_a_write_ahead_log(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    await store.migrate()
    await store.close()

    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        assert connection.execute("PRAGMA page_size").fetchone() == (8192,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("other", ["BEGIN IMMEDIATE", "BEGIN; SELECT * FROM other"])
async def test_a_file_in_use_gets_its_write_ahead_log_once_the_other_is_done(tmp_path: Path, other: str) -> None:
    """SQLite itself waits for readers only, not for whoever writes in the old way."""
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as user:
        user.execute("CREATE TABLE other (id INTEGER)")
        for statement in other.split(";"):
            user.execute(statement)
        migrating = asyncio.create_task(store.migrate())
        done, _ = await asyncio.wait([migrating], timeout=STILL_WAITING_SECONDS)
        assert not done
        user.execute("COMMIT")
        await migrating

    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    await store.close()


async def test_a_file_that_cannot_be_made_or_is_no_database_is_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ana, this is not a database. " * 100)

    for file in ("missing/store.db", "letter.txt"):
        store = open_store(f"sqlite:///{tmp_path / file}")
        with pytest.raises(ConfigurationError, match=r"^gateway\.database_url: the file "):
            await store.migrate()
        await store.close()


async def test_without_the_right_to_make_the_trigram_extension_the_operator_is_told_so() -> None:
    with empty_postgresql() as url:
        role = make_url(url).database or ""
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f'CREATE ROLE "{role}" LOGIN'.encode())
            server.execute(f'GRANT CREATE ON SCHEMA public TO "{role}"'.encode())
        store = open_store(make_url(url).set(username=role).render_as_string(hide_password=False))
        try:
            with pytest.raises(ConfigurationError, match="CREATE EXTENSION pg_trgm"):
                await store.migrate()
        finally:
            await store.close()
            with psycopg.connect(url, autocommit=True) as server:
                server.execute(f'DROP OWNED BY "{role}"'.encode())
                server.execute(f'DROP ROLE "{role}"'.encode())


@pytest.mark.parametrize("missing", ["database", "role"])
async def test_a_server_that_refuses_us_is_a_configuration_error_without_the_password(missing: str) -> None:
    with empty_postgresql() as url:
        refused = make_url(url).set(password="canary-password")
        refused = refused.set(database="no-such") if missing == "database" else refused.set(username="no-such")
        store = open_store(refused.render_as_string(hide_password=False))

        with pytest.raises(
            ConfigurationError, match=f'refuses the connection: {missing} "no-such" does not exist'
        ) as caught:
            await store.migrate()
        await store.close()

    assert "canary" not in "".join(traceback.format_exception(caught.value))


async def test_a_server_that_is_not_there_is_busy() -> None:
    store = open_store("postgresql://somebody:canary-password@127.0.0.1:1/none")

    with pytest.raises(StoreBusy):
        await store.migrate()
    await store.close()
