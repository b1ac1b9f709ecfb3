"""Trackly's filters read as neutral rules. Source: Trackly contract, Filter group.

Whatever is not exactly as documented stays where it stands, as an opaque node holding what Trackly sent.
"""

from collections.abc import Mapping

from audience_gateway.domain.rule import All, Any, Condition, Opaque, Rule, RuleNode
from audience_gateway.providers.trackly.conditions import NotDocumented, field_of

_DEPTH_LIMIT = 20
_GROUP_KEYS = frozenset({"operator", "conditions", "groups"})
_CONDITION_KEYS = frozenset(
    {"condition_type", "conditionType", "field", "operator", "value", "unit", "list_id", "listId"}
)


def read_filter(native: object) -> Rule:
    """The rule of a filter as sent; its conditions may be written in camelCase or snake_case."""
    return Rule(_group(native, 1), native if isinstance(native, Mapping) else None)


def _group(raw: object, depth: int) -> RuleNode:
    if not isinstance(raw, Mapping) or depth > _DEPTH_LIMIT or _has_strangers(raw, _GROUP_KEYS):
        return Opaque(raw)
    operator, conditions, groups = raw.get("operator"), _array(raw, "conditions"), _array(raw, "groups")
    if operator not in ("AND", "OR") or conditions is None or groups is None or not (conditions or groups):
        return Opaque(raw)
    children = (*map(_condition, conditions), *(_group(group, depth + 1) for group in groups))
    return All(children) if operator == "AND" else Any(children)


def _array(raw: Mapping[str, object], name: str) -> list[object] | None:
    """An array that may be left out; None when something else stands there."""
    value = raw.get(name)
    if value is None:
        return []
    return value if isinstance(value, list) else None


def _condition(raw: object) -> Condition | Opaque:
    if not isinstance(raw, Mapping) or _has_strangers(raw, _CONDITION_KEYS):
        return Opaque(raw)
    try:
        field, readings = field_of(_either(raw, "conditionType", "condition_type"), raw.get("field"))
        word = raw.get("operator")
        if not isinstance(word, str) or word not in readings:
            return Opaque(raw)
        value, unit = readings[word].shape(raw.get("value"), raw.get("unit"))
        return Condition(field, readings[word].operator, value, unit, _source_list(raw))
    except NotDocumented:
        return Opaque(raw)


def _has_strangers(raw: Mapping[str, object], known: frozenset[str]) -> bool:
    """Whether there are keys that might change the meaning."""
    return any(key not in known and value is not None for key, value in raw.items())


def _either(raw: Mapping[str, object], camel: str, snake: str) -> object:
    """The value under the reply's or the request's spelling of a key."""
    replied, requested = raw.get(camel), raw.get(snake)
    if replied is not None and requested is not None and replied != requested:
        raise NotDocumented
    return requested if replied is None else replied


def _source_list(raw: Mapping[str, object]) -> str | None:
    identifier = _either(raw, "listId", "list_id")
    if identifier is None:
        return None
    if isinstance(identifier, bool) or not isinstance(identifier, int):
        raise NotDocumented
    return str(identifier)
