"""Putting batches of rows into a table as fast as its database takes them: COPY, or one prepared insert for many rows.

Values go through the types of their columns, as everywhere else; JSON comes as text already.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Table, insert
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from audience_gateway.domain.errors import BadInput
from audience_gateway.store.copying.contents import Batch, is_document
from audience_gateway.store.search import storable

_PLACE = re.compile(r"COPY [^,]+, line (\d+)(?:, column (\w+))?")


class Writer:
    """Fills one table over one connection."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._table = table
        self._bindings = [_binding(column, connection.dialect) for column in table.columns]
        on_postgresql = connection.dialect.name == "postgresql"
        self._statement = _copy_statement(connection, table) if on_postgresql else _insert_statement(connection, table)
        self._write = self._copy if on_postgresql else self._insert

    def add(self, batch: Batch) -> None:
        """Write all rows of the batch; raises BadInput for one that the database cannot hold."""
        try:
            self._write([self._bound(row) for row in batch])
        except DataError as error:
            raise BadInput(self._unholdable(batch, error)) from error
        except IntegrityError as error:
            raise BadInput(f"{self._table.name}: a row refers to one that is not there, or is there twice.") from error

    def _bound(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(
            value if binding is None else binding(value) for binding, value in zip(self._bindings, row, strict=True)
        )

    def _insert(self, rows: list[tuple[Any, ...]]) -> None:
        self._connection.exec_driver_sql(self._statement, rows)

    def _copy(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """SQLAlchemy knows no COPY, so we ask the driver and give its errors their usual form."""
        dialect = self._connection.dialect
        driver = dialect.loaded_dbapi
        connection: Any = self._connection.connection.driver_connection
        try:
            with connection.cursor() as cursor, cursor.copy(self._statement) as copy:
                for row in rows:
                    copy.write_row(row)
        except driver.Error as error:
            raise DBAPIError.instance(
                self._statement, None, error, driver.Error, hide_parameters=True, dialect=dialect
            ) from error

    def _unholdable(self, batch: Batch, error: DataError) -> str:
        """Which row it is, by its key, and which column, as far as that can be told; never the value."""
        number, name = _told_place(error) or _found_place(batch, self._table) or (None, None)
        if number is None or not number < len(batch):
            return f"{self._table.name}: a row holds a value that the target cannot hold."
        row = dict(zip(self._table.columns.keys(), batch[number], strict=True))
        key = ", ".join(f"{column.name} {row[column.name]}" for column in self._table.primary_key.columns)
        return f"{self._table.name}: the row with {key} holds a {name or 'value'} that the target cannot hold."


def _told_place(error: DataError) -> tuple[int, str | None] | None:
    """The row of the batch and the column that the server names."""
    context = str(getattr(getattr(error.orig, "diag", None), "context", None) or "")
    place = _PLACE.search(context)
    return None if place is None else (int(place[1]) - 1, place[2])


def _found_place(batch: Batch, table: Table) -> tuple[int, str] | None:
    """The first text that no database but SQLite holds, which the driver does not even send."""
    for number, row in enumerate(batch):
        for name, value in zip(table.columns.keys(), row, strict=True):
            if isinstance(value, str) and not storable(value):
                return number, name
    return None


def _binding(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    return None if is_document(column) else column.type.dialect_impl(dialect).bind_processor(dialect)


def _copy_statement(connection: Connection, table: Table) -> str:
    quoting = connection.dialect.identifier_preparer
    names = ", ".join(quoting.quote(column.name) for column in table.columns)
    return " ".join(("COPY", quoting.format_table(table), f"({names})", "FROM STDIN"))


def _insert_statement(connection: Connection, table: Table) -> str:
    return str(insert(table).compile(dialect=connection.dialect))
