"""Whether a person matches a rule: what rules mean, said in Python. Whoever else judges rules must agree with this.

A condition on something unknown is false; the negative operators are the opposite of their positive ones, so they
hold for the unknown, and ``Not`` is always the exact opposite of its child. A JSON value of another type than the
one it is compared with counts as unknown: the text ``"88"`` is no number, ``true`` is neither text nor 1, and
objects and arrays can only exist. A JSON null does not exist. WITHIN_LAST counts in both its edge and ``now``,
OLDER_THAN and NEWER_THAN do not count in theirs, and NEWER_THAN reaches into the future.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any as AnyValue

from audience_gateway.domain.errors import InternalError
from audience_gateway.domain.rule import All, Any, Condition, Not, RuleNode, RuleOperator
from audience_gateway.domain.rule_fields import FIELDS, NEGATIONS, RELATIVE, FieldType, attribute_path
from audience_gateway.domain.rule_values import comparable, fold_letters, in_hundredths, value_type, window

Compare = Callable[[AnyValue, AnyValue], bool]


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody.

    :param facts: by field name: text, whole numbers, Decimal for money, aware moments; unknown ones None or left out.
    :param attributes: a JSON object.
    :param on_lists: the facts and attributes as each sending list that the person is on has them, by its native id.
    """

    facts: Mapping[str, object]
    attributes: Mapping[str, object] | None = None
    on_lists: Mapping[str, "Person"] = field(default_factory=dict)


_COMPARISONS: Mapping[RuleOperator, Compare] = MappingProxyType(
    {
        RuleOperator.EQ: operator.eq,
        RuleOperator.GT: operator.gt,
        RuleOperator.AFTER: operator.gt,
        RuleOperator.GTE: operator.ge,
        RuleOperator.LT: operator.lt,
        RuleOperator.BEFORE: operator.lt,
        RuleOperator.LTE: operator.le,
        RuleOperator.CONTAINS: operator.contains,
        RuleOperator.STARTS_WITH: str.startswith,
    }
)


def matches(root: RuleNode, person: Person, now: datetime) -> bool:
    """Whether ``person`` matches a rule at ``now``; raises InternalError for a rule with problems.

    A condition that is tied to a sending list is judged by what that list has of the person, and is false for
    whoever is not on it, whatever its operator.
    """
    match root:
        case All(children):
            return all(matches(child, person, now) for child in children)
        case Any(children):
            return any(matches(child, person, now) for child in children)
        case Not(child):
            return not matches(child, person, now)
        case Condition(source_list=None):
            return _holds(root, root.operator, person, now)
        case Condition(source_list=str(name)):
            return name in person.on_lists and _holds(root, root.operator, person.on_lists[name], now)
    raise InternalError("A rule with an opaque condition was to be judged.")


def _holds(condition: Condition, word: RuleOperator, person: Person, now: datetime) -> bool:
    if word in NEGATIONS:
        return not _holds(condition, NEGATIONS[word], person, now)
    known = _known(condition.field, person)
    if known is None or word is RuleOperator.EXISTS:
        return known is not None
    if word in RELATIVE:
        return _in_time(condition, word, known, now)
    kind = FIELDS.get(condition.field, FieldType.ANY)
    match word, condition.value:
        case RuleOperator.IN, tuple(values):
            return any(_compare(operator.eq, kind, known, value) for value in values)
        case RuleOperator.BETWEEN, (low, high):
            return _compare(operator.ge, kind, known, low) and _compare(operator.le, kind, known, high)
    return _compare(_COMPARISONS[word], kind, known, condition.value)


def _known(name: str, person: Person) -> AnyValue:
    path = attribute_path(name)
    if path is None:
        return person.facts.get(name)
    value: object = person.attributes
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _in_time(condition: Condition, word: RuleOperator, known: AnyValue, now: datetime) -> bool:
    length = window(condition.value, condition.unit) if condition.unit else None
    if length is None:
        raise InternalError("A rule with an unreadable relative time was to be judged.")
    edge = now - length
    if word is RuleOperator.WITHIN_LAST:
        return bool(edge <= known <= now)
    return bool(known < edge if word is RuleOperator.OLDER_THAN else known > edge)


def _compare(compare: Compare, kind: FieldType, known: object, value: object) -> bool:
    """Whether a known value compares so with a rule's; never when their types differ."""
    wanted = comparable(kind, value)
    if wanted is None:
        raise InternalError("A rule with an unreadable value was to be judged.")
    have = _in_type(value_type(kind, value), known)
    return have is not None and compare(have, wanted)


def _in_type(kind: FieldType, known: object) -> object:
    """A known value as one of type ``kind``; None when it is of another type."""
    match kind, known:
        case FieldType.STRING, str(text):
            return fold_letters(text)
        case FieldType.BOOLEAN, bool():
            return known
        case FieldType.NUMBER, int() | float() if not isinstance(known, bool):
            return known
        case FieldType.MONEY, Decimal() as amount:
            return in_hundredths(amount)
        case FieldType.DATETIME, datetime():
            return known
    return None
