"""The two things that can be done with a database: ask it one question, or change it in one transaction."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.engine import CursorResult, Row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from audience_gateway.store.engine import Engines
from audience_gateway.store.errors import translated

READ_SECONDS = 10.0
"""How long one question may take in all, unless told otherwise."""
WRITE_SECONDS = 30.0
"""How long one transaction may take in all."""
_INTERRUPT_AGAIN_SECONDS = 0.05


class Database:
    """One database. Every wait is bounded; what goes wrong is StoreBusy, ConfigurationError or InternalError.

    :param read_seconds: how long one question may take in all.
    """

    def __init__(self, engines: Engines, *, read_seconds: float = READ_SECONDS) -> None:
        self._engines = engines
        self._read_seconds = read_seconds
        self.dialect = engines.dialect

    async def read(self, statement: Executable, parameters: Mapping[str, object] | None = None) -> Sequence[Row[Any]]:
        """All rows of one statement, which sees one moment of the database.

        A connection that was lost while nobody looked is replaced, once.
        """
        with translated():
            async with asyncio.timeout(self._read_seconds):
                try:
                    return await self._read(statement, parameters)
                except DBAPIError as error:
                    if not error.connection_invalidated:
                        raise
                return await self._read(statement, parameters)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is committed at the end, and rolled back when anything is raised.

        On SQLite it holds the write lock from the start, so nothing read in it can change before it is written.
        """
        with translated():
            async with asyncio.timeout(WRITE_SECONDS), self._engines.writer.begin() as connection:
                yield connection

    async def close(self) -> None:
        """Close every connection."""
        await self._engines.close()

    async def _read(self, statement: Executable, parameters: Mapping[str, object] | None) -> Sequence[Row[Any]]:
        async with self._engines.reader.connect() as connection:
            if self.dialect == "sqlite":
                return (await _interruptible(connection, statement, parameters)).all()
            return (await connection.execute(statement, parameters)).all()


async def _interruptible(
    connection: AsyncConnection, statement: Executable, parameters: Mapping[str, object] | None
) -> CursorResult[Any]:
    """Execute on SQLite; when cancelled, stop the thread that is at work before giving its connection back."""
    work = asyncio.ensure_future(connection.execute(statement, parameters))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        driver = (await connection.get_raw_connection()).driver_connection
        while driver is not None and not work.done():
            await driver.interrupt()
            await asyncio.wait([work], timeout=_INTERRUPT_AGAIN_SECONDS)
        raise
    finally:
        if work.done() and not work.cancelled():
            work.exception()
