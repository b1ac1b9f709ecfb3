"""Engines for both databases: how each begins, how long it waits, and how it writes JSON.

SQLite has one writer at a time, so each process keeps one writing connection that begins with the lock in hand, and
a few reading ones that never take it. PostgreSQL serves both from one pool.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from audience_gateway.store.address import missing_driver

LOCK_SECONDS = 5
"""How long a statement waits for somebody else's lock, unless told otherwise."""
CONNECT_SECONDS = 5
"""How long a connection may take to come about, or to come free."""
STATEMENT_SECONDS = 30
"""How long PostgreSQL works on one statement before it gives up by itself."""
MIGRATION_SECONDS = 600
"""How long one step of a migration may take, waiting for another process's included."""
_READERS = 4
_POSTGRESQL_CONNECTIONS = 10


@dataclass(frozen=True, slots=True)
class Engines:
    """Two ways into one database: ``reader`` for statements on their own, ``writer`` for transactions."""

    reader: AsyncEngine
    writer: AsyncEngine

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.reader.dialect.name

    async def close(self) -> None:
        """Close every connection."""
        await self.reader.dispose()
        await self.writer.dispose()


def open_engines(address: URL, *, lock_seconds: int = LOCK_SECONDS) -> Engines:
    """Engines for ``address``, not connected yet; raises ConfigurationError when the driver is not installed.

    :param lock_seconds: how long a statement waits for somebody else's lock.
    """
    make = _sqlite_engines if address.drivername == "sqlite" else _postgresql_engines
    return make(address, lock_seconds)


def migration_engine(address: URL) -> Engine:
    """An engine without a pool for a thread of its own, with time enough to change a large table."""
    if address.drivername == "sqlite":
        engine = create_engine(
            address.set(drivername="sqlite+pysqlite"),
            poolclass=NullPool,
            connect_args={"timeout": MIGRATION_SECONDS},
            hide_parameters=True,
        )
        _begin_with_the_lock(engine)
        return engine
    try:
        return create_engine(
            address.set(drivername="postgresql+psycopg"),
            poolclass=NullPool,
            connect_args=_postgresql_arguments(address, MIGRATION_SECONDS, MIGRATION_SECONDS),
            hide_parameters=True,
        )
    except ModuleNotFoundError as error:
        raise missing_driver() from error


def _sqlite_engines(address: URL, lock_seconds: int) -> Engines:
    create = partial(
        create_async_engine,
        address.set(drivername="sqlite+aiosqlite"),
        max_overflow=0,
        pool_timeout=CONNECT_SECONDS,
        connect_args={"timeout": lock_seconds},
        hide_parameters=True,
        json_serializer=_json,
    )
    reader = create(pool_size=_READERS, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True)
    event.listen(reader.sync_engine, "connect", _only_read)
    writer = create(pool_size=1)
    _begin_with_the_lock(writer.sync_engine)
    return Engines(reader, writer)


def _postgresql_engines(address: URL, lock_seconds: int) -> Engines:
    try:
        writer = create_async_engine(
            address.set(drivername="postgresql+psycopg"),
            pool_size=_POSTGRESQL_CONNECTIONS,
            max_overflow=0,
            pool_timeout=CONNECT_SECONDS,
            connect_args=_postgresql_arguments(address, STATEMENT_SECONDS, lock_seconds),
            hide_parameters=True,
            json_serializer=_json,
        )
    except ModuleNotFoundError as error:
        raise missing_driver() from error
    return Engines(writer.execution_options(isolation_level="AUTOCOMMIT"), writer)


def _postgresql_arguments(address: URL, statement_seconds: int, lock_seconds: int) -> dict[str, Any]:
    """What libpq is told; options in the address come later and so win."""
    bounds = f"-c statement_timeout={statement_seconds}s -c lock_timeout={lock_seconds}s"
    given = address.query.get("options", "")
    options = given if isinstance(given, str) else " ".join(given)
    return {"connect_timeout": CONNECT_SECONDS, "options": f"{bounds} {options}".strip()}


def _begin_with_the_lock(engine: Engine) -> None:
    event.listen(engine, "connect", _leave_beginning_to_us)
    event.listen(engine, "begin", _begin_immediate)


def _only_read(connection: DBAPIConnection, _record: object) -> None:
    _pragma(connection, "query_only = ON")


def _leave_beginning_to_us(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None
    _pragma(connection, "foreign_keys = ON")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _pragma(connection: DBAPIConnection, setting: str) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _json(value: object) -> str:
    """Compact JSON; mappings of any kind are objects, and numbers without a JSON form are refused."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> dict[str, object]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
