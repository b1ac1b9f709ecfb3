"""At which step of its history a database is, and taking it to another one. Blocks; run it in a thread.

``base`` is the name of a database without any table of ours, ``head`` of the newest step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, exists, inspect, select

from audience_gateway.domain.errors import BadInput, ConfigurationError
from audience_gateway.store.migration import configuration, downgrade, upgrade
from audience_gateway.store.snapshots import snapshot
from audience_gateway.store.tables import metadata

BASE = "base"
HEAD = "head"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a database is.

    :param revision: its step, or ``base``.
    :param filled: whether any table of ours holds a row.
    """

    revision: str
    filled: bool


@cache
def revisions() -> Sequence[str]:
    """All steps from ``base`` to the newest."""
    steps = ScriptDirectory.from_config(configuration()).walk_revisions()
    return BASE, *reversed([step.revision for step in steps])


def newest() -> str:
    """The step that this version of the gateway works with."""
    return revisions()[-1]


def named(revision: str) -> str:
    """The step that is called ``revision``; raises BadInput when there is none."""
    wanted = newest() if revision == HEAD else revision
    if wanted not in revisions():
        raise BadInput(f"There is no such revision; there are {', '.join(revisions())} and {HEAD}.")
    return wanted


def standing(address: URL) -> Standing:
    """Where the database is, without changing or making it; raises ConfigurationError for one that is unusable."""
    if _to_be_made(address):
        return Standing(BASE, filled=False)
    with snapshot(address) as connection:
        return Standing(revision_of(connection), filled=bool(filled_tables(connection)))


def is_downwards(before: str, after: str) -> bool:
    """Whether the way from one step to another leads back; raises ConfigurationError for a step of another version."""
    if before not in revisions():
        raise ConfigurationError(["gateway.database_url: the database belongs to another version of the gateway"])
    return revisions().index(after) < revisions().index(before)


def move(address: URL, before: str, after: str) -> None:
    """Take the database from one step to another; nothing when it is there already."""
    if is_downwards(before, after):
        downgrade(address, after)
    elif after != BASE:
        upgrade(address, after)


def revision_of(connection: Connection) -> str:
    """The step that the database behind ``connection`` is at."""
    return MigrationContext.configure(connection).get_current_revision() or BASE


def filled_tables(connection: Connection) -> Sequence[str]:
    """The names of our tables that hold a row."""
    there = set(inspect(connection).get_table_names())
    tables = [table for table in metadata.sorted_tables if table.name in there]
    return [table.name for table in tables if connection.execute(select(exists(select(table.c[0])))).scalar()]


def _to_be_made(address: URL) -> bool:
    if address.drivername != "sqlite":
        return False
    file = Path(address.database or "")
    return file.parent.is_dir() and not file.exists()
