"""Reading audiences.

A list goes from the newest to the oldest, those without a time last, and by row number where times are equal. Its
cursors hold time and row number, so a row that appears or goes elsewhere in the list moves no other.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, bindparam, func, or_, select, true

from audience_gateway.config import LOCAL_KEY
from audience_gateway.domain.audience import Audience, AudienceStatus
from audience_gateway.domain.errors import BadCursor
from audience_gateway.domain.page import Page
from audience_gateway.domain.page import Row as PageRow
from audience_gateway.store.columns import IDENTIFIER, Moment, microseconds_of, moment_of
from audience_gateway.store.database import Database
from audience_gateway.store.index.rows import FACTS, audience_of
from audience_gateway.store.positions import Positions
from audience_gateway.store.search import storable
from audience_gateway.store.tables import audience

_LOCAL = audience.c.provider_key == LOCAL_KEY
_BY_NATIVE_ID = select(*FACTS).where(
    _LOCAL, audience.c.native_id.in_(bindparam("native_ids", expanding=True, type_=Text))
)
_CREATED_AT, _ID = bindparam("created_at", type_=Moment), bindparam("id", type_=IDENTIFIER)


def _newest(*after: ColumnElement[bool]) -> Select[Any]:
    """One row more than a page, and in every row the length of the whole list; a lone row of NULLs for no page."""
    listed = (_LOCAL, audience.c.status == bindparam("status", type_=Text))
    total = select(func.count().label("total")).select_from(audience).where(*listed).subquery("total")
    order = (audience.c.created_at.desc().nulls_last(), audience.c.id.desc())
    page = select(*FACTS).where(*listed, *after).order_by(*order).limit(bindparam("rows")).subquery("page")
    joined = select(total.c.total, *page.c).select_from(total.outerjoin(page, true()))
    return joined.order_by(page.c.created_at.desc().nulls_last(), page.c.id.desc())


_FROM_START = _newest()
_AFTER_TIMED = _newest(
    or_(
        audience.c.created_at < _CREATED_AT,
        (audience.c.created_at == _CREATED_AT) & (audience.c.id < _ID),
        audience.c.created_at.is_(None),
    )
)
_AFTER_TIMELESS = _newest(audience.c.created_at.is_(None), audience.c.id < _ID)


async def list_audiences(
    database: Database, *, status: AudienceStatus, first: int, after: str | None
) -> Page[Audience]:
    """A page of the local audiences with ``status``; raises BadCursor for a cursor of another list."""
    positions = Positions.of("audiences", status.value)
    statement, parameters = _FROM_START, dict[str, object]()
    if after is not None:
        statement, parameters = _resume(*positions.read(after, 2))
    rows = await database.read(statement, {"status": status.value, "rows": first + 1, **parameters})
    total = rows[0].total
    found = [row for row in rows if row.id is not None]
    return Page(
        rows=tuple(PageRow(audience_of(row), _cursor(positions, row)) for row in found[:first]),
        has_next=len(found) > first,
        total=total,
    )


async def get_audiences(database: Database, native_ids: Sequence[str]) -> Mapping[str, Audience]:
    """The local audiences among ``native_ids``, in one statement."""
    wanted = [native_id for native_id in native_ids if storable(native_id)]
    rows = await database.read(_BY_NATIVE_ID, {"native_ids": wanted}) if wanted else ()
    return {row.native_id: audience_of(row) for row in rows}


def _resume(created_at: int | None, id: int | None) -> tuple[Select[Any], dict[str, object]]:  # noqa: A002 (the column)
    if id is None:
        raise BadCursor("This cursor is damaged.")
    if created_at is None:
        return _AFTER_TIMELESS, {"id": id}
    try:
        return _AFTER_TIMED, {"created_at": moment_of(created_at), "id": id}
    except OverflowError:
        raise BadCursor("This cursor is damaged.") from None


def _cursor(positions: Positions, row: Row[Any]) -> str:
    return positions.write(None if row.created_at is None else microseconds_of(row.created_at), row.id)
