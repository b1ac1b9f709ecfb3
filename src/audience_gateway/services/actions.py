"""What may be done to one audience, and why not."""

from collections.abc import Iterable
from dataclasses import dataclass

from audience_gateway.domain.audience import Audience
from audience_gateway.domain.capability import Capabilities, Operation, Restriction
from audience_gateway.domain.errors import GatewayError, UnsupportedOperation, WrongKind
from audience_gateway.domain.identity import IdentifierKind


@dataclass(frozen=True, slots=True)
class Action:
    """An operation on one audience; ``refusal`` is the error that asking would bring, None when it is allowed."""

    operation: Operation
    refusal: GatewayError | None


def actions_on(audience: Audience, capabilities: Capabilities, operations: Iterable[Operation]) -> tuple[Action, ...]:
    """Whether each of ``operations`` works for ``audience`` at its provider; order and repeats are kept."""
    return tuple(Action(operation, refusal_of(audience, capabilities, operation)) for operation in operations)


def require(audience: Audience, capabilities: Capabilities, operation: Operation) -> None:
    """Raise UnsupportedOperation or WrongKind when ``operation`` cannot work for ``audience``."""
    refusal = refusal_of(audience, capabilities, operation)
    if refusal is not None:
        raise refusal


def refusal_of(audience: Audience, capabilities: Capabilities, operation: Operation) -> GatewayError | None:
    """Why ``operation`` cannot work for ``audience``; None when it can."""
    key = audience.provider_key
    if not capabilities.supports(operation):
        return UnsupportedOperation(f"{key} does not support {operation.value}.", provider_key=key)
    if operation is Operation.LIST and audience.status not in capabilities.statuses:
        return UnsupportedOperation(f"{key} does not list {audience.status.value} audiences.", provider_key=key)
    if operation is Operation.READ_GROUPS and audience.group is None:
        return WrongKind("This audience belongs to no group.", provider_key=key)
    return _restricted(audience, capabilities.restrictions.get(operation))


def require_identifier(provider_key: str, capabilities: Capabilities, kind: IdentifierKind) -> None:
    """Raise UnsupportedOperation, naming the kinds that would work, when membership cannot be told by ``kind``."""
    if kind in capabilities.identifiers:
        return
    known = " or ".join(each.value for each in IdentifierKind if each in capabilities.identifiers)
    raise UnsupportedOperation(
        f"{provider_key} cannot tell by {kind.value} who is in an audience"
        + (f"; it can by {known}." if known else ", nor by any other identifier."),
        provider_key=provider_key,
    )


def _restricted(audience: Audience, restriction: Restriction | None) -> GatewayError | None:
    if restriction is None:
        return None
    if audience.kind not in restriction.kinds:
        return WrongKind(restriction.reason, provider_key=audience.provider_key)
    if audience.status not in restriction.statuses:
        return UnsupportedOperation(restriction.reason, provider_key=audience.provider_key)
    return None
