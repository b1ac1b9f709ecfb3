"""Random rules without problems: every field, operator and unit, and values near those that people have."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from audience_gateway.domain.rule import All, Any, Condition, Not, RuleNode, RuleOperator, TimeUnit
from audience_gateway.domain.rule_check import problems_of
from audience_gateway.domain.rule_fields import FIELDS, NEGATIONS, OPERATORS, RELATIVE, FieldType
from tests.store.rule_people import AMOUNTS, COUNTS, KEYS, KOLKATA, LIMA, MOMENTS, NUMBERS, TEXTS

_FRAGMENTS = (*TEXTS, *"a A n na AN ru % _ 0 x T I R S -".split())
_ZONES = (KOLKATA, LIMA, None)
_WINDOWS: Mapping[TimeUnit, Sequence[int]] = {
    TimeUnit.MINUTES: (1, 2, 60, 1_440, 10_080, 36_525 * 1_440),
    TimeUnit.HOURS: (1, 24, 168, 36_525 * 24),
    TimeUnit.DAYS: (1, 2, 7, 36_525),
}


def trees(seed: int, number: int) -> list[RuleNode]:
    """Rules drawn from a seed."""
    source = random.Random(seed)
    return [_sound(lambda: _tree(source, source.choice((0, 2, 3, 4, 11)))) for _ in range(number)]


def leaf(source: random.Random) -> Condition:
    """One condition without problems."""
    field = source.choice(sorted(FIELDS)) if source.random() < 0.6 else _attribute(source)
    kind = FIELDS.get(field, FieldType.ANY)
    operator = source.choice(sorted(OPERATORS[kind], key=lambda each: each.value))
    found = _sound(lambda: _condition(source, field, kind, operator))
    assert isinstance(found, Condition)
    return found


def _tree(source: random.Random, levels: int) -> RuleNode:
    if levels == 0 or source.random() < 0.15:
        return leaf(source)
    group = source.choice((All, Any, Not))
    if group is Not:
        return Not(_tree(source, levels - 1))
    children = tuple(_tree(source, levels - 1) for _ in range(1 if levels > 4 else source.randrange(1, 4)))
    return All(children) if group is All else Any(children)


def _sound(draw: Callable[[], RuleNode]) -> RuleNode:
    while True:
        drawn = draw()
        if not problems_of(drawn, sending_lists=False):
            return drawn


def _attribute(source: random.Random) -> str:
    return ".".join(("attributes", *source.choices(KEYS, k=source.choice((1, 1, 1, 2, 3)))))


def _condition(source: random.Random, field: str, kind: FieldType, operator: RuleOperator) -> Condition:
    positive = NEGATIONS.get(operator, operator)
    if operator in RELATIVE:
        unit = source.choice(list(TimeUnit))
        return Condition(field, operator, source.choice(_WINDOWS[unit]), unit)
    if positive is RuleOperator.EXISTS:
        return Condition(field, operator)
    if positive is RuleOperator.IN:
        return Condition(field, operator, tuple(_value(source, kind, positive) for _ in range(source.randrange(1, 9))))
    if positive is RuleOperator.BETWEEN:
        return Condition(field, operator, (_value(source, kind, positive), _value(source, kind, positive)))
    return Condition(field, operator, _value(source, kind, positive))


def _value(source: random.Random, kind: FieldType, operator: RuleOperator) -> object:
    if operator in {RuleOperator.CONTAINS, RuleOperator.STARTS_WITH}:
        return source.choice(_FRAGMENTS)
    pools: Mapping[FieldType, Sequence[object]] = {
        FieldType.STRING: TEXTS,
        FieldType.NUMBER: (*COUNTS, *NUMBERS),
        FieldType.MONEY: (*NUMBERS, *map(float, AMOUNTS)),
        FieldType.BOOLEAN: (True, False),
        FieldType.DATETIME: MOMENTS,
        FieldType.ANY: source.choice((TEXTS, NUMBERS, (True, False))),
    }
    value = source.choice(pools[kind])
    return _written(source, value) if isinstance(value, datetime) else value


def _written(source: random.Random, moment: datetime) -> str:
    zone = source.choice(_ZONES)
    try:
        return (moment if zone is None else moment.astimezone(zone)).isoformat()
    except OverflowError:
        return moment.isoformat()
