"""Questions about people who match a rule that is not saved anywhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, true

from audience_gateway.domain.member import Member
from audience_gateway.domain.rule import RuleNode
from audience_gateway.domain.rule_check import refuse_unsound
from audience_gateway.store.database import Database
from audience_gateway.store.member_rows import FACTS, member_of
from audience_gateway.store.rule_sql import compile_rule
from audience_gateway.store.tables import member


@dataclass(frozen=True, slots=True)
class Preview:
    """How many people match a rule, exactly, and the first of them, those stored last first."""

    count: int
    members: tuple[Member, ...]


async def preview(database: Database, rule: RuleNode, now: datetime, first: int) -> Preview:
    """Who would match ``rule`` at ``now``, count and members from one moment of the database.

    Raises the rule's first problem as BadInput, UnsupportedRule or RuleTooComplex.

    :param first: how many members to show; 0 to count only.
    """
    refuse_unsound(rule, sending_lists=False)
    rows = await database.read(_preview_statement(rule, now, first, database.dialect))
    return Preview(rows[0].total, tuple(member_of(row) for row in rows if row.native_id is not None))


def _preview_statement(rule: RuleNode, now: datetime, first: int, dialect: str) -> Select[Any]:
    """The first matching people with the number of all; a lone row with NULLs when there are none.

    Everybody is judged once: what the rule finds is kept, then counted and paged.
    """
    found = select(member.c.id).where(compile_rule(rule, now, dialect)).cte("found")
    total = select(func.count().label("total")).select_from(found).subquery("total")
    page = select(found.c.id).order_by(found.c.id.desc()).limit(first).subquery("page")
    people = select(member.c.id, *FACTS).join(page, page.c.id == member.c.id).subquery("people")
    joined = select(total.c.total, *people.c).select_from(total.outerjoin(people, true()))
    return joined.order_by(people.c.id.desc())
