"""Statements for stretches of the list of all audiences, in any order and from either end.

Audiences without the value that they are sorted by stand last, so a stretch is two limited selects one behind the
other: those with a value, which an index gives in order, and those without. Nothing is left to a database's own idea
of where NULL belongs. Equal values are told apart by provider key and native id, always ascending.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Text,
    UnaryExpression,
    bindparam,
    false,
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
from audience_gateway.store.columns import microseconds_of, moment_of
from audience_gateway.store.index.conditions import QueryShape, conditions, parameters
from audience_gateway.store.index.rows import FACTS, name_key
from audience_gateway.store.tables import audience

_VALUES: Mapping[AudienceSortField, ColumnElement[Any]] = {
    AudienceSortField.NAME: audience.c.name_key,
    AudienceSortField.CREATED_AT: audience.c.created_at,
    AudienceSortField.UPDATED_AT: audience.c.updated_at,
    AudienceSortField.SIZE: audience.c.size_value,
    AudienceSortField.PROVIDER: audience.c.provider_key,
}
_MOMENTS = frozenset({AudienceSortField.CREATED_AT, AudienceSortField.UPDATED_AT})
_ALWAYS_KNOWN = frozenset({AudienceSortField.NAME, AudienceSortField.PROVIDER})
_TIES = (audience.c.provider_key, audience.c.native_id)
_STATEMENTS_KEPT = 256


@dataclass(frozen=True, slots=True)
class _Bound:
    """One end of a stretch: which one, and whether a position with a value is there, one without, or none at all."""

    name: str
    given: bool
    valued: bool

    @classmethod
    def of(cls, name: str, position: AudiencePosition | None) -> "_Bound":
        return cls(name, position is not None, position is not None and position.value is not None)

    @property
    def behind(self) -> bool:
        """Whether the stretch lies behind it."""
        return self.name == "after"


@dataclass(frozen=True, slots=True)
class _PageShape:
    """What the statement for a window is made by; everything else about the window is bound."""

    query: QueryShape
    sort: AudienceSort
    backward: bool
    bounds: tuple[_Bound, _Bound]
    dialect: str

    @property
    def value(self) -> ColumnElement[Any]:
        return _VALUES[self.sort.field]

    @property
    def descending(self) -> bool:
        return self.sort.direction is SortDirection.DESC

    @property
    def keys(self) -> Sequence[UnaryExpression[Any]]:
        """The order of rows; against itself when taken backward."""
        value = self.value.desc() if self.descending != self.backward else self.value.asc()
        return [value, *(tie.desc() if self.backward else tie.asc() for tie in _TIES)]


def page_statement(window: AudienceWindow, dialect: str) -> tuple[Select[Any], Mapping[str, object]]:
    """The rows of the window, nearest to its end first: in list order, or against it when taken backward.

    Raises BadCursor for a bound that no audience can stand at.
    """
    bounds = (_Bound.of("after", window.after), _Bound.of("before", window.before))
    shape = _PageShape(QueryShape.of(window.query), window.sort, window.backward, bounds, dialect)
    bound = {
        **parameters(window.query, window.provider_keys),
        **_position("after", window.after, window.sort),
        **_position("before", window.before, window.sort),
        "rows": window.limit,
    }
    return _statement(shape), bound


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


@lru_cache(_STATEMENTS_KEPT)
def _statement(shape: _PageShape) -> Select[Any]:
    keys = shape.keys
    arms = [_arm(0, shape, shape.value.is_not(None), _valued(shape), keys)]
    if shape.sort.field not in _ALWAYS_KNOWN:
        arms.append(_arm(1, shape, shape.value.is_(None), _valueless(shape), keys[1:]))
    found = union_all(*(select(arm.subquery()) for arm in arms)).subquery("found")
    part = found.c.part.desc() if shape.backward else found.c.part.asc()
    rows = select(*FACTS).select_from(found.join(audience, audience.c.id == found.c.id))
    return rows.order_by(part, *keys).limit(bindparam("rows"))


def _arm(
    part: int,
    shape: _PageShape,
    which: ColumnElement[bool],
    bounds: Sequence[ColumnElement[bool]],
    keys: Sequence[UnaryExpression[Any]],
) -> Select[Any]:
    wanted = conditions(shape.query, shape.dialect, in_order=True)
    ids = select(audience.c.id, literal_column(str(part)).label("part"))
    return ids.where(which, *wanted, *bounds).order_by(*keys).limit(bindparam("rows"))


def _valued(shape: _PageShape) -> list[ColumnElement[bool]]:
    """Audiences that have the value, between the bounds; a bound without a value stands behind them all."""
    found: list[ColumnElement[bool]] = []
    for bound in shape.bounds:
        if bound.valued:
            found.extend(_beside(bound, shape))
        elif bound.given and bound.behind:
            found.append(false())
    return found


def _valueless(shape: _PageShape) -> list[ColumnElement[bool]]:
    """Audiences without the value, between the bounds; a bound with a value stands in front of them all."""
    found: list[ColumnElement[bool]] = []
    for bound in shape.bounds:
        if bound.valued and not bound.behind:
            found.append(false())
        elif bound.given and not bound.valued:
            found.append(_ties_beside(bound))
    return found


def _beside(bound: _Bound, shape: _PageShape) -> list[ColumnElement[bool]]:
    """Behind the bound, or in front of it: the first condition lets an index begin there, the second is exact."""
    column = shape.value
    value = bindparam(f"{bound.name}_value", type_=column.type)
    if shape.descending != bound.behind:
        return [column >= value, or_(column > value, _ties_beside(bound))]
    return [column <= value, or_(column < value, _ties_beside(bound))]


def _ties_beside(bound: _Bound) -> ColumnElement[bool]:
    own = tuple_(*_TIES)
    there = tuple_(
        bindparam(f"{bound.name}_provider_key", type_=Text), bindparam(f"{bound.name}_native_id", type_=Text)
    )
    return own > there if bound.behind else own < there


def _position(name: str, position: AudiencePosition | None, sort: AudienceSort) -> Mapping[str, object]:
    """What a bound binds, its value as its column has it."""
    if position is None:
        return {}
    value: object = position.value
    if sort.field in _MOMENTS and isinstance(value, int):
        try:
            value = moment_of(value)
        except OverflowError:
            raise BadCursor("This cursor is damaged.") from None
    return {
        f"{name}_value": value,
        f"{name}_provider_key": position.provider_key,
        f"{name}_native_id": position.native_id,
    }
