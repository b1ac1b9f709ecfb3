"""What is copied of a store, read in batches in the order of the keys.

Everything is, but for what a process at work holds: leases, and readings that are not taken over yet. JSON travels as
the text it is, so that no number and no key passes through Python's; everything else as its column's type makes it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    null,
    select,
    tuple_,
)

from audience_gateway.store.copying.sides import at
from audience_gateway.store.tables import audience_reading, catalogue, metadata

BATCH_ROWS = 5_000
"""How many rows are in memory at a time."""
LEASES: Mapping[str, Collection[str]] = {catalogue.name: ("reading_since", "reading_until")}
"""Columns by table that are copied as NULL: nobody is reading at the target."""
_AT_WORK = frozenset({audience_reading.name})

Batch = Sequence[tuple[Any, ...]]


def copied_tables() -> Sequence[Table]:
    """The tables that are copied, each after those it refers to."""
    return [table for table in metadata.sorted_tables if table.name not in _AT_WORK]


def batches(
    connection: Connection, table: Table, *, side: str, blank: Collection[str] = (), rows: int = BATCH_ROWS
) -> Iterator[Batch]:
    """All rows of the table by its primary key, each a tuple of its columns; those in ``blank`` read as NULL."""
    key = tuple(table.primary_key.columns)
    places = [list(table.columns).index(column) for column in key]
    page = _page(table, blank, rows, connection.dialect.name)
    statement = page
    last: dict[str, object] = {}
    while True:
        with at(side):
            batch = [tuple(row) for row in connection.execute(statement, last)]
        if batch:
            yield batch
        if len(batch) < rows:
            return
        statement = page.where(_beyond(key, connection.dialect.name))
        last = {f"last_{number}": batch[-1][place] for number, place in enumerate(places)}


def _page(table: Table, blank: Collection[str], rows: int, dialect: str) -> Select[Any]:
    order = [_ordered(column, dialect) for column in table.primary_key.columns]
    return select(*(_carried(column, blank) for column in table.columns)).order_by(*order).limit(rows)


def _beyond(key: Sequence[Column[Any]], dialect: str) -> ColumnElement[bool]:
    last = tuple_(*(bindparam(f"last_{number}", type_=column.type) for number, column in enumerate(key)))
    return tuple_(*(_ordered(column, dialect) for column in key)) > last


def _ordered(column: Column[Any], dialect: str) -> ColumnElement[Any]:
    """Text by code point, which is SQLite's order and not necessarily PostgreSQL's."""
    return column.collate("C") if dialect == "postgresql" and isinstance(column.type, Text) else column


def _carried(column: Column[Any], blank: Collection[str]) -> ColumnElement[Any]:
    if column.name in blank:
        return null().label(column.name)
    return cast(column, Text).label(column.name) if is_document(column) else column


def is_document(column: Column[Any]) -> bool:
    """Whether the column holds JSON."""
    return isinstance(column.type, JSON)
