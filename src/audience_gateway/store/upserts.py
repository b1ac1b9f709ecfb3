"""Inserts that meet rows which are there already."""

from collections.abc import Sequence

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

Insert = postgresql.Insert | sqlite.Insert


def insert_into(table: Table, dialect: str) -> Insert:
    """An insert that knows what to do about conflicts on ``dialect``."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def insert_or_update(table: Table, dialect: str, *, key: Sequence[str], columns: Sequence[str]) -> Insert:
    """An insert of whole rows that overwrites ``columns`` where a row with the same ``key`` is there."""
    statement = insert_into(table, dialect)
    return statement.on_conflict_do_update(
        index_elements=list(key), set_={column: statement.excluded[column] for column in columns}
    )
