"""The neutral rule tree: who belongs to a dynamic audience, in words no single provider owns.

A tree is ``All``, ``Any``, ``Not``, ``Condition`` or ``Opaque``. ``All(())`` matches everybody, ``Any(())`` nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class RuleOperator(Enum):
    """How a field is compared.

    WITHIN_LAST, NOT_WITHIN_LAST, OLDER_THAN and NEWER_THAN are relative to the moment of evaluation and need a
    :class:`TimeUnit`; BEFORE and AFTER are absolute. BETWEEN includes both ends.
    """

    EQ = "EQ"
    NEQ = "NEQ"
    GT = "GT"
    GTE = "GTE"
    LT = "LT"
    LTE = "LTE"
    BETWEEN = "BETWEEN"
    CONTAINS = "CONTAINS"
    NOT_CONTAINS = "NOT_CONTAINS"
    STARTS_WITH = "STARTS_WITH"
    IN = "IN"
    NOT_IN = "NOT_IN"
    EXISTS = "EXISTS"
    NOT_EXISTS = "NOT_EXISTS"
    WITHIN_LAST = "WITHIN_LAST"
    NOT_WITHIN_LAST = "NOT_WITHIN_LAST"
    OLDER_THAN = "OLDER_THAN"
    NEWER_THAN = "NEWER_THAN"
    BEFORE = "BEFORE"
    AFTER = "AFTER"


class TimeUnit(Enum):
    """The unit of a relative time."""

    MINUTES = "MINUTES"
    HOURS = "HOURS"
    DAYS = "DAYS"


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison.

    :param field: one of ``rule_fields.FIELDS``, or ``attributes.<path>``.
    :param value: a scalar; a tuple for IN, NOT_IN and BETWEEN (low, high); None where the operator takes none.
        Moments are ISO 8601 strings in UTC.
    :param source_list: the native id of the one sending list the condition is judged on; None for any.
    """

    field: str
    operator: RuleOperator
    value: object = None
    unit: TimeUnit | None = None
    source_list: str | None = None


@dataclass(frozen=True, slots=True)
class Opaque:
    """A condition we do not know, kept as the provider wrote it; such a rule can be shown but not written back."""

    raw: object


@dataclass(frozen=True, slots=True)
class All:
    """Matches whoever every child matches."""

    children: "tuple[RuleNode, ...]"


@dataclass(frozen=True, slots=True)
class Any:
    """Matches whoever at least one child matches."""

    children: "tuple[RuleNode, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """Matches whoever the child does not match."""

    child: "RuleNode"


RuleNode = All | Any | Not | Condition | Opaque


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the provider holds it (``native``) and as we read it (``root``)."""

    root: RuleNode
    native: Mapping[str, object] | tuple[object, ...] | None = None
