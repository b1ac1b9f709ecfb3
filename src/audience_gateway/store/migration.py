"""Bringing a database up to date, or back: one process at a time, all steps or none. Blocks; run it in a thread."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, text

from audience_gateway.domain.errors import ConfigurationError
from audience_gateway.store.engine import LOCK_SECONDS, migration_engine
from audience_gateway.store.errors import translated

_PAGE_BYTES = 8_192
_RETRY_SECONDS = 0.02
_ADVISORY_LOCK = 5_236_817_490_223_301
"""A number of our own under which PostgreSQL lets one process migrate."""


def upgrade(address: URL, revision: str = "head") -> None:
    """Bring the database up to ``revision``, the newest by itself; raises ConfigurationError for one newer still."""
    _run(address, lambda config: command.upgrade(config, revision))


def downgrade(address: URL, revision: str) -> None:
    """Take the database back to ``revision``, or to ``base``, which is empty."""
    _run(address, lambda config: command.downgrade(config, revision))


def bring_up_to_date(connection: Connection) -> None:
    """Run the missing steps over ``connection``, in the transaction that is open there; raises as :func:`upgrade`."""
    _change(connection, lambda config: command.upgrade(config, "head"))


@contextmanager
def alone(address: URL) -> Iterator[Connection]:
    """A transaction that no migration runs beside, in a database that is made when there is none.

    It is committed at the end, and rolled back when anything is raised. What a driver raises comes translated.
    """
    with translated():
        if address.drivername == "sqlite" and address.database:
            _prepare_file(Path(address.database))
        with _locked(address) as connection:
            yield connection


def configuration(connection: Connection | None = None) -> Config:
    """Where Alembic finds the steps, and the connection they run over."""
    config = Config()
    config.set_main_option("script_location", "audience_gateway.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _run(address: URL, change: Callable[[Config], None]) -> None:
    with alone(address) as connection:
        _change(connection, change)


def _change(connection: Connection, change: Callable[[Config], None]) -> None:
    try:
        change(configuration(connection))
    except CommandError as error:
        raise ConfigurationError(
            [f"gateway.database_url: the database belongs to another version of the gateway ({error})"]
        ) from error


@contextmanager
def _locked(address: URL) -> Iterator[Connection]:
    """A transaction that no other migration runs beside."""
    engine = migration_engine(address)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY_LOCK})
            yield connection
    finally:
        engine.dispose()


def _prepare_file(file: Path) -> None:
    """Give a new database its page size, and every one its write-ahead log, where the file itself remembers both.

    SQLite does not wait when two processes turn the log on at once, so we do.
    """
    with closing(sqlite3.connect(file, timeout=LOCK_SECONDS, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        give_up = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                    raise
                time.sleep(_RETRY_SECONDS)
            else:
                return
