"""What a provider can do, as data: read by the guard, by the schema, by the documentation and by the contract suite."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from audience_gateway.domain.audience import AudienceKind, AudienceStatus
from audience_gateway.domain.identity import IdentifierKind
from audience_gateway.domain.rule import RuleOperator


class Operation(Enum):
    """Everything that may be asked of a provider."""

    LIST = "LIST"
    GET = "GET"
    READ_SIZE = "READ_SIZE"
    LIST_MEMBERS = "LIST_MEMBERS"
    SEARCH_MEMBERS = "SEARCH_MEMBERS"
    GET_MEMBER = "GET_MEMBER"
    LIST_CANDIDATES = "LIST_CANDIDATES"
    READ_MATERIALIZATION = "READ_MATERIALIZATION"
    READ_GROUPS = "READ_GROUPS"
    LIST_SOURCE_LISTS = "LIST_SOURCE_LISTS"


class Support(Enum):
    """How an operation is supported: by the provider itself, by us at a price, or not at all."""

    NATIVE = "NATIVE"
    EMULATED = "EMULATED"
    UNSUPPORTED = "UNSUPPORTED"


@dataclass(frozen=True, slots=True)
class Capability:
    """How one operation is supported; ``note`` states the price or the limits, and always comes with EMULATED."""

    support: Support
    note: str | None = None


NATIVE = Capability(Support.NATIVE)
UNSUPPORTED = Capability(Support.UNSUPPORTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """For which audiences a supported operation works; ``reason`` tells people why not for the others."""

    reason: str
    kinds: frozenset[AudienceKind] = frozenset(AudienceKind)
    statuses: frozenset[AudienceStatus] = frozenset(AudienceStatus)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What one provider can do; an operation that is absent is unsupported.

    :param operations: support by operation.
    :param statuses: the audience statuses that can be listed.
    :param unlisted: statuses that its audiences can have, and that it never lists.
    :param batches: operations that also take many keys in one call (see the batch forms in ``ports.Provider``).
    :param restrictions: supported operations that do not work for every audience.
    :param page_limit: the most rows one page may hold.
    :param memberships: whether the audiences that a listed member is in can be told.
    :param calls_per_minute: how many calls the provider takes; None when it does not say.
    :param reports_imports: whether an audience that is got by itself tells of its imports.
    :param identifiers: by which of them it can tell whether somebody is in an audience; restricted as LIST_MEMBERS is.
    :param rule_fields: the operators that its rules can hold, by field; ``rule_fields.ANY_ATTRIBUTE`` for attributes.
    """

    operations: Mapping[Operation, Capability]
    statuses: frozenset[AudienceStatus] = frozenset({AudienceStatus.ACTIVE})
    unlisted: frozenset[AudienceStatus] = frozenset()
    batches: frozenset[Operation] = frozenset()
    restrictions: Mapping[Operation, Restriction] = field(default_factory=lambda: MappingProxyType({}))
    page_limit: int = 100
    memberships: bool = False
    calls_per_minute: int | None = None
    reports_imports: bool = False
    identifiers: frozenset[IdentifierKind] = frozenset()
    rule_fields: Mapping[str, frozenset[RuleOperator]] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, operation: Operation) -> Capability:
        """How ``operation`` is supported."""
        return self.operations.get(operation, UNSUPPORTED)

    def supports(self, operation: Operation) -> bool:
        """Whether ``operation`` works at all, natively or emulated."""
        return self.of(operation).support is not Support.UNSUPPORTED


def emulated(note: str) -> Capability:
    """An operation we make up for; ``note`` states its price."""
    return Capability(Support.EMULATED, note)
