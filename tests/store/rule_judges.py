"""Asking a database and plain Python the same question: whom a rule finds."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from functools import lru_cache

import pytest
from sqlalchemy import Integer, literal, select, union_all

from audience_gateway.domain.rule import RuleNode
from audience_gateway.domain.rule_evaluation import matches
from audience_gateway.store import SqlStore, open_store, rule_sql
from audience_gateway.store.address import parse_address
from audience_gateway.store.database import Database
from audience_gateway.store.engine import open_engines
from audience_gateway.store.tables import member
from tests.databases import BOTH, empty_database
from tests.store.rule_people import NOW, keep, people
from tests.store.rule_trees import trees

PEOPLE = people(300)
BATCH = 20
_SEEDS_KEPT = 256
_READ_SECONDS = 300.0
"""No limit worth speaking of: what is judged here is not speed."""


@pytest.fixture(scope="module", params=BOTH)
def judged_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database that holds the people; for reading only."""
    with empty_database(request.param, tmp_path_factory.mktemp("judged")) as url:
        asyncio.run(_fill(url))
        yield url


@pytest.fixture
async def judged(judged_url: str) -> AsyncIterator[SqlStore]:
    """A store that holds the people; for reading only."""
    address = parse_address(judged_url)
    store = SqlStore(address, Database(open_engines(address), read_seconds=_READ_SECONDS))
    try:
        yield store
    finally:
        await store.close()


async def found(store: SqlStore, rules: Sequence[RuleNode]) -> list[set[int]]:
    """The places of the people whom each of many rules finds, by one statement."""
    dialect = store.database.dialect
    arms = [
        select(literal(place, Integer).label("place"), member.c.id).where(rule_sql.compile_rule(rule, NOW, dialect))
        for place, rule in enumerate(rules)
    ]
    finds: dict[int, set[int]] = defaultdict(set)
    for row in await store.database.read(union_all(*arms)):
        finds[row.place].add(row.id)
    return [finds[place] for place in range(len(rules))]


def expected(rule: RuleNode) -> set[int]:
    """The places of the people whom a rule should find."""
    return {place for place, person in enumerate(PEOPLE) if matches(rule, person, NOW)}


async def mismatch(store: SqlStore, seed: int) -> RuleNode | None:
    """The first rule of a seed that finds others than it should."""
    wanted = _drawn(seed)
    finds = await found(store, [rule for rule, _ in wanted])
    return next((rule for (rule, some), others in zip(wanted, finds, strict=True) if some != others), None)


@lru_cache(_SEEDS_KEPT)
def _drawn(seed: int) -> list[tuple[RuleNode, set[int]]]:
    """Rules and whom they should find, worked out once for both databases."""
    return [(rule, expected(rule)) for rule in trees(seed, BATCH)]


async def _fill(url: str) -> None:
    store = open_store(url)
    try:
        await store.migrate()
        await keep(store, PEOPLE)
    finally:
        await store.close()
