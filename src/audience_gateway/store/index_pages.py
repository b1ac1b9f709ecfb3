"""Statements for stretches of the list of all audiences, in any order and from either end.

Audiences without the value that they are sorted by stand last, so a stretch is two limited selects one behind the
other: those with a value, which an index gives in order, and those without. Nothing is left to a database's own idea
of where NULL belongs. Equal values are told apart by provider key and native id, always ascending.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    UnaryExpression,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)

from audience_gateway.domain.catalogue import (
    AudiencePosition,
    AudienceSort,
    AudienceSortField,
    AudienceWindow,
    SortDirection,
)
from audience_gateway.domain.errors import BadCursor
from audience_gateway.store.audience_rows import FACTS, name_key
from audience_gateway.store.columns import Moment, microseconds_of, moment_of
from audience_gateway.store.index_conditions import conditions
from audience_gateway.store.tables import audience

_VALUES: dict[AudienceSortField, ColumnElement[Any]] = {
    AudienceSortField.NAME: audience.c.name_key,
    AudienceSortField.CREATED_AT: audience.c.created_at,
    AudienceSortField.UPDATED_AT: audience.c.updated_at,
    AudienceSortField.SIZE: audience.c.size_value,
    AudienceSortField.PROVIDER: audience.c.provider_key,
}
_ALWAYS_KNOWN = frozenset({AudienceSortField.NAME, AudienceSortField.PROVIDER})
_TIES = (audience.c.provider_key, audience.c.native_id)


def page_statement(window: AudienceWindow, dialect: str) -> Select[Any]:
    """The rows of the window, nearest to its end first: in list order, or against it when taken backward.

    Raises BadCursor for a bound that no audience can stand at.
    """
    order = _Order(window.sort, window.backward)
    wanted = conditions(window.query, window.provider_keys, dialect)
    arms = [_arm(0, order.value.is_not(None), wanted, _valued_bounds(window, order), order.keys, window.limit)]
    if window.sort.field not in _ALWAYS_KNOWN:
        ties = order.keys[1:]
        arms.append(_arm(1, order.value.is_(None), wanted, _valueless_bounds(window), ties, window.limit))
    found = union_all(*(select(arm.subquery()) for arm in arms)).subquery("found")
    part = found.c.part.desc() if window.backward else found.c.part.asc()
    rows = select(*FACTS).select_from(found.join(audience, audience.c.id == found.c.id))
    return rows.order_by(part, *order.keys).limit(window.limit)


def position_of(row: Row[Any], sort: AudienceSort) -> AudiencePosition:
    """Where a row that holds FACTS stands."""
    value: int | str | None
    match sort.field:
        case AudienceSortField.NAME:
            value = name_key(row.name)
        case AudienceSortField.CREATED_AT:
            value = None if row.created_at is None else microseconds_of(row.created_at)
        case AudienceSortField.UPDATED_AT:
            value = None if row.updated_at is None else microseconds_of(row.updated_at)
        case AudienceSortField.SIZE:
            value = row.size_value
        case AudienceSortField.PROVIDER:
            value = row.provider_key
    return AudiencePosition(value, row.provider_key, row.native_id)


@dataclass(frozen=True, slots=True)
class _Order:
    """An order of rows; against itself when ``backward``."""

    sort: AudienceSort
    backward: bool

    @property
    def value(self) -> ColumnElement[Any]:
        return _VALUES[self.sort.field]

    @property
    def descending(self) -> bool:
        return self.sort.direction is SortDirection.DESC

    @property
    def keys(self) -> Sequence[UnaryExpression[Any]]:
        value = self.value.desc() if self.descending != self.backward else self.value.asc()
        return [value, *(tie.desc() if self.backward else tie.asc() for tie in _TIES)]


def _arm(
    part: int,
    which: ColumnElement[bool],
    wanted: Sequence[ColumnElement[bool]],
    bounds: Sequence[ColumnElement[bool]],
    keys: Sequence[UnaryExpression[Any]],
    limit: int,
) -> Select[Any]:
    ids = select(audience.c.id, literal_column(str(part)).label("part"))
    return ids.where(which, *wanted, *bounds).order_by(*keys).limit(limit)


def _valued_bounds(window: AudienceWindow, order: _Order) -> list[ColumnElement[bool]]:
    """Audiences that have the value, between the bounds; one without a value stands behind them all."""
    bounds: list[ColumnElement[bool]] = []
    for position, behind in ((window.after, True), (window.before, False)):
        if position is not None and position.value is None:
            bounds.extend([false()] if behind else [])
        elif position is not None:
            bounds.extend(_beside(position, order, behind=behind))
    return bounds


def _beside(position: AudiencePosition, order: _Order, *, behind: bool) -> list[ColumnElement[bool]]:
    """Behind the position, or in front of it: the first condition lets an index begin there, the second is exact."""
    column, value = order.value, _bound(order.sort.field, position.value)
    ties = _ties_beside(position, behind=behind)
    if order.descending != behind:
        return [column >= value, or_(column > value, ties)]
    return [column <= value, or_(column < value, ties)]


def _valueless_bounds(window: AudienceWindow) -> list[ColumnElement[bool]]:
    bounds: list[ColumnElement[bool]] = []
    for position, behind in ((window.after, True), (window.before, False)):
        if position is not None and position.value is not None:
            bounds.extend([] if behind else [false()])
        elif position is not None:
            bounds.append(_ties_beside(position, behind=behind))
    return bounds


def _ties_beside(position: AudiencePosition, *, behind: bool) -> ColumnElement[bool]:
    own, bound = tuple_(*_TIES), tuple_(literal(position.provider_key), literal(position.native_id))
    return own > bound if behind else own < bound


def _bound(field: AudienceSortField, value: int | str | None) -> ColumnElement[Any]:
    """The value of a position as its column has it."""
    if field in {AudienceSortField.CREATED_AT, AudienceSortField.UPDATED_AT}:
        try:
            return literal(moment_of(int(value or 0)), Moment)
        except (OverflowError, ValueError):
            raise BadCursor("This cursor is damaged.") from None
    return literal(value, _VALUES[field].type)


def count_statement(conditions_: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """How many audiences meet all conditions."""
    return select(func.count()).select_from(audience).where(*conditions_)
