"""The target: up to date, ours alone and empty before the first row, and ready for more rows after the last."""

from sqlalchemy import Connection, Table, func, select, text

from audience_gateway.domain.errors import ConfigurationError
from audience_gateway.store.migration import bring_up_to_date
from audience_gateway.store.revisions import filled_tables
from audience_gateway.store.tables import metadata

_CACHE = "PRAGMA cache_size = -65536"
"""64 MB, so that indexes grow in memory."""
_CHECK_SEARCH = "INSERT INTO member_search (member_search, rank) VALUES ('integrity-check', 1)"
"""See https://sqlite.org/fts5.html#the_integrity_check_command: fails when index and people differ."""


def make_ready(connection: Connection) -> None:
    """Make or bring up to date the tables, and keep writers away; raises ConfigurationError unless all are empty."""
    bring_up_to_date(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))
        for table in metadata.sorted_tables:
            _run(connection, "LOCK TABLE", table, "IN SHARE ROW EXCLUSIVE MODE")
    else:
        connection.exec_driver_sql(_CACHE)
    filled = filled_tables(connection)
    if filled:
        raise ConfigurationError([f"target: holds data already, in {', '.join(filled)}; only an empty one is filled"])


def finish(connection: Connection, table: Table) -> None:
    """Let the next row of the table get a number of its own, and the planner know the table."""
    if connection.dialect.name != "postgresql":
        return
    number = table.autoincrement_column
    if number is not None:
        sequence = func.pg_get_serial_sequence(table.name, number.name)
        next_number = func.coalesce(func.max(number), 0) + 1
        connection.execute(select(func.setval(sequence, next_number, False)).select_from(table))
    _run(connection, "ANALYZE", table)


def check_search(connection: Connection) -> None:
    """Raise ConfigurationError unless SQLite's search index holds exactly the people; PostgreSQL sees to its own."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_CHECK_SEARCH)


def _run(connection: Connection, before: str, table: Table, after: str = "") -> None:
    """A statement about a table that SQLAlchemy has no words for."""
    name = connection.dialect.identifier_preparer.format_table(table)
    connection.exec_driver_sql(" ".join((before, name, after)).strip())
