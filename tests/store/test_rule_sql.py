"""Rules as SQL find exactly the people whom plain Python finds, on both databases."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url, select

from audience_gateway.domain.errors import InternalError
from audience_gateway.domain.rule import All, Any, Condition, Not, Opaque, RuleNode, RuleOperator, TimeUnit
from audience_gateway.domain.rule_check import MOST_NODES, MOST_VALUES_IN_ALL, problems_of
from audience_gateway.domain.rule_fields import FIELDS, NEGATIONS, OPERATORS, RELATIVE, FieldType, type_of
from audience_gateway.domain.rule_problems import MOST_VALUES
from audience_gateway.store import SqlStore
from audience_gateway.store.rule_sql import COLUMNS, compile_rule
from audience_gateway.store.tables import member
from tests.store.rule_judges import PEOPLE, expected, found, judged, judged_url, mismatch
from tests.store.rule_people import KOLKATA, LIMA, NOW

__all__ = ["judged", "judged_url"]

PARTS = 4
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
DIALECTS = {name: make_url(f"{driver}://").get_dialect()() for name, driver in DRIVERS.items()}
HOSTILE = "'); DROP TABLE member;--"
of_each_store = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=6)
keys = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"], exclude_characters='."\\'), min_size=1, max_size=6)
numbers = st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15)
values: dict[FieldType, st.SearchStrategy[object]] = {
    FieldType.STRING: texts,
    FieldType.NUMBER: numbers,
    FieldType.MONEY: numbers,
    FieldType.BOOLEAN: st.booleans(),
    FieldType.DATETIME: st.datetimes(timezones=st.sampled_from([KOLKATA, LIMA])).map(datetime.isoformat),
    FieldType.ANY: texts | numbers | st.booleans(),
}


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    """Conditions mostly without problems, on fields and attributes of any name."""
    paths = st.lists(keys, min_size=1, max_size=3).map(lambda path: ".".join(("attributes", *path)))
    field = draw(st.sampled_from(sorted(FIELDS)) | paths)
    kind = type_of(field) or FieldType.ANY
    operator = draw(st.sampled_from(sorted(OPERATORS[kind], key=lambda each: each.value)))
    if operator in RELATIVE:
        return Condition(field, operator, draw(st.integers(1, 40_000)), draw(st.sampled_from(TimeUnit)))
    match NEGATIONS.get(operator, operator):
        case RuleOperator.EXISTS:
            return Condition(field, operator)
        case RuleOperator.IN:
            return Condition(field, operator, tuple(draw(st.lists(values[kind], min_size=1, max_size=4))))
        case RuleOperator.BETWEEN:
            return Condition(field, operator, (draw(values[kind]), draw(values[kind])))
        case RuleOperator.CONTAINS | RuleOperator.STARTS_WITH:
            return Condition(field, operator, draw(texts))
    return Condition(field, operator, draw(values[kind]))


@pytest.mark.parametrize("part", range(PARTS))
@settings(of_each_store, max_examples=settings().max_examples // PARTS)
@given(seed=st.integers(0, 2**60))
async def test_random_rules_find_whom_python_finds(judged: SqlStore, part: int, seed: int) -> None:
    assert await mismatch(judged, seed * PARTS + part) is None


@of_each_store
@given(condition=conditions())
async def test_whatever_passes_the_check_finds_whom_python_finds(judged: SqlStore, condition: Condition) -> None:
    assume(not problems_of(condition, sending_lists=False))

    assert await found(judged, [condition]) == [expected(condition)]


async def test_everybody_and_nobody_are_found(judged: SqlStore) -> None:
    everybody = set(range(len(PEOPLE)))

    assert await found(judged, [All(()), Any(()), Not(All(())), Not(Any(()))]) == [everybody, set(), set(), everybody]


async def test_the_largest_rules_are_answered(judged: SqlStore) -> None:
    deep = ".".join(("attributes", *["k" * 64] * 6))
    conditions = [Condition(deep, RuleOperator.NOT_IN, (f"{place}", place, True)) for place in range(MOST_NODES - 1)]
    lists = MOST_VALUES_IN_ALL // MOST_VALUES
    numbers = Condition("totalOrders", RuleOperator.NOT_IN, tuple(n - 0.5 for n in range(MOST_VALUES)))
    nested: RuleNode = All((Condition("email", RuleOperator.EXISTS),))
    for _ in range(10):
        nested = Not(nested)
    rules = [All(tuple(conditions)), All((numbers,) * lists), nested]

    assert [problems_of(rule, sending_lists=False) for rule in rules] == [(), (), ()]
    for rule in rules:
        assert await found(judged, [rule]) == [expected(rule)]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "condition",
    [
        Condition("email", RuleOperator.EQ, HOSTILE),
        Condition("email", RuleOperator.CONTAINS, HOSTILE),
        Condition("email", RuleOperator.IN, (HOSTILE, "b")),
        Condition(f"attributes.{HOSTILE}", RuleOperator.EXISTS),
        Condition(f"attributes.a.{HOSTILE}", RuleOperator.GT, 77.125),
        Condition(f"attributes.{HOSTILE}.a", RuleOperator.BETWEEN, (HOSTILE, HOSTILE)),
        Condition("totalOrders", RuleOperator.NEQ, 77.125),
        Condition("createdAt", RuleOperator.WITHIN_LAST, 77125, TimeUnit.MINUTES),
    ],
)
def test_nothing_of_a_rule_stands_in_the_text_of_a_statement(condition: Condition, dialect: str) -> None:
    statement = select(member.c.id).where(compile_rule(condition, NOW, dialect)).compile(dialect=DIALECTS[dialect])

    assert problems_of(condition, sending_lists=False) == ()
    assert "DROP" not in str(statement)
    assert set(str(statement)).isdisjoint("'\"" if dialect == "sqlite" else "'")
    assert "77" not in str(statement)
    assert statement.params


def test_every_field_has_a_column_of_its_own() -> None:
    def in_snake_case(name: str) -> str:
        return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)

    assert {name: column.name for name, column in COLUMNS.items()} == {name: in_snake_case(name) for name in FIELDS}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "rule",
    [
        Opaque({}),
        All((Not(Opaque(None)),)),
        Condition("sendCount", RuleOperator.GT, 1, source_list="9"),
        Condition("sendCount", RuleOperator.GT, "1"),
        Condition("sendCount", RuleOperator.IN, ()),
        Condition("sendCount", RuleOperator.BETWEEN, (1, 2, 3)),
        Condition("email", RuleOperator.EQ, "a\x00b"),
        Condition("lastSentAt", RuleOperator.OLDER_THAN, 3),
        Condition("lastSentAt", RuleOperator.OLDER_THAN, 10**9, TimeUnit.DAYS),
    ],
)
def test_a_rule_with_problems_is_never_compiled(rule: RuleNode, dialect: str) -> None:
    with pytest.raises(InternalError):
        compile_rule(rule, NOW, dialect)
