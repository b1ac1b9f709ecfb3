"""Putting whole audiences with their people into the local store, for the demo and for tests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from sqlalchemy import Text, bindparam, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from audience_gateway.domain.audience import Audience
from audience_gateway.domain.errors import BadInput
from audience_gateway.domain.member import Member
from audience_gateway.store.columns import IDENTIFIER, Moment
from audience_gateway.store.index.rows import is_local, local_row_of
from audience_gateway.store.member_rows import row_of
from audience_gateway.store.sql_store import SqlStore
from audience_gateway.store.tables import audience, member, membership
from audience_gateway.store.upserts import insert_into, insert_or_update

_CHUNK = 2_500
_AUDIENCE_KEY = ("provider_key", "native_id")
_COUNTED = (
    select(func.count()).select_from(membership).where(membership.c.audience_id == audience.c.id).scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class SeedAudience:
    """A local audience and the native ids of its members; ``audience.size`` is not kept, it is counted."""

    audience: Audience
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """What only rules ask about a person, named as the columns of ``member``; money in major units."""

    carrier: str | None = None
    timezone: str | None = None
    signed_up_at: datetime | None = None
    send_count: int | None = None
    last_sent_at: datetime | None = None
    click_count: int | None = None
    last_clicked_at: datetime | None = None
    conversion_count: int | None = None
    has_revenue: bool | None = None
    revenue_total: Decimal | None = None
    revenue_average: Decimal | None = None
    last_revenue_at: datetime | None = None


_UNKNOWN = Engagement()


async def seed(
    store: SqlStore,
    people: Sequence[Member],
    audiences: Sequence[SeedAudience],
    *,
    engagement: Mapping[str, Engagement] = MappingProxyType({}),
) -> None:
    """Write people and audiences in one transaction; those there already are overwritten, and nobody leaves.

    People and audiences are stored from last to first, so that pages show them in the order given. The same call
    again changes nothing. Raises BadInput for an audience of another provider or with an unknown member.

    :param engagement: by native id of the person; of the others nothing of it is known.
    """
    async with store.database.writing() as connection:
        await _write_people(connection, people, engagement)
        for entry in reversed(audiences):
            await _write_audience(connection, entry)


async def _write_people(
    connection: AsyncConnection, people: Sequence[Member], engagement: Mapping[str, Engagement]
) -> None:
    rows = [{**row_of(person), **asdict(engagement.get(person.native_id, _UNKNOWN))} for person in reversed(people)]
    if not rows:
        return
    statement = insert_or_update(member, connection.dialect.name, key=("native_id",), columns=tuple(rows[0]))
    await connection.execute(statement, rows)


async def _write_audience(connection: AsyncConnection, entry: SeedAudience) -> None:
    row = _row_of(entry.audience)
    dialect = connection.dialect.name
    statement = insert_or_update(audience, dialect, key=_AUDIENCE_KEY, columns=tuple(row)).returning(audience.c.id)
    audience_id = (await connection.execute(statement, row)).scalar_one()
    chosen = member.c.native_id.in_(bindparam("native_ids", expanding=True, type_=Text))
    people = select(literal(audience_id, IDENTIFIER), member.c.id, literal(entry.audience.fetched_at, Moment)).where(
        chosen
    )
    joining = insert_into(membership, dialect).from_select(["audience_id", "member_id", "added_at"], people)
    for native_ids in _chunks(entry.members):
        known = await connection.execute(select(func.count()).select_from(member).where(chosen), native_ids)
        if known.scalar_one() != len(native_ids["native_ids"]):
            raise BadInput(f"Audience {entry.audience.native_id} has members that are not among the people.")
        await connection.execute(joining.on_conflict_do_nothing(), native_ids)
    await connection.execute(update(audience).where(audience.c.id == audience_id).values(size_value=_COUNTED))


def _chunks(native_ids: Sequence[str]) -> Iterator[dict[str, list[str]]]:
    distinct = list(dict.fromkeys(native_ids))
    return ({"native_ids": distinct[start : start + _CHUNK]} for start in range(0, len(distinct), _CHUNK))


def _row_of(value: Audience) -> Mapping[str, object]:
    if not is_local(value.provider_key):
        raise BadInput(f"Audience {value.native_id} belongs to {value.provider_key}, not to the local store.")
    return local_row_of(value)
