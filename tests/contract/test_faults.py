"""A failing vendor is one error of the right class, with the provider's key, whatever was asked."""

import asyncio

import pytest

from tests.contract.asks import Subjects, claimed
from tests.contract.dialects import Backdrop, backdrops
from tests.contract.faults import BROKEN, Broken, fails_as_it_should
from tests.contract.harness import small_world, wire_of
from tests.virtual_time import virtual_time

_OVER_HTTP = [backdrop for backdrop in backdrops() if backdrop.has_wire]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
@pytest.mark.parametrize("backdrop", _OVER_HTTP, ids=lambda backdrop: backdrop.name)
@virtual_time
async def test_a_fault_is_one_error_of_its_class_within_the_deadline(backdrop: Backdrop, broken: Broken) -> None:
    async with backdrop.open(small_world()) as harness:
        await fails_as_it_should(harness, broken)


@pytest.mark.parametrize("backdrop", _OVER_HTTP, ids=lambda backdrop: backdrop.name)
@virtual_time
async def test_a_provider_that_has_recovered_answers_again(backdrop: Backdrop) -> None:
    async with backdrop.open(small_world()) as harness:
        subjects, wire = Subjects.of(harness.truth), wire_of(harness)
        for broken in BROKEN:
            wire.fault = broken.fault
            await asyncio.gather(*(ask.error(harness.provider, subjects) for ask in claimed(harness.provider)))
        wire.fault = None
        for ask in claimed(harness.provider):
            assert await ask.error(harness.provider, subjects) is None
