"""Who may read a provider into the index, and how far the index follows each provider.

A right is a number. Taking it raises the number, so whoever lost it can change nothing any more, however late they
wake; the time until which it holds only decides when others may take it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Update, bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from audience_gateway.domain.catalogue import Reading, SourceRecord
from audience_gateway.domain.errors import GatewayError, Superseded
from audience_gateway.store.columns import Moment
from audience_gateway.store.database import Database
from audience_gateway.store.index.problems import read_problem, write_problem
from audience_gateway.store.tables import audience_reading, catalogue
from audience_gateway.store.upserts import insert_into

_RECORDS = select(
    catalogue.c.provider_key,
    catalogue.c.read_at,
    catalogue.c.gap,
    catalogue.c.failure,
    catalogue.c.failed_at,
    catalogue.c.failures,
    catalogue.c.reading_since,
    catalogue.c.reading_until,
    catalogue.c.suspicion,
)
"""All of them: there are no more than providers that were ever configured."""
_LONGEST_LEASE = timedelta(minutes=5)
"""A right that holds for longer was dated by a clock that was wrong, and holds no more."""
_FREE = or_(
    catalogue.c.reading_until.is_(None),
    catalogue.c.reading_until <= bindparam("now", type_=Moment),
    catalogue.c.reading_until > bindparam("latest", type_=Moment),
)

_WANTED = or_(
    catalogue.c.read_at.is_(None),
    catalogue.c.read_at < bindparam("since", type_=Moment),
    catalogue.c.read_at > bindparam("now", type_=Moment),
)


async def read_sources(database: Database, provider_keys: Sequence[str], now: datetime) -> Mapping[str, SourceRecord]:
    """A record for each provider; a reader who shows no sign of life at ``now`` is not there."""
    rows = await database.read(_RECORDS) if provider_keys else ()
    found = {row.provider_key: _record_of(row, now) for row in rows}
    return {key: found.get(key) or SourceRecord(provider_key=key) for key in provider_keys}


async def begin(
    database: Database, provider_key: str, *, wanted_since: datetime, now: datetime, lease_seconds: float
) -> Reading | None:
    """Take the right, and forget what an earlier reader put aside; None while somebody has it, or without need.

    A reading dated after ``now`` was dated by a clock that was wrong, and does not count.
    """
    known = insert_into(catalogue, database.dialect).values(provider_key=provider_key).on_conflict_do_nothing()
    taken = (
        update(catalogue)
        .where(catalogue.c.provider_key == provider_key, _FREE, _WANTED)
        .values(reading=catalogue.c.reading + 1, reading_since=now, reading_until=_until(now, lease_seconds))
        .returning(catalogue.c.reading, catalogue.c.change)
    )
    async with database.writing() as connection:
        await connection.execute(known)
        moments = {"now": now, "since": wanted_since, "latest": now + _LONGEST_LEASE}
        row = (await connection.execute(taken, moments)).one_or_none()
        if row is None:
            return None
        await forget(connection, provider_key)
    return Reading(provider_key, row.reading, row.change, now)


async def hold(connection: AsyncConnection, reading: Reading, *, now: datetime, lease_seconds: float) -> None:
    """Hold the right on; raises Superseded when it is lost."""
    await _change(connection, reading, {"reading_until": _until(now, lease_seconds)})


async def still_held(connection: AsyncConnection, reading: Reading) -> None:
    """Raise Superseded when the right is lost; keep others from taking it until the transaction ends."""
    await _change(connection, reading, {"reading": reading.number})


async def give_up(connection: AsyncConnection, reading: Reading, values: Mapping[str, object]) -> None:
    """Write what came of the reading and end the right; raises Superseded when it is lost."""
    await forget(connection, reading.provider_key)
    await _change(connection, reading, {"reading_since": None, "reading_until": None, **values})


async def abandon(database: Database, reading: Reading, failure: GatewayError | None, now: datetime) -> None:
    """Write why the reading failed, if it did, and end the right; nothing when it is lost."""
    try:
        async with database.writing() as connection:
            await give_up(connection, reading, {} if failure is None else failed(failure, now))
    except Superseded:
        return


def failed(failure: GatewayError, now: datetime) -> dict[str, object]:
    """What is written of a reading that failed just now."""
    return {
        "failure": write_problem(failure),
        "failed_at": now,
        "failures": catalogue.c.failures + 1,
    }


async def forget(connection: AsyncConnection, provider_key: str) -> None:
    """Drop what was put aside."""
    await connection.execute(delete(audience_reading).where(audience_reading.c.provider_key == provider_key))


def _held(reading: Reading) -> Update:
    return update(catalogue).where(
        catalogue.c.provider_key == reading.provider_key,
        catalogue.c.reading == reading.number,
        catalogue.c.reading_until.is_not(None),
    )


async def _change(connection: AsyncConnection, reading: Reading, values: Mapping[str, object]) -> None:
    changed = await connection.execute(_held(reading).values(**values))
    if changed.rowcount == 0:
        raise Superseded(f"Another process reads {reading.provider_key} now.", provider_key=reading.provider_key)


def _until(now: datetime, lease_seconds: float) -> datetime:
    return now + timedelta(seconds=lease_seconds)


def _record_of(row: Row[Any], now: datetime) -> SourceRecord:
    """A reader who has not shown any life until ``now`` is not there."""
    key, read_at, gap, failure, failed_at, failures, reading_since, reading_until, suspicion = tuple(row)
    alive = reading_until is not None and now < reading_until <= now + _LONGEST_LEASE
    return SourceRecord(
        provider_key=key,
        read_at=read_at,
        gap=gap and read_problem(gap, key),
        failure=failure and read_problem(failure, key),
        failed_at=failed_at,
        failures=failures,
        reading_since=reading_since if alive else None,
        suspicion=suspicion,
    )
