"""What may be done to an audience follows from its provider's claims, its kind and its status, and says why not."""

import pytest

from audience_gateway.domain.audience import Audience, AudienceKind, AudienceStatus, GroupKind, GroupRef
from audience_gateway.domain.capability import NATIVE, UNSUPPORTED, Capabilities, Operation, Restriction, emulated
from audience_gateway.domain.errors import ErrorCode, GatewayError, UnsupportedOperation
from audience_gateway.services.actions import actions_on, require
from tests.unit.accounts import audience

CAPABILITIES = Capabilities(
    operations={
        Operation.LIST: NATIVE,
        Operation.GET: emulated("Costly."),
        Operation.READ_SIZE: NATIVE,
        Operation.LIST_MEMBERS: NATIVE,
        Operation.READ_GROUPS: NATIVE,
        Operation.GET_MEMBER: UNSUPPORTED,
    },
    restrictions={
        Operation.READ_SIZE: Restriction(reason="Counts nothing dynamic.", kinds=frozenset({AudienceKind.STATIC})),
        Operation.LIST_MEMBERS: Restriction(
            reason="Shows nothing archived.", statuses=frozenset({AudienceStatus.ACTIVE})
        ),
    },
)
PLAIN = audience("a")
DYNAMIC = audience("a", kind=AudienceKind.DYNAMIC)
ARCHIVED = audience("a", status=AudienceStatus.ARCHIVED)
GROUPED = audience("a", group=GroupRef("g", "Ladder", GroupKind.OTHER))


def refusal(audience: Audience, operation: Operation) -> GatewayError | None:
    (action,) = actions_on(audience, CAPABILITIES, [operation])
    return action.refusal


@pytest.mark.parametrize(
    ("audience", "operation"),
    [
        (PLAIN, Operation.LIST),
        (PLAIN, Operation.READ_SIZE),
        (PLAIN, Operation.LIST_MEMBERS),
        (DYNAMIC, Operation.LIST_MEMBERS),
        (ARCHIVED, Operation.GET),
        (ARCHIVED, Operation.READ_SIZE),
        (GROUPED, Operation.READ_GROUPS),
    ],
)
def test_what_is_claimed_for_such_an_audience_is_allowed(audience: Audience, operation: Operation) -> None:
    assert refusal(audience, operation) is None


@pytest.mark.parametrize(
    ("audience", "operation", "code", "reason"),
    [
        (PLAIN, Operation.GET_MEMBER, "UNSUPPORTED_OPERATION", "one does not support GET_MEMBER."),
        (PLAIN, Operation.LIST_CANDIDATES, "UNSUPPORTED_OPERATION", "one does not support LIST_CANDIDATES."),
        (ARCHIVED, Operation.LIST, "UNSUPPORTED_OPERATION", "one does not list ARCHIVED audiences."),
        (ARCHIVED, Operation.LIST_MEMBERS, "UNSUPPORTED_OPERATION", "Shows nothing archived."),
        (DYNAMIC, Operation.READ_SIZE, "WRONG_KIND", "Counts nothing dynamic."),
        (PLAIN, Operation.READ_GROUPS, "WRONG_KIND", "This audience belongs to no group."),
    ],
)
def test_what_cannot_work_is_refused_with_its_reason(
    audience: Audience, operation: Operation, code: str, reason: str
) -> None:
    found = refusal(audience, operation)

    assert found is not None
    assert (found.code, found.message, found.provider_key) == (ErrorCode(code), reason, "one")


def test_every_operation_asked_for_is_answered_in_order() -> None:
    wanted = [Operation.READ_SIZE, Operation.LIST, Operation.READ_SIZE]

    assert [action.operation for action in actions_on(PLAIN, CAPABILITIES, wanted)] == wanted
    assert actions_on(PLAIN, CAPABILITIES, []) == ()


def test_requiring_raises_what_asking_would_have_said() -> None:
    require(PLAIN, CAPABILITIES, Operation.LIST_MEMBERS)
    with pytest.raises(UnsupportedOperation, match="Shows nothing archived"):
        require(ARCHIVED, CAPABILITIES, Operation.LIST_MEMBERS)
