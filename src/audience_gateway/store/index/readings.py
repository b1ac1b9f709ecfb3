"""Putting a provider's audiences aside page by page, and taking them over in one transaction.

What is put aside shows to nobody. Taking over adds, changes and retires; an audience that is as it was is only dated
anew, so that its indexes need no writing.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    Update,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from audience_gateway.domain.audience import Audience, AudienceStatus
from audience_gateway.domain.catalogue import Reading
from audience_gateway.domain.errors import GatewayError
from audience_gateway.store.database import Database
from audience_gateway.store.index.leases import failed, forget, give_up, hold, still_held
from audience_gateway.store.index.problems import write_problem
from audience_gateway.store.index.rows import remote_row_of
from audience_gateway.store.tables import audience, audience_change, audience_reading
from audience_gateway.store.upserts import Insert, insert_into, insert_or_update

_KEY = ("provider_key", "native_id")
_COLUMNS = tuple(column.name for column in audience_reading.columns)
_FACTS = tuple(name for name in _COLUMNS if name not in _KEY)
_SIZES = ("size_value", "size_basis")


async def stage(
    database: Database, reading: Reading, audiences: Sequence[Audience], *, now: datetime, lease_seconds: float
) -> Sequence[str]:
    """Put audiences aside, the last of equal ones counting; returns the native ids that cannot be held."""
    rows, refused = _rows_of(audiences)
    statement = insert_or_update(audience_reading, database.dialect, key=_KEY, columns=_FACTS)
    async with database.writing() as connection:
        await hold(connection, reading, now=now, lease_seconds=lease_seconds)
        if rows:
            await connection.execute(statement, rows)
    return refused


async def restart(database: Database, reading: Reading) -> None:
    """Forget what was put aside."""
    async with database.writing() as connection:
        await still_held(connection, reading)
        await forget(connection, reading.provider_key)


async def missing(
    database: Database, reading: Reading, statuses: Collection[AudienceStatus]
) -> tuple[int, Sequence[str]]:
    """How many audiences there are, and which of them were not put aside, but for those we changed since."""
    known = _known(reading, statuses)
    counted = await database.read(select(func.count().label("number")).select_from(audience).where(*known))
    gone = select(audience.c.native_id).where(*known, ~_staged(), ~_changed_since(reading))
    rows = await database.read(gone.order_by(audience.c.native_id))
    return counted[0].number, [row.native_id for row in rows]


async def finish(
    database: Database,
    reading: Reading,
    *,
    statuses: Collection[AudienceStatus],
    retire: bool,
    kept: Collection[str],
    gap: GatewayError | None,
    doubt: tuple[GatewayError, str] | None,
) -> None:
    """Take over, and write what came of the reading; a doubtful one does not count as read."""
    async with database.writing() as connection:
        await still_held(connection, reading)
        if retire:
            await _retire(connection, reading, statuses, kept)
        await connection.execute(_taking_over(reading, database.dialect))
        await connection.execute(_dating(reading))
        if doubt is None:
            await _forget_changes(connection, reading)
        await give_up(connection, reading, _outcome(reading, gap, doubt))


def _outcome(
    reading: Reading, gap: GatewayError | None, doubt: tuple[GatewayError, str] | None
) -> Mapping[str, object]:
    if doubt is not None:
        failure, suspicion = doubt
        return failed(failure, reading.began_at) | {"suspicion": suspicion}
    blank = {"failure": None, "failed_at": None, "failures": 0, "suspicion": None}
    return blank | {"read_at": reading.began_at, "gap": write_problem(gap)}


async def _retire(
    connection: AsyncConnection, reading: Reading, statuses: Collection[AudienceStatus], kept: Collection[str]
) -> None:
    spared = audience.c.native_id.not_in(bindparam("kept", expanding=True, type_=Text))
    gone = delete(audience).where(*_known(reading, statuses), ~_staged(), ~_changed_since(reading), spared)
    await connection.execute(gone, {"kept": list(kept)})


def _taking_over(reading: Reading, dialect: str) -> Insert:
    """Insert what is new and overwrite what is different; a size the provider did not list stays as it was."""
    chosen = _staged_by(reading).where(~_staged_changed_since(reading))
    insert = insert_into(audience, dialect).from_select(list(_COLUMNS), chosen)
    told = insert.excluded.size_basis.is_not(None)
    values: dict[str, ColumnElement[object]] = {
        name: case((told, insert.excluded[name]), else_=audience.c[name]) if name in _SIZES else insert.excluded[name]
        for name in _FACTS
        if name != "size_as_of"
    }
    different = or_(
        audience.c.document.is_distinct_from(insert.excluded.document),
        audience.c.status != insert.excluded.status,
        audience.c.kind != insert.excluded.kind,
        audience.c.updated_at.is_distinct_from(insert.excluded.updated_at),
        audience.c.created_at.is_distinct_from(insert.excluded.created_at),
        and_(told, or_(*(audience.c[name].is_distinct_from(insert.excluded[name]) for name in _SIZES))),
    )
    return insert.on_conflict_do_update(index_elements=list(_KEY), set_=values, where=different)


def _dating(reading: Reading) -> Update:
    """Everything that was put aside was told when it was put aside, and so was its size if it was told."""
    staged = audience_reading.c
    as_of = case((staged.size_basis.is_not(None), staged.size_as_of), else_=audience.c.size_as_of)
    return (
        update(audience)
        .where(*_same(), audience.c.provider_key == reading.provider_key, ~_changed_since(reading))
        .values(fetched_at=staged.fetched_at, size_as_of=as_of)
    )


async def _forget_changes(connection: AsyncConnection, reading: Reading) -> None:
    """Changes that the provider knew when the reading began are in it; later ones are still to be spared."""
    await connection.execute(
        delete(audience_change).where(
            audience_change.c.provider_key == reading.provider_key, audience_change.c.change <= reading.change
        )
    )


def _rows_of(audiences: Sequence[Audience]) -> tuple[list[dict[str, object]], list[str]]:
    rows: dict[str, dict[str, object]] = {}
    refused: list[str] = []
    for value in audiences:
        try:
            row = remote_row_of(value)
        except (TypeError, ValueError, OverflowError):
            refused.append(value.native_id)
        else:
            rows[value.native_id] = {name: row[name] for name in _COLUMNS}
    return list(rows.values()), refused


def _staged_by(reading: Reading) -> Select[tuple[object, ...]]:
    columns = [audience_reading.c[name] for name in _COLUMNS]
    return select(*columns).where(audience_reading.c.provider_key == reading.provider_key)


def _known(reading: Reading, statuses: Collection[AudienceStatus]) -> tuple[ColumnElement[bool], ...]:
    names = [status.value for status in statuses]
    return audience.c.provider_key == reading.provider_key, audience.c.status.in_(names)


def _same() -> tuple[ColumnElement[bool], ...]:
    return tuple(audience_reading.c[name] == audience.c[name] for name in _KEY)


def _staged() -> ColumnElement[bool]:
    return exists().where(*_same()).correlate(audience)


def _changed_since(reading: Reading) -> ColumnElement[bool]:
    same = (audience_change.c[name] == audience.c[name] for name in _KEY)
    return exists().where(*same, audience_change.c.change > reading.change).correlate(audience)


def _staged_changed_since(reading: Reading) -> ColumnElement[bool]:
    same = (audience_change.c[name] == audience_reading.c[name] for name in _KEY)
    return exists().where(*same, audience_change.c.change > reading.change).correlate(audience_reading)
