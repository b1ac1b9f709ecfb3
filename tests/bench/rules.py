"""What judging everybody by a rule costs on both databases, against SQL written by hand for the same question.

``python -m tests.bench.rules`` prints it; ``python -m tests.bench.rules 1000000`` with that many people.
"""

import asyncio
import random
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table
from sqlalchemy import Executable, bindparam, func, insert, select, text

from audience_gateway.domain.rule import All, Any, Condition, Not, RuleNode, RuleOperator, TimeUnit
from audience_gateway.store import SqlStore, open_store
from audience_gateway.store.columns import Moment
from audience_gateway.store.rule_queries import preview
from audience_gateway.store.rule_sql import compile_rule
from audience_gateway.store.tables import member
from tests.databases import BOTH, empty_database

_PEOPLE = 200_000
_CHUNK = 5_000
_ROUNDS = 9
_SAMPLE = 20
_NOW = datetime(2026, 3, 1, tzinfo=UTC)
_MILLISECONDS = 1e3

_CLICKED = Condition("lastClickedAt", RuleOperator.WITHIN_LAST, 30, TimeUnit.DAYS)
_ACTIVE = Any(
    (Condition("clickCount", RuleOperator.GTE, 5), Condition("totalOrderValue", RuleOperator.GTE, 100)),
)
_PRO = Condition("attributes.plan", RuleOperator.EQ, "pro")
_RULES: Mapping[str, RuleNode] = {
    "clicked, and active or spent, and plan": All((_CLICKED, _ACTIVE, _PRO)),
    "without the attribute": All((_CLICKED, _ACTIVE)),
    "attribute number": Condition("attributes.score", RuleOperator.GTE, 50),
    "name contains": Condition("fullName", RuleOperator.CONTAINS, "ruiz"),
    "not any of it": Not(Any((_CLICKED, _ACTIVE, _PRO))),
}
_CLICKED_SQL = "last_clicked_at BETWEEN :edge AND :now"
_ACTIVE_SQL = "(click_count >= 5 OR total_order_value >= 10000)"
_PRO_SQL = {
    "sqlite": "(CASE json_type(attributes, '$.plan') WHEN 'text' THEN json_extract(attributes, '$.plan') END) = 'pro'",
    "postgresql": "(CASE WHEN jsonb_typeof(attributes -> 'plan') = 'string' THEN attributes ->> 'plan' END) = 'pro'",
}
_SCORE_SQL = {
    "sqlite": "CASE WHEN json_type(attributes, '$.score') IN ('integer', 'real')"
    " THEN json_extract(attributes, '$.score') END >= 50",
    "postgresql": "CASE WHEN jsonb_typeof(attributes -> 'score') = 'number'"
    " THEN (attributes ->> 'score')::double precision END >= 50",
}
_NAME_SQL = {
    "sqlite": "full_name LIKE '%ruiz%' ESCAPE '!'",
    "postgresql": "full_name ILIKE '%ruiz%' ESCAPE '!'",
}


def main() -> None:
    """Fill both databases, measure every rule in turns with its counterpart, and print the table."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else _PEOPLE
    table = Table("database", "rule", "people found", "by hand ms", "rule ms", "ratio", "preview ms")
    for kind in BOTH:
        with TemporaryDirectory() as folder, empty_database(kind, Path(folder)) as url:
            for row in asyncio.run(_measured(url, people)):
                table.add_row(kind, *row)
    Console().print(table)


async def _measured(url: str, people: int) -> list[tuple[str, ...]]:
    store = open_store(url)
    try:
        await store.migrate()
        await _fill(store, people)
        return [await _row(store, name, rule) for name, rule in _RULES.items()]
    finally:
        await store.close()


async def _row(store: SqlStore, name: str, rule: RuleNode) -> tuple[str, ...]:
    dialect = store.database.dialect
    by_rule = select(func.count()).select_from(member).where(compile_rule(rule, _NOW, dialect))
    questions = (_by_hand(name, dialect), by_rule)
    counts = {await _count(store, question) for question in questions}
    if len(counts) > 1:
        raise AssertionError(f"{name}: the two do not find the same people")
    times: list[list[float]] = [[], [], []]
    for _ in range(_ROUNDS):
        for place, question in enumerate(questions):
            started = time.perf_counter()
            await _count(store, question)
            times[place].append(time.perf_counter() - started)
        started = time.perf_counter()
        await preview(store.database, rule, _NOW, _SAMPLE)
        times[2].append(time.perf_counter() - started)
    hand, compiled, shown = (median(each) * _MILLISECONDS for each in times)
    cells = (f"{hand:,.1f}", f"{compiled:,.1f}", f"{compiled / hand:.2f}", f"{shown:,.1f}")
    return name, f"{counts.pop():,}", *cells


async def _count(store: SqlStore, question: Executable) -> int:
    return int((await store.database.read(question))[0][0])


def _by_hand(name: str, dialect: str) -> Executable:
    none = f"({_CLICKED_SQL} OR {_ACTIVE_SQL} OR {_PRO_SQL[dialect]}) IS NOT TRUE"
    conditions = {
        "clicked, and active or spent, and plan": f"{_CLICKED_SQL} AND {_ACTIVE_SQL} AND {_PRO_SQL[dialect]}",
        "without the attribute": f"{_CLICKED_SQL} AND {_ACTIVE_SQL}",
        "attribute number": _SCORE_SQL[dialect],
        "name contains": _NAME_SQL[dialect],
        "not any of it": none,
    }
    statement = text("SELECT count(*) FROM member WHERE " + conditions[name])  # noqa: S608 (only the words above)
    bound = {"edge": _NOW - timedelta(days=30), "now": _NOW}
    used = {key: value for key, value in bound.items() if f":{key}" in conditions[name]}
    return statement.bindparams(*(bindparam(key, value, type_=Moment) for key, value in used.items()))


async def _fill(store: SqlStore, people: int) -> None:
    rows = list(_people(people))
    for start in range(0, people, _CHUNK):
        async with store.database.writing() as connection:
            await connection.execute(insert(member), rows[start : start + _CHUNK])
    if store.database.dialect == "postgresql":
        async with store.database.writing() as connection:
            await connection.execute(text("ANALYZE member"))


def _people(number: int) -> Iterator[dict[str, object]]:
    """Half of them clicked within two months, a quarter have the plan ``pro``."""
    source = random.Random(7)
    for position in range(number):
        clicked = source.random() < 0.8
        yield {
            "native_id": f"p{position}",
            "email": f"person{position}@example.com",
            "full_name": f"{source.choice(('Ana', 'Ben', 'Chloë'))} {source.choice(('Ruiz', 'Silva', 'Okafor', 'Li'))}",
            "last_clicked_at": _NOW - timedelta(seconds=source.randrange(90 * 86_400)) if clicked else None,
            "click_count": source.randrange(10),
            "total_order_value": Decimal(source.randrange(20_000)).scaleb(-2),
            "attributes": {
                "plan": source.choice(("free", "pro", "team", "none")),
                "score": source.randrange(100),
                "city": source.choice(("Lima", "Cusco", "Delhi")),
                "source": "import of last spring",
                "opted_in": source.random() < 0.5,
            },
            "search_text": f"person{position}@example.com",
        }


if __name__ == "__main__":
    main()
