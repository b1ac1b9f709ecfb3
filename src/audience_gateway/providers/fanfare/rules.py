"""Fanfare's rules read as one neutral rule. Source: Fanfare contract, Objects (rule) and Rules.

Rules of one rule group are joined by AND, rule groups by OR. Whatever is not exactly as documented stays where it
stands, as an opaque node holding what Fanfare sent.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from audience_gateway.domain.rule import All, Any, Condition, Opaque, Rule, RuleNode, RuleOperator
from audience_gateway.domain.rule_fields import ANY_ATTRIBUTE
from audience_gateway.upstream.records import moment_of

_KEYS = frozenset(
    {
        "id", "audienceId", "organizationId", "field", "operator", "values", "groupId", "position",
        "createdAt", "createdBy", "updatedAt", "updatedBy",
    }
)  # fmt: skip
_EQUALITY = MappingProxyType({"EQUALS": RuleOperator.EQ, "NOT_EQUALS": RuleOperator.NEQ})
_PRESENCE = MappingProxyType({"EXISTS": RuleOperator.EXISTS, "NOT_EXISTS": RuleOperator.NOT_EXISTS})
_MEMBERSHIP = MappingProxyType({"IN": RuleOperator.IN, "NOT_IN": RuleOperator.NOT_IN})
_TEXTUAL = MappingProxyType({"CONTAINS": RuleOperator.CONTAINS, "NOT_CONTAINS": RuleOperator.NOT_CONTAINS})
_ORDER = MappingProxyType(
    {
        "GREATER_THAN": RuleOperator.GT,
        "GREATER_THAN_OR_EQUAL": RuleOperator.GTE,
        "LESS_THAN": RuleOperator.LT,
        "LESS_THAN_OR_EQUAL": RuleOperator.LTE,
        "BETWEEN": RuleOperator.BETWEEN,
    }
)
_OPERATORS: Mapping[str, Mapping[str, RuleOperator]] = MappingProxyType(
    {
        "string": MappingProxyType({**_EQUALITY, **_TEXTUAL, **_MEMBERSHIP, **_PRESENCE}),
        "number": MappingProxyType({**_EQUALITY, **_ORDER, **_MEMBERSHIP, **_PRESENCE}),
        "datetime": MappingProxyType(
            {
                **_EQUALITY,
                **_ORDER,
                "GREATER_THAN": RuleOperator.AFTER,
                "LESS_THAN": RuleOperator.BEFORE,
                **_PRESENCE,
            }
        ),
        "any": MappingProxyType({**_EQUALITY, **_TEXTUAL, **_ORDER, **_MEMBERSHIP, **_PRESENCE}),
    }
)
_FIELDS = MappingProxyType(
    {
        "email": "string",
        "phone": "string",
        "fullName": "string",
        "externalId": "string",
        "totalOrders": "number",
        "totalOrderValue": "number",
        "lastOrderAt": "datetime",
        "createdAt": "datetime",
    }
)
RULE_FIELDS: Mapping[str, frozenset[RuleOperator]] = MappingProxyType(
    {name: frozenset(_OPERATORS[kind].values()) for name, kind in (*_FIELDS.items(), (ANY_ATTRIBUTE, "any"))}
)
"""The operators of each neutral field that a rule can hold."""


class _NotDocumented(Exception):
    """Something stands where the contract knows nothing of the kind."""


def read_rules(native: object) -> Rule:
    """The rule of a ``rules`` array; one without rules matches nobody."""
    if not isinstance(native, list):
        return Rule(Opaque(native))
    groups: dict[str, list[RuleNode]] = {}
    for raw in sorted(native, key=_position):
        group = raw.get("groupId") if isinstance(raw, Mapping) else None
        groups.setdefault(repr(group), []).append(_condition(raw))
    branches = tuple(All(tuple(conditions)) for conditions in groups.values())
    return Rule(branches[0] if len(branches) == 1 else Any(branches), tuple(native))


def _position(raw: object) -> tuple[bool, float]:
    """Rules without a position come last, in the order they were sent in."""
    position = raw.get("position") if isinstance(raw, Mapping) else None
    if isinstance(position, bool) or not isinstance(position, int | float):
        return (True, 0)
    return (False, position)


def _condition(raw: object) -> RuleNode:
    if not isinstance(raw, Mapping) or any(raw[key] not in (None, False) for key in raw.keys() - _KEYS):
        return Opaque(raw)
    try:
        name, kind = _field(raw.get("field"))
        word, values = raw.get("operator"), raw.get("values")
        if not isinstance(word, str) or word not in _OPERATORS[kind]:
            return Opaque(raw)
        return Condition(name, _OPERATORS[kind][word], _value(word, _values(values, _READ[kind])))
    except _NotDocumented:
        return Opaque(raw)


def _field(name: object) -> tuple[str, str]:
    """The neutral name and the type of a field."""
    if not isinstance(name, str):
        raise _NotDocumented
    path = name.removeprefix("metadata.")
    if path and path != name:
        return f"attributes.{path}", "any"
    if name not in _FIELDS:
        raise _NotDocumented
    return name, _FIELDS[name]


def _values(values: object, read: Callable[[object], object]) -> tuple[object, ...]:
    if values is None:
        return ()
    if not isinstance(values, list):
        raise _NotDocumented
    return tuple(map(read, values))


def _value(word: str, values: tuple[object, ...]) -> object:
    """The neutral value: none, one, a pair or several, as the operator word wants."""
    if word in _PRESENCE:
        fits = not values
    elif word in _MEMBERSHIP:
        fits = bool(values)
    else:
        fits = len(values) == (2 if word == "BETWEEN" else 1)
    if not fits:
        raise _NotDocumented
    if word in _PRESENCE:
        return None
    return values if word in _MEMBERSHIP or word == "BETWEEN" else values[0]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _NotDocumented
    return value


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _NotDocumented
    return value


def _moment(value: object) -> str:
    moment = moment_of(_text(value))
    if moment is None:
        raise _NotDocumented
    return moment.isoformat().replace("+00:00", "Z")


def _any(value: object) -> object:
    return value if isinstance(value, str) else _number(value)


_READ: Mapping[str, Callable[[object], object]] = MappingProxyType(
    {"string": _text, "number": _number, "datetime": _moment, "any": _any}
)
