"""Rules as JSON: the form of ``domain.rule_views.tree``, read back to the same tree."""

from collections.abc import Mapping

from audience_gateway.domain.rule import All, Any, Condition, Not, Opaque, Rule, RuleNode, RuleOperator, TimeUnit
from audience_gateway.domain.rule_views import tree

_CONDITION_KEYS = frozenset({"field", "operator", "value", "unit", "sourceList"})


def write_rule(rule: Rule) -> dict[str, object]:
    """The tree as a JSON object; how another provider wrote it is not kept."""
    return tree(rule.root)


def read_rule(document: Mapping[str, object]) -> Rule:
    """The rule of a JSON object, which is also its native form; whatever is not as written here becomes opaque."""
    return Rule(_node(document), document)


def _node(raw: object) -> RuleNode:
    match raw:
        case {"all": list(children), **rest} if not rest:
            return All(tuple(_node(child) for child in children))
        case {"any": list(children), **rest} if not rest:
            return Any(tuple(_node(child) for child in children))
        case {"not": child, **rest} if not rest:
            return Not(_node(child))
        case {"condition": {**parts}, **rest} if not rest:
            return _condition(parts) or Opaque(raw)
        case {"opaque": inner, **rest} if not rest:
            return Opaque(inner)
    return Opaque(raw)


def _condition(raw: Mapping[object, object]) -> Condition | None:
    """The comparison; None when any part of it is not ours."""
    field, value, source_list = raw.get("field"), raw.get("value"), raw.get("sourceList")
    if not isinstance(field, str) or not isinstance(source_list, str | None) or not raw.keys() <= _CONDITION_KEYS:
        return None
    try:
        operator = RuleOperator(raw.get("operator"))
        unit = None if raw.get("unit") is None else TimeUnit(raw["unit"])
    except ValueError:
        return None
    return Condition(field, operator, tuple(value) if isinstance(value, list) else value, unit, source_list)
