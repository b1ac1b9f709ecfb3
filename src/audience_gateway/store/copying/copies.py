"""The copy itself: one moment of the source into one transaction of the target, read back before it shows."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import URL, Connection, Table, func, select

from audience_gateway.domain.errors import ConfigurationError
from audience_gateway.store.copying.contents import LEASES, batches, copied_tables
from audience_gateway.store.copying.digests import Digest
from audience_gateway.store.copying.sides import SOURCE, TARGET, at
from audience_gateway.store.copying.targets import check_search, finish, make_ready
from audience_gateway.store.copying.writers import Writer
from audience_gateway.store.migration import alone
from audience_gateway.store.revisions import BASE, newest, revision_of
from audience_gateway.store.snapshots import snapshot

ToldProgress = Callable[[str, int, int], None]
"""Told what is being done, how many rows of it are done, and of how many."""


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """What became of one table.

    :param rows: how many the source holds.
    :param same: whether as many, with the same checksum over all values, were read back from the target.
    :param seconds: what copying and reading back took.
    """

    name: str
    rows: int
    same: bool
    seconds: float


def copy_store(source: URL, target: URL, *, progress: ToldProgress) -> Sequence[CopiedTable]:
    """Copy everything, in one transaction that is rolled back unless every table is the same; a report per table.

    Raises ConfigurationError for a database that cannot be used, a source that is not up to date and a target that
    is not empty, BadInput for a row that the target cannot hold, StoreBusy when either is locked or away.
    """
    with at(SOURCE), snapshot(source) as reader:
        _refuse_outdated(reader)
        with at(TARGET), alone(target) as writer:
            make_ready(writer)
            copied = [_copy(reader, writer, table, progress) for table in copied_tables()]
            check_search(writer)
            transaction = writer.get_transaction()
            if transaction is not None and not all(table.same for table in copied):
                transaction.rollback()
            return copied


def _refuse_outdated(reader: Connection) -> None:
    revision = revision_of(reader)
    if revision == BASE:
        raise ConfigurationError([f"{SOURCE}: holds no store"])
    if revision != newest():
        raise ConfigurationError([f"{SOURCE}: is at revision {revision}, and {newest()} is needed; migrate it first"])


def _copy(reader: Connection, writer: Connection, table: Table, progress: ToldProgress) -> CopiedTable:
    began = time.perf_counter()
    with at(SOURCE):
        total = reader.execute(select(func.count()).select_from(table)).scalar_one()
    read, found = Digest(table), Digest(table)
    filling = Writer(writer, table)
    for batch in batches(reader, table, side=SOURCE, blank=LEASES.get(table.name, ())):
        read.add(batch)
        filling.add(batch)
        progress(f"copying {table.name}", read.rows, total)
    finish(writer, table)
    for batch in batches(writer, table, side=TARGET):
        found.add(batch)
        progress(f"comparing {table.name}", found.rows, total)
    same = (read.rows, read.checksum) == (found.rows, found.checksum)
    return CopiedTable(table.name, read.rows, same, time.perf_counter() - began)
