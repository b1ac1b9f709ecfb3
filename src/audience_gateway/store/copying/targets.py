"""The target: up to date, ours alone and empty before the first row, and ready for more rows after the last."""

from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import AddConstraint, DropConstraint

from audience_gateway.domain.errors import BadInput, ConfigurationError
from audience_gateway.store.engine import LOCK_SECONDS
from audience_gateway.store.migration import bring_up_to_date
from audience_gateway.store.revisions import filled_tables
from audience_gateway.store.tables import metadata

_SETTING = text("SELECT set_config(:name, :value, true)")
_HOLD_OFF_WRITERS = "LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"
_ANALYSE = "ANALYZE {table}"
_CACHE = "PRAGMA cache_size = -65536"
"""64 MB, so that indexes grow in memory."""
_CHECK_SEARCH = "INSERT INTO member_search (member_search, rank) VALUES ('integrity-check', 1)"
"""See https://sqlite.org/fts5.html#the_integrity_check_command: fails when index and people differ."""


def make_ready(connection: Connection) -> None:
    """Make or bring up to date the tables, and keep everybody out; raises ConfigurationError unless all are empty.

    PostgreSQL does without references until :func:`finish`: it checks them all at once much faster than one by one.
    """
    bring_up_to_date(connection)
    on_postgresql = connection.dialect.name == "postgresql"
    if on_postgresql:
        connection.execute(_SETTING, {"name": "lock_timeout", "value": f"{LOCK_SECONDS}s"})
        connection.execute(_SETTING, {"name": "timezone", "value": "UTC"})
        for table in metadata.sorted_tables:
            _run(connection, _HOLD_OFF_WRITERS, table)
    else:
        connection.exec_driver_sql(_CACHE)
    filled = filled_tables(connection)
    if filled:
        raise ConfigurationError([f"target: holds data already, in {', '.join(filled)}; only an empty one is filled"])
    if on_postgresql:
        for table in metadata.sorted_tables:
            for reference in table.foreign_key_constraints:
                connection.execute(DropConstraint(reference))


def finish(connection: Connection, table: Table) -> None:
    """Let the next row of the table get a number of its own, and the planner know the table.

    Raises BadInput for a row that refers to one that is not there.
    """
    if connection.dialect.name != "postgresql":
        return
    try:
        for reference in table.foreign_key_constraints:
            connection.execute(AddConstraint(reference))
    except IntegrityError as error:
        raise BadInput(f"{table.name}: a row refers to one that is not there.") from error
    number = table.autoincrement_column
    if number is not None:
        sequence = func.pg_get_serial_sequence(table.name, number.name)
        next_number = func.coalesce(func.max(number), 0) + 1
        connection.execute(select(func.setval(sequence, next_number, False)).select_from(table))
    _run(connection, _ANALYSE, table)


def check_search(connection: Connection) -> None:
    """Raise ConfigurationError unless SQLite's search index holds exactly the people; PostgreSQL sees to its own."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_CHECK_SEARCH)


def _run(connection: Connection, statement: str, table: Table) -> None:
    """Run a statement that SQLAlchemy has no words for."""
    connection.exec_driver_sql(statement.format(table=connection.dialect.identifier_preparer.format_table(table)))
