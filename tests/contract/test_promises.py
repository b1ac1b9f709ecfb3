"""Every promise of the port, kept by every provider that claims what it takes."""

import inspect

import pytest

from audience_gateway.domain.capability import Operation
from audience_gateway.domain.identity import IdentifierKind
from audience_gateway.ports import Provider
from tests.contract.asks import ASKS
from tests.contract.dialects import Backdrop, backdrops
from tests.contract.harness import small_world
from tests.contract.promises import PROMISES
from tests.contract.promises.promise import Promise

_BOUND = [
    pytest.param(backdrop, each, id=f"{backdrop.name}-{each.name}")
    for backdrop in backdrops()
    for each in PROMISES
    if each.binds(backdrop.capabilities)
]


@pytest.mark.parametrize(("backdrop", "promise"), _BOUND)
async def test_is_kept(backdrop: Backdrop, promise: Promise) -> None:
    async with backdrop.open(small_world()) as harness:
        await promise.keep(harness)


@pytest.mark.parametrize("backdrop", backdrops(), ids=lambda backdrop: backdrop.name)
async def test_what_a_provider_claims_is_what_its_promises_were_chosen_by(backdrop: Backdrop) -> None:
    async with backdrop.open(small_world()) as harness:
        assert backdrop.capabilities == harness.provider.capabilities


def test_no_promise_has_the_name_of_another() -> None:
    assert len(PROMISES) == len({each.name for each in PROMISES})


@pytest.mark.parametrize("operation", Operation)
def test_every_operation_has_a_promise_that_only_its_claim_brings(operation: Operation) -> None:
    assert any(each.operations[:1] == (operation,) and not each.batch for each in PROMISES)


@pytest.mark.parametrize("backdrop", backdrops(), ids=lambda backdrop: backdrop.name)
def test_every_claim_of_a_batch_brings_a_promise(backdrop: Backdrop) -> None:
    for operation in backdrop.capabilities.batches:
        assert any(each.batch and each.operations[:1] == (operation,) for each in PROMISES)


@pytest.mark.parametrize("operation", Operation)
def test_every_operation_is_claimed_by_somebody(operation: Operation) -> None:
    """Else its promises never run."""
    assert any(backdrop.capabilities.supports(operation) for backdrop in backdrops())


@pytest.mark.parametrize("kind", IdentifierKind)
def test_every_kind_of_identifier_is_claimed_by_somebody(kind: IdentifierKind) -> None:
    assert any(kind in backdrop.capabilities.identifiers for backdrop in backdrops())


def test_every_method_of_the_port_is_asked() -> None:
    methods = {name for name, _ in inspect.getmembers(Provider, inspect.iscoroutinefunction)}

    assert methods - {"close"} == {ask.method for ask in ASKS}
