"""Trackly's six condition types as tables: field and operator words, and what shape of value each takes.

Source: Trackly contract, The six condition types.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from audience_gateway.domain.rule import RuleOperator, TimeUnit
from audience_gateway.domain.rule_fields import ANY_ATTRIBUTE


class NotDocumented(Exception):
    """Something stands where the contract knows nothing of the kind."""


Operand = tuple[object, TimeUnit | None]
"""The neutral value and unit of a condition."""
Shape = Callable[[object, object], Operand]
"""Reads ``value`` and ``unit`` as sent; raises NotDocumented."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How one operator word is read."""

    operator: RuleOperator
    shape: Shape


Readings = Mapping[str, Reading]
"""Reading by operator word."""


def field_of(kind: object, name: object) -> tuple[str, Readings]:
    """The neutral field and the operators of a condition's type and ``field``; raises NotDocumented."""
    if not isinstance(kind, str) or not isinstance(name, str | None):
        raise NotDocumented
    if kind == "custom_field":
        path = (name or "").removeprefix("custom_fields.")
        if not path:
            raise NotDocumented
        return f"attributes.{path}", _CUSTOM
    if (kind, name) not in _FIELDS:
        raise NotDocumented
    return _FIELDS[kind, name]


def _window(value: object, unit: object) -> Operand:
    if not _is_count(value) or value == 0 or not isinstance(unit, str) or unit not in _UNITS:
        raise NotDocumented
    return value, _UNITS[unit]


def _nothing(value: object, unit: object) -> Operand:
    if value is not None or unit is not None:
        raise NotDocumented
    return None, None


def _one(fits: Callable[[object], bool]) -> Shape:
    def read(value: object, unit: object) -> Operand:
        if not fits(value) or unit is not None:
            raise NotDocumented
        return value, None

    return read


def _several(fits: Callable[[object], bool]) -> Shape:
    def read(value: object, unit: object) -> Operand:
        if not isinstance(value, list) or not value or not all(map(fits, value)) or unit is not None:
            raise NotDocumented
        return tuple(value), None

    return read


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float)


def _readings(shape: Shape, **words: RuleOperator) -> Readings:
    return MappingProxyType({word.rstrip("_"): Reading(operator, shape) for word, operator in words.items()})


def _equality(fits: Callable[[object], bool]) -> Readings:
    return _readings(_one(fits), eq=RuleOperator.EQ, neq=RuleOperator.NEQ)


def _order(fits: Callable[[object], bool]) -> Readings:
    return _readings(_one(fits), gt=RuleOperator.GT, gte=RuleOperator.GTE, lt=RuleOperator.LT, lte=RuleOperator.LTE)


def _membership(fits: Callable[[object], bool]) -> Readings:
    return _readings(_several(fits), in_=RuleOperator.IN, not_in=RuleOperator.NOT_IN)


_UNITS = MappingProxyType({"minutes": TimeUnit.MINUTES, "hours": TimeUnit.HOURS, "days": TimeUnit.DAYS})
_PRESENCE = _readings(_nothing, exists=RuleOperator.EXISTS, not_exists=RuleOperator.NOT_EXISTS)
_TIME = MappingProxyType(
    {
        **_readings(
            _window,
            within=RuleOperator.WITHIN_LAST,
            not_within=RuleOperator.NOT_WITHIN_LAST,
            before=RuleOperator.OLDER_THAN,
            after=RuleOperator.NEWER_THAN,
        ),
        **_PRESENCE,
    }
)
_COUNT = MappingProxyType({**_equality(_is_count), **_order(_is_count)})
_AMOUNT = MappingProxyType({**_equality(_is_number), **_order(_is_number)})
_FLAG = _readings(_one(_is_flag), eq=RuleOperator.EQ)
_VOCABULARY = MappingProxyType({**_equality(_is_text), **_membership(_is_text)})
_CUSTOM = MappingProxyType(
    {
        **_equality(_is_scalar),
        **_order(_is_scalar),
        **_membership(_is_scalar),
        **_readings(
            _one(_is_scalar),
            contains=RuleOperator.CONTAINS,
            not_contains=RuleOperator.NOT_CONTAINS,
            starts_with=RuleOperator.STARTS_WITH,
        ),
        **_PRESENCE,
    }
)
_FIELDS: Mapping[tuple[str, str | None], tuple[str, Readings]] = MappingProxyType(
    {
        ("time", "last_clicked_at"): ("lastClickedAt", _TIME),
        ("time", "last_sent_at"): ("lastSentAt", _TIME),
        ("time", "signup_date"): ("signedUpAt", _TIME),
        ("count", "send_count"): ("sendCount", _COUNT),
        ("count", "click_count"): ("clickCount", _COUNT),
        ("count", "conversion_count"): ("conversionCount", _COUNT),
        ("carrier", None): ("carrier", _VOCABULARY),
        ("timezone", None): ("timezone", _VOCABULARY),
        ("revenue", "has_revenue"): ("hasRevenue", _FLAG),
        ("revenue", "revenue_total"): ("revenueTotal", _AMOUNT),
        ("revenue", "avg_revenue"): ("revenueAverage", _AMOUNT),
        ("revenue", "conversion_count"): ("conversionCount", _COUNT),
        ("revenue", "last_revenue_at"): ("lastRevenueAt", _TIME),
    }
)
RULE_FIELDS: Mapping[str, frozenset[RuleOperator]] = MappingProxyType(
    {
        name: frozenset(reading.operator for reading in readings.values())
        for name, readings in (*_FIELDS.values(), (ANY_ATTRIBUTE, _CUSTOM))
    }
)
"""The operators of each neutral field that a filter can hold."""
