"""What is wrong with a rule: every problem, with its place. Trees of any depth and size are safe to check."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from audience_gateway.domain.errors import (
    BadInput,
    ErrorCode,
    GatewayError,
    InputProblem,
    RuleTooComplex,
    UnsupportedRule,
)
from audience_gateway.domain.rule import All, Any, Condition, Not, Opaque, RuleNode
from audience_gateway.domain.rule_problems import Path, RuleProblem, problems_of_condition

DEEPEST = 12
"""Levels of a tree, the root being the first."""
MOST_NODES = 200
"""Groups and conditions of a tree."""
MOST_VALUES_IN_ALL = 5_000
"""Values of all conditions together."""

_ERRORS: Mapping[ErrorCode, type[GatewayError]] = MappingProxyType(
    {error.code: error for error in (BadInput, UnsupportedRule, RuleTooComplex)}
)


def problems_of(root: RuleNode, *, sending_lists: bool) -> tuple[RuleProblem, ...]:
    """Every problem of a rule, in reading order.

    What lies below the deepest level or beyond the largest size is not looked at.

    :param sending_lists: whether there are sending lists to which conditions can be tied.
    """
    found: list[RuleProblem] = []
    values = 0
    for number, (place, node, level) in enumerate(_walk(root)):
        if isinstance(node, Condition):
            values += len(node.value) if isinstance(node.value, tuple) else 1
        if number == MOST_NODES:
            return (*found, _too_complex((), f"A rule has at most {MOST_NODES} groups and conditions."))
        if values > MOST_VALUES_IN_ALL:
            return (*found, _too_complex((), f"A rule has at most {MOST_VALUES_IN_ALL:,} values."))
        if isinstance(node, Condition):
            found.extend(problems_of_condition(place, node, sending_lists=sending_lists))
        else:
            found.extend(_problems_of_node(place, node, level))
    return tuple(found)


def refuse_unsound(root: RuleNode, *, sending_lists: bool) -> None:
    """Raise the first problem of a rule as BadInput, UnsupportedRule or RuleTooComplex, with all of them inside.

    Their paths begin with ``rule``, the argument that holds it.
    """
    found = [
        InputProblem(("rule", *problem.path), problem.message, problem.code)
        for problem in problems_of(root, sending_lists=sending_lists)
    ]
    for first in found[:1]:
        raise _ERRORS[first.code](f"{'.'.join(first.path)}: {first.message}", input_problems=found)


def _walk(root: RuleNode) -> Iterator[tuple[Path, RuleNode, int]]:
    """Place, node and level of all nodes in reading order, no more of them than it takes to see that they are many."""
    waiting: list[tuple[Path, RuleNode, int]] = [((), root, 1)]
    while waiting:
        path, node, level = waiting.pop()
        name = _name(node)
        yield (*path, name), node, level
        if level == DEEPEST:
            continue
        match node:
            case All(children) | Any(children):
                places = list(enumerate(children[: MOST_NODES + 1]))
                waiting.extend(((*path, name, str(position)), child, level + 1) for position, child in places[::-1])
            case Not(child):
                waiting.append(((*path, name), child, level + 1))


def _name(node: RuleNode) -> str:
    """The key under which ``rule_views.tree`` shows a node."""
    return type(node).__name__.lower()


def _problems_of_node(place: Path, node: RuleNode, level: int) -> Iterator[RuleProblem]:
    match node:
        case Opaque():
            message = "This condition is known to its own provider only."
            yield RuleProblem(place, message, ErrorCode.UNSUPPORTED_RULE)
        case All(()) | Any(()) if level > 1:
            yield RuleProblem(place, "A group inside a rule needs at least one condition.")
        case All((_, *_)) | Any((_, *_)) | Not() if level == DEEPEST:
            yield _too_complex(place, f"A rule is at most {DEEPEST} levels deep.")


def _too_complex(place: Path, message: str) -> RuleProblem:
    return RuleProblem(place, message, ErrorCode.RULE_TOO_COMPLEX)
