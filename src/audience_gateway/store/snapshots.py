"""One unchanging moment of a database, read for as long as it takes without holding anybody up. Blocks."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.pool import NullPool

from audience_gateway.store.engine import LOCK_SECONDS, migration_engine
from audience_gateway.store.errors import translated


@contextmanager
def snapshot(address: URL) -> Iterator[Connection]:
    """A transaction that sees one moment, whoever writes meanwhile, and can change nothing.

    A file that is missing is not made. What a driver raises comes translated; raises ConfigurationError for a
    database that cannot be used.
    """
    engine = _sqlite_engine(address) if address.drivername == "sqlite" else _postgresql_engine(address)
    try:
        with translated(), engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))
            yield connection
    finally:
        engine.dispose()


def _postgresql_engine(address: URL) -> Engine:
    return migration_engine(address).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _sqlite_engine(address: URL) -> Engine:
    """A plain ``BEGIN`` takes no lock, and the write-ahead log keeps what it sees until it ends."""
    file = Path(address.database or "").absolute().as_uri()

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(f"{file}?mode=rw", uri=True, timeout=LOCK_SECONDS, isolation_level=None)
        connection.execute("PRAGMA query_only = ON")
        return connection

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
