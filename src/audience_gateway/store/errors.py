"""Drivers' errors in our own words; neither statements, nor their values, nor addresses come along.

SQLite's result codes: https://sqlite.org/rescode.html. PostgreSQL's: appendix A of its manual.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from audience_gateway.domain.errors import ConfigurationError, GatewayError, InternalError, StoreBusy

_PRIMARY_CODE = 0xFF
_BUSY_CODES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT})
_UNUSABLE = {
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened or made",
    sqlite3.SQLITE_NOTADB: "the file is not a SQLite database",
    sqlite3.SQLITE_CORRUPT: "the database file is damaged",
    sqlite3.SQLITE_READONLY: "the database file may not be written",
}
_BUSY_CLASSES = ("08", "40", "53", "57")
_LOCK_NOT_AVAILABLE = "55P03"
_REFUSAL = re.compile(
    r"FATAL:\s+((?:database|role) .* does not exist|.* authentication failed.*|no pg_hba\.conf entry.*)"
)
"""What a server says that will say it again; libpq gives it as English or translated text, without a code."""


@contextmanager
def translated() -> Iterator[None]:
    """Raise StoreBusy, ConfigurationError or InternalError for whatever a driver, its pool or its time limit raises."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, TimeoutError) as error:
        raise _ours(error) from error


def _ours(error: Exception) -> GatewayError:
    if isinstance(error, PoolTimeout | TimeoutError):
        return StoreBusy("The store did not answer in time.")
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause)
    return _of_postgresql(error) if isinstance(error, DBAPIError) else InternalError("The store failed.")


def _of_sqlite(error: sqlite3.Error) -> GatewayError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY_CODE
    if code in _BUSY_CODES:
        return StoreBusy("The store is locked by another writer.")
    if code in _UNUSABLE:
        return ConfigurationError([f"gateway.database_url: {_UNUSABLE[code]}"])
    return InternalError("The store failed.")


def _of_postgresql(error: DBAPIError) -> GatewayError:
    state = getattr(error.orig, "sqlstate", None)
    if state is None and type(error.orig).__name__ == "OperationalError":
        refusal = _REFUSAL.search(str(error.orig))
        if refusal:
            return ConfigurationError([f"gateway.database_url: PostgreSQL refuses the connection: {refusal[1]}"])
        return StoreBusy("The store cannot be reached.")
    if error.connection_invalidated or state == _LOCK_NOT_AVAILABLE or str(state).startswith(_BUSY_CLASSES):
        return StoreBusy("The store is busy or away.")
    return InternalError("The store failed.")
