"""What a promise is: a check, and what a provider must claim before it binds."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from audience_gateway.domain.capability import Capabilities, Operation
from audience_gateway.domain.errors import GatewayError
from tests.contract.harness import Harness

Keep = Callable[[Harness], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise.

    :param keep: raises, mostly AssertionError, when the provider does not keep it.
    :param operations: what must be claimed.
    :param batch: whether the first of them must be claimed as a batch.
    :param identifiers: whether some identifier must be claimed.
    """

    name: str
    keep: Keep
    operations: tuple[Operation, ...] = ()
    batch: bool = False
    identifiers: bool = False

    def binds(self, capabilities: Capabilities) -> bool:
        """Whether a provider with ``capabilities`` must keep it."""
        if self.batch and self.operations[0] not in capabilities.batches:
            return False
        if self.identifiers and not capabilities.identifiers:
            return False
        return all(capabilities.supports(operation) for operation in self.operations)


def promise(keep: Keep, *operations: Operation, batch: bool = False, identifiers: bool = False) -> Promise:
    """A promise named after its function."""
    return Promise(keep.__name__, keep, operations, batch, identifiers)


async def expect(error: type[GatewayError], harness: Harness, call: Awaitable[object]) -> None:
    """``call`` raises ``error``, exactly that and with the provider's key."""
    with pytest.raises(error) as caught:
        await call

    assert error is type(caught.value)
    assert harness.key == caught.value.provider_key


UNKNOWN_IDS = (
    "9",
    "",
    " ",
    ".",
    "..",
    "a/b",
    "%2e%2e",
    "1?x=1",
    "1#x",
    "members",
    "' OR '1'='1",
    "-1",
    "1" * 400,
    "\r\nX-Api-Key: 1",
    "Ünïcödé 雪",
)
"""Identifiers that nobody gave out, among them some that want to be something else."""
