"""Statements that count audiences."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, func, select

from audience_gateway.store.index.conditions import QueryShape, conditions, conditions_but_size
from audience_gateway.store.tables import audience

_STATEMENTS_KEPT = 256


@lru_cache(_STATEMENTS_KEPT)
def count_statement(shape: QueryShape, dialect: str) -> Select[Any]:
    """How many audiences queries of that shape admit, as ``number``."""
    return select(func.count().label("number")).select_from(audience).where(*conditions(shape, dialect))


@lru_cache(_STATEMENTS_KEPT)
def unknown_sizes_statement(shape: QueryShape, dialect: str) -> Select[Any]:
    """How many audiences a range of sizes leaves out because theirs is not known, as ``number`` by provider."""
    number = func.count().label("number")
    others = conditions_but_size(shape, dialect)
    return (
        select(audience.c.provider_key, number)
        .where(*others, audience.c.size_value.is_(None))
        .group_by(audience.c.provider_key)
    )
