"""What changes in the index between readings: our own writes and deletions, and sizes asked for one by one."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Text, and_, bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from audience_gateway.domain.audience import Audience, AudienceRef, AudienceSize, AudienceStatus
from audience_gateway.store.columns import Moment
from audience_gateway.store.database import Database
from audience_gateway.store.index.rows import FACTS, audience_of, dated, remote_row_of
from audience_gateway.store.search import storable
from audience_gateway.store.tables import audience, audience_change, catalogue
from audience_gateway.store.upserts import insert_into, insert_or_update

_KEY = ("provider_key", "native_id")
_NOTE = (
    update(audience)
    .where(
        audience.c.provider_key == bindparam("key", type_=Text), audience.c.native_id == bindparam("id_", type_=Text)
    )
    .values(
        size_value=bindparam("value"),
        size_basis=bindparam("basis"),
        size_as_of=bindparam("as_of", type_=Moment),
        size_noted_at=bindparam("now", type_=Moment),
    )
)
_LOCK = (
    update(catalogue).where(catalogue.c.provider_key == bindparam("key", type_=Text)).values(change=catalogue.c.change)
)


async def put(database: Database, value: Audience) -> None:
    """Take over what was written; a size that was not told stays as it was."""
    row = dict(remote_row_of(value))
    if value.size is None:
        row = {name: fact for name, fact in row.items() if not name.startswith("size_")}
    facts = [name for name in row if name not in _KEY]
    async with database.writing() as connection:
        await _mark(connection, value.ref)
        await connection.execute(
            insert_or_update(audience, connection.dialect.name, key=_KEY, columns=facts), dict(row)
        )


async def remove(database: Database, ref: AudienceRef) -> None:
    """Take the audience out, whether or not it is there."""
    if not storable(ref.native_id):
        return
    async with database.writing() as connection:
        await _mark(connection, ref)
        await connection.execute(
            delete(audience).where(audience.c.provider_key == ref.provider_key, audience.c.native_id == ref.native_id)
        )


async def sizes_due(database: Database, provider_key: str, *, before: datetime, limit: int) -> Sequence[Audience]:
    """Those whose size was never noted first, then those noted longest ago."""
    noted = audience.c.size_noted_at
    statement = (
        select(*FACTS)
        .where(
            audience.c.provider_key == provider_key,
            audience.c.status == AudienceStatus.ACTIVE.value,
            or_(
                audience.c.size_basis.is_(None) & noted.is_(None),
                and_(noted.is_not(None), noted < bindparam("before", type_=Moment)),
            ),
        )
        .order_by(noted.is_not(None), noted, audience.c.native_id)
        .limit(limit)
    )
    return [audience_of(row) for row in await database.read(statement, {"before": before})]


async def note_sizes(database: Database, sizes: Mapping[AudienceRef, AudienceSize], now: datetime) -> None:
    """All in one transaction; audiences that are not there are passed over."""
    rows = [
        {
            "key": ref.provider_key,
            "id_": ref.native_id,
            "value": size.value,
            "basis": size.basis.value,
            "as_of": size.as_of,
            "now": now,
        }
        for ref, size in ((ref, dated(size, now)) for ref, size in sizes.items())
        if storable(ref.native_id)
    ]
    if not rows:
        return
    async with database.writing() as connection:
        # The record of its provider first, as readings do: whoever takes rows in another order would wait for ever.
        await connection.execute(_LOCK, [{"key": key} for key in sorted({ref.provider_key for ref in sizes})])
        await connection.execute(_NOTE, rows)


async def _mark(connection: AsyncConnection, ref: AudienceRef) -> None:
    """Give the change the next number, so that readings begun before leave the audience alone."""
    dialect = connection.dialect.name
    numbered = insert_into(catalogue, dialect).values(provider_key=ref.provider_key, change=1)
    numbered = numbered.on_conflict_do_update(index_elements=["provider_key"], set_={"change": catalogue.c.change + 1})
    number = (await connection.execute(numbered.returning(catalogue.c.change))).scalar_one()
    marked = insert_or_update(audience_change, dialect, key=_KEY, columns=("change",))
    await connection.execute(marked, {"provider_key": ref.provider_key, "native_id": ref.native_id, "change": number})
