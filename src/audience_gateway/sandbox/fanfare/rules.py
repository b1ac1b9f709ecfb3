"""Which consumers a rule set matches (Fanfare contract, Rules)."""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from audience_gateway.sandbox.fanfare.attributes import Kind, kind_of, reader
from audience_gateway.sandbox.fanfare.objects import Consumer, Rule

Test = Callable[[Consumer], bool]
_Pair = Callable[[Any, Any], tuple[Any, Any]]

_NEGATED: Mapping[str, str] = MappingProxyType(
    {"NOT_EQUALS": "EQUALS", "NOT_CONTAINS": "CONTAINS", "NOT_IN": "IN", "NOT_EXISTS": "EXISTS"}
)
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        "EQUALS": operator.eq,
        "GREATER_THAN": operator.gt,
        "GREATER_THAN_OR_EQUAL": operator.ge,
        "LESS_THAN": operator.lt,
        "LESS_THAN_OR_EQUAL": operator.le,
    }
)


def matcher(rules: Sequence[Rule]) -> Test:
    """A function telling whether a consumer matches ``rules``.

    Rules of one rule group are joined by AND, groups by OR; no rules match nobody. A missing attribute matches the
    four negated operators only. KeyError for an unknown field or operator.
    """
    groups: dict[str | None, list[Test]] = {}
    for rule in rules:
        groups.setdefault(rule["groupId"], []).append(_test(rule["field"], rule["operator"], rule["values"]))
    return lambda consumer: any(all(test(consumer) for test in tests) for tests in groups.values())


def _test(field: str, name: str, values: Sequence[Any]) -> Test:
    if name in _NEGATED:
        opposite = _test(field, _NEGATED[name], values)
        return lambda consumer: not opposite(consumer)
    read = reader(field)
    holds = _holds(name, _PAIRS[kind_of(field)], values)
    return lambda consumer: (value := read(consumer)) is not None and holds(value)


def _holds(name: str, pair: _Pair, values: Sequence[Any]) -> Callable[[Any], bool]:
    """What the positive operator ``name`` says of a value that is there."""
    match name:
        case "EXISTS":
            return lambda _value: True
        case "IN":
            return lambda value: any(operator.eq(*pair(value, wanted)) for wanted in values)
        case "CONTAINS":
            part = _text(values[0]).casefold()
            return lambda value: part in _text(value).casefold()
        case "BETWEEN":
            low, high = values
            return lambda value: operator.ge(*pair(value, low)) and operator.le(*pair(value, high))
    compare, wanted = _COMPARISONS[name], values[0]
    return lambda value: compare(*pair(value, wanted))


def _as_texts(left: Any, right: Any) -> tuple[str, str]:
    return _text(left).casefold(), _text(right).casefold()


def _as_numbers(left: Any, right: Any) -> tuple[float, float]:
    return float(left), float(right)


def _as_moments(left: Any, right: Any) -> tuple[datetime, datetime]:
    return _parsed(left), _parsed(right)


def _as_they_come(left: Any, right: Any) -> tuple[Any, Any]:
    """As numbers when both are, as moments when both are, else as text."""
    if _is_number(left) and _is_number(right):
        return left, right
    moments = _moment(left), _moment(right)
    return _as_texts(left, right) if None in moments else moments


_PAIRS: Mapping[Kind, _Pair] = MappingProxyType(
    {
        Kind.STRING: _as_texts,
        Kind.NUMBER: _as_numbers,
        Kind.CURRENCY: _as_numbers,
        Kind.DATETIME: _as_moments,
        Kind.ANY: _as_they_come,
    }
)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _moment(value: Any) -> datetime | None:
    """``value`` as a moment when it is an ISO 8601 text with a time in it."""
    if not isinstance(value, str) or "T" not in value:
        return None
    try:
        return _parsed(value)
    except ValueError:
        return None


def _parsed(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
