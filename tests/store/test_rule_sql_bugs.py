"""Mistakes that SQL for rules is prone to, planted one by one: the random rules find every one of them."""

from collections.abc import Callable, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

import pytest
from sqlalchemy import BindParameter, ColumnElement, and_, case, func, literal, or_

from audience_gateway.domain.errors import GatewayError
from audience_gateway.domain.rule import RuleOperator, TimeUnit
from audience_gateway.domain.rule_fields import FieldType
from audience_gateway.domain.rule_values import comparable, window
from audience_gateway.store import SqlStore, rule_operands, rule_sql
from audience_gateway.store.tables import member
from tests.store.rule_judges import judged, judged_url, mismatch

__all__ = ["judged", "judged_url"]

SEEDS = 40
Expression = ColumnElement[Any]


def like_without_escape(text: Expression, part: BindParameter[str], _dialect: str) -> Expression:
    return case((text.like(literal("%").concat(part).concat("%")), 1), else_=0)


def prefix_anywhere(text: Expression, part: BindParameter[str], dialect: str) -> Expression:
    position = func.instr(text, part) if dialect == "sqlite" else func.strpos(text, part)
    return case((position > 0, 1), else_=0)


def comparing(**mistakes: Callable[..., Expression]) -> Callable[..., Expression]:
    """Comparisons as they are, but for the operators named."""
    right = rule_sql._compares

    def compares(word: RuleOperator, operand: Expression, values: Sequence[Any], dialect: str) -> Expression:
        mistake = mistakes.get(word.value)
        return right(word, operand, values, dialect) if mistake is None else mistake(operand, *values)

    return compares


def timing(right: Callable[..., Expression], mistake: Callable[[Expression], Expression]) -> Callable[..., Expression]:
    """WITHIN_LAST with a mistake."""

    def in_time(condition: Any, word: RuleOperator, now: Any) -> Expression:
        within = right(condition, word, now)
        return mistake(within) if word is RuleOperator.WITHIN_LAST else within

    return in_time


def only_the_first_type(field: str, values: Sequence[object], dialect: str) -> Expression:
    kind, wanted = rule_sql._typed(field, [value for value in values if type(value) is type(values[0])])
    return rule_sql._operand(field, kind, dialect).in_(rule_sql._bound_list(kind, wanted))


def without_type(path: Sequence[str], kind: FieldType, dialect: str) -> Expression:
    by_kind = rule_operands._on_sqlite if dialect == "sqlite" else rule_operands._on_postgresql
    return next(iter(by_kind(path, kind).values()))


def truth_as_number(path: Sequence[str], kind: FieldType, dialect: str) -> Expression:
    right = rule_operands.attribute(path, kind, dialect)
    if kind is not FieldType.NUMBER:
        return right
    truth = rule_operands.attribute(path, FieldType.BOOLEAN, dialect)
    return func.coalesce(right, case((truth, 1), else_=0))


def null_exists(path: Sequence[str], dialect: str) -> Expression:
    return rule_operands._kind_of(path, dialect).is_not(None)


def places_in_arrays(path: Sequence[str]) -> Expression:
    """Keys that are numbers taken for places; SQLite writes the two differently."""
    return func.jsonb_extract_path(member.c.attributes, *path)


def hours_for_days(value: object, unit: TimeUnit) -> object:
    return window(value, TimeUnit.HOURS if unit is TimeUnit.DAYS else unit)


def cut_off(kind: FieldType, value: object) -> object:
    right = comparable(kind, value)
    return Decimal(str(value)).quantize(Decimal("0.01"), ROUND_DOWN) if isinstance(right, Decimal) else right


MISTAKES: dict[str, list[tuple[object, str, object]]] = {
    "LIKE is not escaped": [(rule_sql, "_position", like_without_escape)],
    "STARTS_WITH finds text anywhere": [(rule_sql, "_position", prefix_anywhere)],
    "NULL is not closed": [(rule_sql, "_closed", lambda holds: holds)],
    "JSON is compared without its type": [(rule_sql, "attribute", without_type)],
    "true counts as 1": [(rule_sql, "attribute", truth_as_number)],
    "a JSON null exists": [(rule_sql, "attribute_exists", null_exists)],
    "BETWEEN leaves out its ends": [
        (rule_sql, "_compares", comparing(BETWEEN=lambda operand, low, high: and_(operand > low, operand < high)))
    ],
    "GTE leaves out its end": [(rule_sql, "_compares", comparing(GTE=lambda operand, value: operand > value))],
    "BEFORE counts its moment in": [(rule_sql, "_compares", comparing(BEFORE=lambda operand, value: operand <= value))],
    "days are hours": [(rule_sql, "window", hours_for_days)],
    "WITHIN_LAST goes on after now": [
        (rule_sql, "_in_time", timing(rule_sql._in_time, lambda within: within.left >= within.right.clauses[0]))
    ],
    "AND and OR are swapped": [(rule_sql, "and_", or_), (rule_sql, "or_", and_)],
    "NOT is dropped": [(rule_sql, "not_", lambda holds: holds)],
    "case counts": [
        (rule_sql, "folded", lambda text, _dialect: text),
        (rule_operands, "folded", lambda text, _dialect: text),
    ],
    "IN looks at one type only": [(rule_sql, "_among", only_the_first_type)],
    "amounts are cut off instead of rounded": [(rule_sql, "comparable", cut_off)],
}  # fmt: skip


async def is_noticed(store: SqlStore) -> bool:
    """Whether the random rules notice that something is wrong, by other people or by an error."""
    try:
        for seed in range(SEEDS):
            if await mismatch(store, seed) is not None:
                return True
    except GatewayError:
        return True
    return False


@pytest.mark.parametrize("mistake", MISTAKES)
async def test_a_planted_mistake_is_noticed(judged: SqlStore, mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, wrong in MISTAKES[mistake]:
        monkeypatch.setattr(module, name, wrong)

    assert await is_noticed(judged)


async def test_keys_taken_for_places_are_noticed(judged: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_operands, "_inner", places_in_arrays)

    assert await is_noticed(judged) is (judged.database.dialect == "postgresql")


async def test_without_a_mistake_nothing_is_noticed(judged: SqlStore) -> None:
    assert not await is_noticed(judged)
