"""Three ways to show a rule: the tree as its input form, the list of its conditions, and plain text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from audience_gateway.domain.rule import All, Any, Condition, Not, Opaque, RuleNode, RuleOperator

_WORDS: Mapping[RuleOperator, str] = {
    RuleOperator.EQ: "is",
    RuleOperator.NEQ: "is not",
    RuleOperator.GT: "is more than",
    RuleOperator.GTE: "is at least",
    RuleOperator.LT: "is less than",
    RuleOperator.LTE: "is at most",
    RuleOperator.BETWEEN: "is between",
    RuleOperator.CONTAINS: "contains",
    RuleOperator.NOT_CONTAINS: "does not contain",
    RuleOperator.STARTS_WITH: "starts with",
    RuleOperator.IN: "is one of",
    RuleOperator.NOT_IN: "is none of",
    RuleOperator.EXISTS: "is known",
    RuleOperator.NOT_EXISTS: "is not known",
    RuleOperator.WITHIN_LAST: "was within the last",
    RuleOperator.NOT_WITHIN_LAST: "was not within the last",
    RuleOperator.OLDER_THAN: "was longer ago than",
    RuleOperator.NEWER_THAN: "was less long ago than",
    RuleOperator.BEFORE: "was before",
    RuleOperator.AFTER: "was after",
}


@dataclass(frozen=True, slots=True)
class PlacedCondition:
    """A leaf of the tree; ``path`` walks to it through :func:`tree`, list positions written as text."""

    path: tuple[str, ...]
    leaf: Condition | Opaque


def tree(node: RuleNode) -> dict[str, object]:
    """The rule as a value of the input type; what we could not read stands as ``{"opaque": …}``."""
    match node:
        case All(children):
            return {"all": [tree(child) for child in children]}
        case Any(children):
            return {"any": [tree(child) for child in children]}
        case Not(child):
            return {"not": tree(child)}
        case Opaque(raw):
            return {"opaque": raw}
    parts = {
        "field": node.field,
        "operator": node.operator.value,
        "value": list(node.value) if isinstance(node.value, tuple) else node.value,
        "unit": node.unit.value if node.unit else None,
        "sourceList": node.source_list,
    }
    return {"condition": {name: part for name, part in parts.items() if part is not None}}


def conditions(node: RuleNode, path: tuple[str, ...] = ()) -> Iterator[PlacedCondition]:
    """All leaves, in reading order."""
    match node:
        case All(children) | Any(children):
            name = "all" if isinstance(node, All) else "any"
            for position, child in enumerate(children):
                yield from conditions(child, (*path, name, str(position)))
        case Not(child):
            yield from conditions(child, (*path, "not"))
        case Opaque():
            yield PlacedCondition((*path, "opaque"), node)
        case Condition():
            yield PlacedCondition((*path, "condition"), node)


def portable(node: RuleNode) -> bool:
    """Whether every condition could be read, so that the rule may be written elsewhere."""
    return not any(isinstance(placed.leaf, Opaque) for placed in conditions(node))


def text(node: RuleNode) -> str:  # noqa: PLR0911 (one return for each kind of node)
    """The rule in plain words."""
    match node:
        case All(()):
            return "everybody"
        case Any(()):
            return "nobody"
        case All(children):
            return " and ".join(_inner(child) for child in children)
        case Any(children):
            return " or ".join(_inner(child) for child in children)
        case Not(child):
            return f"not ({text(child)})"
        case Opaque():
            return "a condition that only the provider understands"
    return " ".join(part for part in (node.field, _WORDS[node.operator], _value(node), _where(node)) if part)


def _inner(node: RuleNode) -> str:
    nested = isinstance(node, All | Any) and len(node.children) > 1
    return f"({text(node)})" if nested else text(node)


def _value(node: Condition) -> str:
    if node.value is None:
        return ""
    if isinstance(node.value, tuple):
        joint = " and " if node.operator is RuleOperator.BETWEEN else ", "
        return joint.join(_scalar(part) for part in node.value)
    return f"{node.value} {node.unit.value.lower()}" if node.unit else _scalar(node.value)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _where(node: Condition) -> str:
    return f"on sending list {node.source_list}" if node.source_list else ""
