"""What copying a store costs, from SQLite to PostgreSQL and back: rows a second, and memory at most.

``python -m tests.bench.copy`` prints it; ``python -m tests.bench.copy 1000000`` with that many memberships.
"""

import asyncio
import multiprocessing
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from audience_gateway.store import open_store
from audience_gateway.store.address import parse_address
from audience_gateway.store.copying import CopiedTable, copy_store
from audience_gateway.store.tables import audience, member, membership
from tests.databases import empty_postgresql

_MEMBERSHIPS = 100_000
_AUDIENCES = 20
_CHUNK = 5_000
_NOW = datetime(2026, 3, 1, tzinfo=UTC)
_KIB = 1_024
_MIB = 2**20


def main() -> None:
    """Fill a SQLite store, copy it there and back, each in a process of its own, and print a row a table."""
    memberships = int(sys.argv[1]) if len(sys.argv) > 1 else _MEMBERSHIPS
    table = Table("copy", "table", "rows", "seconds", "rows/s", "memory at most")
    with TemporaryDirectory() as folder, empty_postgresql() as postgresql:
        first, second = (f"sqlite:///{Path(folder) / name}" for name in ("first.db", "second.db"))
        asyncio.run(_fill(first, memberships))
        for name, source, target in (("to PostgreSQL", first, postgresql), ("to SQLite", postgresql, second)):
            copied, seconds, peak = _apart(source, target)
            for entry in copied:
                if entry.rows:
                    table.add_row(name, *_cells(entry.name, entry.rows, entry.seconds), "")
            total = sum(entry.rows for entry in copied)
            table.add_row(name, *_cells("all", total, seconds), f"{peak / _MIB:.0f} MiB", end_section=True)
    Console().print(table)


def _cells(name: str, rows: int, seconds: float) -> Sequence[str]:
    return name, f"{rows:,}", f"{seconds:.1f}", f"{rows / seconds:,.0f}"


def _apart(source: str, target: str) -> tuple[Sequence[CopiedTable], float, int]:
    """The report, the seconds and the bytes of a copy made by a process that has done nothing else."""
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    process = spawning.Process(target=_copy, args=(theirs, source, target))
    process.start()
    theirs.close()
    try:
        copied, seconds, peak = ours.recv()
    finally:
        process.join()
    if not all(entry.same for entry in copied):
        raise AssertionError("the copy differs")
    return copied, seconds, peak


def _copy(told: Connection, source: str, target: str) -> None:
    began = time.perf_counter()
    copied = copy_store(parse_address(source), parse_address(target), progress=lambda _task, _done, _total: None)
    seconds = time.perf_counter() - began
    told.send((copied, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB))


async def _fill(url: str, memberships: int) -> None:
    """Each person is in half of the audiences."""
    store = open_store(url)
    try:
        await store.migrate()
        people = max(1, memberships * 2 // _AUDIENCES)
        for rows in _chunks(_people(people)):
            async with store.database.writing() as connection:
                await connection.execute(insert(member), rows)
        async with store.database.writing() as connection:
            await connection.execute(insert(audience), list(_audiences(people)))
        for rows in _chunks(_memberships(people)):
            async with store.database.writing() as connection:
                await connection.execute(insert(membership), rows)
    finally:
        await store.close()


def _chunks(rows: Iterator[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    chunk: list[dict[str, object]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _people(number: int) -> Iterator[dict[str, object]]:
    for position in range(1, number + 1):
        email = f"person{position}@example.com"
        yield {
            "id": position,
            "native_id": f"p{position}",
            "email": email,
            "full_name": f"Zoë Ruiz {position}",
            "attributes": {"plan": "pro", "score": position / 10, "city": {"name": "Lima"}},
            "created_at": _NOW,
            "last_clicked_at": _NOW,
            "search_text": f"zoë ruiz {position}\n{email}",
        }


def _audiences(people: int) -> Iterator[dict[str, object]]:
    for position in range(1, _AUDIENCES + 1):
        name = f"audience {position}"
        yield {
            "id": position,
            "provider_key": "local",
            "native_id": f"a{position}",
            "name": name,
            "name_folded": name,
            "name_key": name,
            "kind": "STATIC",
            "status": "ACTIVE",
            "size_value": people // 2,
            "fetched_at": _NOW,
        }


def _memberships(people: int) -> Iterator[dict[str, object]]:
    for position in range(1, _AUDIENCES + 1):
        for person in range(1 + position % 2, people + 1, 2):
            yield {"audience_id": position, "member_id": person, "added_at": _NOW}


if __name__ == "__main__":
    main()
