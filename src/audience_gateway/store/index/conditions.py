"""What an audience query admits, as conditions over ``audience``.

Queries of one shape differ only in the values that are bound, so that their statements are built once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import JSON, BigInteger, ColumnElement, Text, any_, bindparam, false, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from audience_gateway.domain.audience import AudienceStatus
from audience_gateway.domain.catalogue import AudienceQuery
from audience_gateway.store.columns import Moment
from audience_gateway.store.index.rows import plain
from audience_gateway.store.search import fold, storable
from audience_gateway.store.tables import audience


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryShape:
    """Which conditions a query has.

    :param chosen: whether somebody chose among the providers.
    :param common: whether most audiences have one of the wanted statuses.
    :param bounds: which ends of ranges are given, by the names of their values.
    """

    chosen: bool
    common: bool
    kinds: bool
    name: bool
    group: bool
    created_at: bool
    size: bool
    bounds: frozenset[str]
    impossible: bool

    @classmethod
    def of(cls, query: AudienceQuery) -> "QueryShape":
        """The shape of ``query``; text that no database can hold is in no audience."""
        return cls(
            chosen=query.provider_keys is not None,
            common=AudienceStatus.ACTIVE in query.statuses,
            kinds=query.kinds is not None,
            name=bool(query.name_contains),
            group=query.group is not None,
            created_at=query.created_at is not None,
            size=query.size is not None,
            bounds=frozenset(name for name, value in _bounds(query).items() if value is not None),
            impossible=not storable(query.name_contains or ""),
        )


def conditions(shape: QueryShape, dialect: str, *, in_order: bool = False) -> list[ColumnElement[bool]]:
    """All conditions; :func:`parameters` has what they bind.

    :param in_order: whether rows are wanted in an order that an index gives. What most rows meet is then put so that
        no other index promises to find it faster: SQLite would believe that, and sort everything.
    """
    return [*conditions_but_size(shape, dialect, in_order=in_order), *_size(shape)]


def conditions_but_size(shape: QueryShape, dialect: str, *, in_order: bool = False) -> list[ColumnElement[bool]]:
    """All conditions but the one on the size."""
    if shape.impossible:
        return [false()]
    found = [
        _one_of(audience.c.provider_key, "provider_keys", dialect, hidden=in_order and not shape.chosen),
        _one_of(audience.c.status, "statuses", dialect, hidden=in_order and shape.common),
    ]
    if shape.kinds:
        found.append(_one_of(audience.c.kind, "kinds", dialect))
    if shape.name:
        place = func.instr if dialect == "sqlite" else func.strpos
        found.append(place(audience.c.name_folded, bindparam("name", type_=Text)) > 0)
    if shape.group:
        found.append(audience.c.provider_key == bindparam("group_key", type_=Text))
        found.append(audience.c.group_id == bindparam("group_id", type_=Text))
    return [*found, *_created_at(shape)]


def parameters(query: AudienceQuery, provider_keys: Sequence[str]) -> Mapping[str, object]:
    """The values that conditions of the query's shape bind; more than they need."""
    return {
        "provider_keys": list(provider_keys),
        "statuses": [status.value for status in query.statuses],
        "kinds": [kind.value for kind in query.kinds or ()],
        "name": fold(query.name_contains or ""),
        "group_key": None if query.group is None else query.group.provider_key,
        "group_id": None if query.group is None else plain(query.group.native_id),
        **_bounds(query),
    }


def _one_of(column: ColumnElement[str], name: str, dialect: str, *, hidden: bool = False) -> ColumnElement[bool]:
    """One of any number of values, bound as one, so that the statement stays the same; ``hidden`` from indexes."""
    if hidden:
        column = func.coalesce(column, "")
    if dialect == "postgresql":
        return column == any_(bindparam(name, type_=ARRAY(Text)))
    listed = func.json_each(bindparam(name, type_=JSON)).table_valued("value")
    return column.in_(select(listed.c.value))


def _bounds(query: AudienceQuery) -> dict[str, object]:
    age, size = query.created_at, query.size
    return {
        "created_from": None if age is None else age.start,
        "created_until": None if age is None else age.end,
        "least": None if size is None else size.least,
        "most": None if size is None else size.most,
    }


def _created_at(shape: QueryShape) -> list[ColumnElement[bool]]:
    column = audience.c.created_at
    if not shape.created_at:
        return []
    ends = {
        "created_from": column >= bindparam("created_from", type_=Moment),
        "created_until": column < bindparam("created_until", type_=Moment),
    }
    return [column.is_not(None), *(end for name, end in ends.items() if name in shape.bounds)]


def _size(shape: QueryShape) -> list[ColumnElement[bool]]:
    column = audience.c.size_value
    if not shape.size:
        return []
    ends = {
        "least": column >= bindparam("least", type_=BigInteger),
        "most": column <= bindparam("most", type_=BigInteger),
    }
    return [column.is_not(None), *(end for name, end in ends.items() if name in shape.bounds)]
