"""Questions about people who match a rule that is not saved anywhere."""

from datetime import datetime
from typing import Any

from sqlalchemy import URL, Select, func, select, true

from audience_gateway.domain.rule import RuleNode
from audience_gateway.domain.rule_check import refuse_unsound
from audience_gateway.domain.rule_preview import RulePreview
from audience_gateway.store.database import Database
from audience_gateway.store.engine import open_engines
from audience_gateway.store.member_rows import FACTS, member_of
from audience_gateway.store.rule_sql import compile_rule
from audience_gateway.store.tables import member
from audience_gateway.store.worker_loop import WorkerLoop


class RuleQueries:
    """Previews, written and asked aside: the largest rules take most of a second of work before they are sent.

    :param address: the database, to which these have connections of their own.
    """

    def __init__(self, address: URL) -> None:
        self._database = Database(open_engines(address))
        self._worker = WorkerLoop()

    async def preview(self, rule: RuleNode, now: datetime, first: int) -> RulePreview:
        """As :func:`preview`."""
        return await self._worker.run(lambda: preview(self._database, rule, now, first))

    async def close(self) -> None:
        """Close the connections and end the thread."""
        await self._worker.close(self._database.close)


async def preview(database: Database, rule: RuleNode, now: datetime, first: int) -> RulePreview:
    """Who would match ``rule`` at ``now``, count and members from one moment of the database.

    Raises the rule's problems as BadInput, UnsupportedRule or RuleTooComplex, whichever the first of them is.

    :param first: how many members to show; 0 to count only.
    """
    refuse_unsound(rule, sending_lists=False)
    rows = await database.read(_preview_statement(rule, now, first, database.dialect))
    return RulePreview(rows[0].total, tuple(member_of(row) for row in rows if row.native_id is not None))


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
