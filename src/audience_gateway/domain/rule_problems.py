"""What is wrong with one condition of a rule: its field, operator, value and unit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from audience_gateway.domain.errors import ErrorCode
from audience_gateway.domain.rule import Condition, RuleOperator
from audience_gateway.domain.rule_fields import NEGATIONS, OPERATORS, RELATIVE, FieldType, type_of
from audience_gateway.domain.rule_values import comparable, value_type, window

MOST_VALUES = 1_000
"""Values of one condition."""

Path = tuple[str, ...]

_WANTED: Mapping[FieldType, str] = MappingProxyType(
    {
        FieldType.STRING: "text of at most 1,024 characters",
        FieldType.NUMBER: "a number of at most 10 to the power of 15",
        FieldType.MONEY: "an amount of at most 10 to the power of 15",
        FieldType.BOOLEAN: "true or false",
        FieldType.DATETIME: "a moment with its offset, such as 2026-01-31T00:00:00Z",
    }
)
_PARTIAL = frozenset({RuleOperator.CONTAINS, RuleOperator.STARTS_WITH})
_UNORDERED = OPERATORS[FieldType.BOOLEAN] | {RuleOperator.IN, RuleOperator.NOT_IN}


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """One thing that is wrong with a rule.

    :param path: walks to it as the paths of ``rule_views.conditions`` do, on to the part of a condition where only
        that is wrong; empty for the whole rule.
    :param message: one sentence for people; values are never repeated in it.
    :param code: BAD_INPUT, UNSUPPORTED_RULE or RULE_TOO_COMPLEX.
    """

    path: Path
    message: str
    code: ErrorCode = ErrorCode.BAD_INPUT


def problems_of_condition(place: Path, condition: Condition, *, sending_lists: bool) -> Iterator[RuleProblem]:
    """The problems of the condition at ``place``.

    :param sending_lists: whether there are sending lists to which it could be tied.
    """
    if condition.source_list is not None and not sending_lists:
        message = "There are no sending lists here that a condition could be tied to."
        yield RuleProblem((*place, "sourceList"), message, ErrorCode.UNSUPPORTED_RULE)
    kind = type_of(condition.field)
    if kind is None:
        yield RuleProblem((*place, "field"), _no_such_field(condition.field))
    elif condition.operator not in OPERATORS[kind]:
        allowed = ", ".join(operator.value for operator in RuleOperator if operator in OPERATORS[kind])
        message = f"{condition.field} does not take {condition.operator.value}, but {allowed}."
        yield RuleProblem((*place, "operator"), message)
    else:
        yield from _problems_of_value(place, condition, kind)
    yield from _problems_of_unit(place, condition)


def _problems_of_value(place: Path, condition: Condition, kind: FieldType) -> Iterator[RuleProblem]:
    place, value = (*place, "value"), condition.value
    word = condition.operator.value
    match NEGATIONS.get(condition.operator, condition.operator):
        case RuleOperator.EXISTS:
            if value is not None:
                yield RuleProblem(place, f"{word} takes no value.")
        case operator if operator in RELATIVE:
            if condition.unit and window(value, condition.unit) is None:
                yield RuleProblem(place, f"{word} takes a whole number of units, from 1 to a hundred years in all.")
        case RuleOperator.IN:
            if not isinstance(value, tuple) or not 1 <= len(value) <= MOST_VALUES:
                yield RuleProblem(place, f"{word} takes a list of 1 to {MOST_VALUES:,} values.")
            else:
                for position, each in enumerate(value):
                    yield from _problems_of_scalar((*place, str(position)), condition, kind, each)
        case RuleOperator.BETWEEN:
            yield from _problems_of_range(place, condition, kind)
        case _:
            yield from _problems_of_scalar(place, condition, kind, value)


def _problems_of_range(place: Path, condition: Condition, kind: FieldType) -> Iterator[RuleProblem]:
    match condition.value:
        case (low, high):
            ends = [*_problems_of_scalar((*place, "0"), condition, kind, low)]
            ends += _problems_of_scalar((*place, "1"), condition, kind, high)
            yield from ends
            if not ends and not _in_order(kind, low, high):
                yield RuleProblem(place, "BETWEEN takes two values of one type, the lower one first.")
        case _:
            yield RuleProblem(place, "BETWEEN takes two values, the lower one first.")


def _in_order(kind: FieldType, low: object, high: object) -> bool:
    if value_type(kind, low) is not value_type(kind, high):
        return False
    ends: tuple[object, object] = comparable(kind, low), comparable(kind, high)
    return sorted(ends) == list(ends)  # type: ignore[type-var]  # both of one type, which has an order


def _problems_of_scalar(place: Path, condition: Condition, kind: FieldType, value: object) -> Iterator[RuleProblem]:
    operator = NEGATIONS.get(condition.operator, condition.operator)
    wanted = FieldType.STRING if operator in _PARTIAL else kind
    if comparable(wanted, value) is None:
        kinds = [wanted] if wanted is not FieldType.ANY else [FieldType.STRING, FieldType.NUMBER, FieldType.BOOLEAN]
        yield RuleProblem(place, f"{condition.field} is compared with {', or '.join(_WANTED[one] for one in kinds)}.")
    elif operator in _PARTIAL and not value:
        yield RuleProblem(place, f"{condition.operator.value} needs at least one character.")
    elif isinstance(value, bool) and condition.operator not in _UNORDERED:
        yield RuleProblem(place, "True and false have no order.")


def _problems_of_unit(place: Path, condition: Condition) -> Iterator[RuleProblem]:
    needed = condition.operator in RELATIVE
    if needed and condition.unit is None:
        yield RuleProblem((*place, "unit"), f"{condition.operator.value} needs a unit of time.")
    elif condition.unit is not None and not needed:
        yield RuleProblem((*place, "unit"), f"{condition.operator.value} takes no unit.")


def _no_such_field(name: str) -> str:
    if not name.startswith("attributes."):
        return "There is no field of this name."
    return (
        "An attribute is named by 1 to 6 keys divided by dots, each of 1 to 64 printable characters other than "
        "quotation marks and backslashes."
    )
