"""The comparisons that filter operators stand for, one function for each kind of value."""

import math
import operator
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

_NUMERIC: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {
        "eq": operator.eq,
        "neq": operator.ne,
        "gt": operator.gt,
        "gte": operator.ge,
        "lt": operator.lt,
        "lte": operator.le,
    }
)
_TEXTUAL: Mapping[str, Callable[[str, str], bool]] = MappingProxyType(
    {
        "eq": operator.eq,
        "contains": operator.contains,
        "starts_with": str.startswith,
    }
)
_NEGATIONS = MappingProxyType(
    {"neq": "eq", "not_in": "in", "not_contains": "contains", "not_within": "within", "not_exists": "exists"}
)


def moment_matches(name: str, moment: datetime | None, value: Any, unit: Any, now: datetime) -> bool:
    """Whether ``moment`` satisfies a time operator; one that is None satisfies ``not_within`` and ``not_exists`` only.

    ``within`` counts its edge in and ends at ``now``; ``before`` and ``after`` count the edge out.
    """
    if name in _NEGATIONS:
        return not moment_matches(_NEGATIONS[name], moment, value, unit, now)
    if moment is None or name == "exists":
        return moment is not None
    edge = _ago(now, value, unit)
    if name == "within":
        return edge <= moment <= now
    return moment < edge if name == "before" else moment > edge


def number_matches(name: str, number: float, value: float) -> bool:
    """Whether ``number`` satisfies a numeric operator."""
    return _NUMERIC[name](number, value)


def word_matches(name: str, word: Any, value: Any) -> bool:
    """Whether ``word`` satisfies a custom-field, carrier or time-zone operator, letter case aside.

    A ``word`` that is None satisfies the negated operators only; the ordering operators need numbers on both sides.
    """
    if name in _NEGATIONS:
        return not word_matches(_NEGATIONS[name], word, value)
    if word is None or name == "exists":
        return word is not None
    if name == "in":
        return _text(word) in {_text(one) for one in value}
    if name in _TEXTUAL:
        return _TEXTUAL[name](_text(word), _text(value))
    left, right = _number(word), _number(value)
    return left is not None and right is not None and number_matches(name, left, right)


def _ago(now: datetime, value: int, unit: str) -> datetime:
    """``value`` units before ``now``, or the beginning of time when that is earlier."""
    try:
        return now - timedelta(**{unit: value})
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def _text(value: Any) -> str:
    """``value`` as JSON would write it, without letter case."""
    return str(value).casefold()


def _number(value: Any) -> float | None:
    """``value`` read as a finite number, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
