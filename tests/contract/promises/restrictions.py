"""What a provider promises about operations that work for some of its audiences only."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from audience_gateway.domain.capability import Capabilities, Operation
from audience_gateway.domain.errors import NotFound
from audience_gateway.ports import MembersRequest, Provider
from tests.contract.harness import Harness
from tests.contract.promises.promise import expect
from tests.contract.truth import TrueAudience

INSIDES: Mapping[Operation, Callable[[Provider, str], Awaitable[object]]] = MappingProxyType(
    {
        Operation.READ_SIZE: lambda provider, native_id: provider.read_size(native_id),
        Operation.LIST_MEMBERS: lambda provider, native_id: provider.list_members(MembersRequest(native_id, 1)),
        Operation.SEARCH_MEMBERS: lambda provider, native_id: provider.list_members(
            MembersRequest(native_id, 1, None, "a")
        ),
        Operation.READ_MATERIALIZATION: lambda provider, native_id: provider.read_materialization(native_id),
    }
)
"""Everything that looks into one audience, and could be closed to it."""


async def restricts_what_does_not_work(harness: Harness) -> None:
    """An audience whose inside is closed is kept out by restrictions that give a reason; only those are."""
    capabilities = harness.provider.capabilities
    assert all(restriction.reason for restriction in capabilities.restrictions.values())
    assert all(capabilities.supports(operation) for operation in capabilities.restrictions)
    for operation, look in INSIDES.items():
        for audience in harness.truth.audiences.values() if capabilities.supports(operation) else ():
            if _is_admitted(audience, operation, capabilities):
                assert not audience.closed, operation
            elif audience.closed:
                await expect(NotFound, harness, look(harness.provider, audience.native_id))
            else:
                assert operation is Operation.READ_SIZE
                assert audience.size is None


def _is_admitted(audience: TrueAudience, operation: Operation, capabilities: Capabilities) -> bool:
    restriction = capabilities.restrictions.get(operation)
    return restriction is None or (audience.kind in restriction.kinds and audience.status in restriction.statuses)
