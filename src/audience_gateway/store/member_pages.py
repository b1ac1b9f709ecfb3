"""Statements for pages of people: one page is one arm, and many arms are one statement.

People come in the order of their row numbers, the one stored last first; a row number never changes, so a cursor
holds nothing else, and ``before`` is beyond every row at the start of a list. Each arm gives one row more than its
page, and ``total`` in every row: a lone row with NULLs for an empty page, no row at all for an unknown audience.
Rows of an arm come in no particular order. A window function over all arms at once would read every member.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ScalarSelect,
    Select,
    Text,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    true,
    union_all,
)

from audience_gateway.config import LOCAL_KEY
from audience_gateway.store.columns import IDENTIFIER
from audience_gateway.store.member_rows import FACTS
from audience_gateway.store.search import SearchKind, condition
from audience_gateway.store.tables import audience, member, membership

BEYOND = 2**63 - 1
"""A row number after which there is none."""

_EVERYONE = select(func.count()).select_from(member).scalar_subquery()


def members_statement(kinds: Sequence[SearchKind], dialect: str) -> Select[Any]:
    """Pages of members: arm ``n`` binds ``native_id_n``, ``before_n``, ``rows_n`` and what its search needs."""
    arms = [_members_arm(place, kind, dialect) for place, kind in enumerate(kinds)]
    return _with_facts(arms[0] if len(arms) == 1 else union_all(*(select(arm.subquery()) for arm in arms)))


def candidates_statement(kind: SearchKind, dialect: str) -> Select[Any]:
    """A page of the people who are not in the audience, bound as arm 0 of :func:`members_statement`."""
    audience_id = _audience_id(0)
    inside = exists().where(membership.c.audience_id == audience_id, membership.c.member_id == member.c.id)
    if kind is SearchKind.NONE:
        return _with_facts(_arm(0, select(member.c.id).where(~inside), _EVERYONE - audience.c.size_value))
    return _with_facts(_found_arm(0, select(member.c.id).where(condition(kind, dialect, 0), ~inside)))


def _with_facts(arms: Select[Any] | CompoundSelect[Any]) -> Select[Any]:
    pages = arms.subquery("pages")
    people = pages.outerjoin(member, member.c.id == pages.c.id)
    return select(pages.c.place, pages.c.total, pages.c.id, *FACTS).select_from(people)


def _members_arm(place: int, kind: SearchKind, dialect: str) -> Select[Any]:
    of_audience = membership.c.audience_id == _audience_id(place)
    if kind is SearchKind.NONE:
        return _arm(place, select(membership.c.member_id.label("id")).where(of_audience), audience.c.size_value)
    joined = member.join(membership, membership.c.member_id == member.c.id)
    found = select(member.c.id).select_from(joined).where(of_audience, condition(kind, dialect, place))
    return _found_arm(place, found)


def _found_arm(place: int, found: Select[Any]) -> Select[Any]:
    """An arm over whoever was found, who are looked for once and both counted and paged."""
    people = found.cte(f"found_{place}")
    total = select(func.count()).select_from(people).scalar_subquery()
    return _arm(place, select(people.c.id), total)


def _arm(place: int, ids: Select[Any], total: ColumnElement[Any]) -> Select[Any]:
    id_column = ids.selected_columns[0]
    page = (
        ids.where(id_column < bindparam(f"before_{place}", type_=IDENTIFIER))
        .order_by(id_column.desc())
        .limit(bindparam(f"rows_{place}"))
        .subquery(f"page_{place}")
    )
    return (
        select(literal_column(str(place)).label("place"), total.label("total"), page.c.id)
        .select_from(audience.outerjoin(page, true()))
        .where(*_wanted(place))
    )


def _audience_id(place: int) -> ScalarSelect[Any]:
    return select(audience.c.id).where(*_wanted(place)).correlate(None).scalar_subquery()


def _wanted(place: int) -> tuple[ColumnElement[bool], ...]:
    native_id = bindparam(f"native_id_{place}", type_=Text)
    return audience.c.provider_key == LOCAL_KEY, audience.c.native_id == native_id
