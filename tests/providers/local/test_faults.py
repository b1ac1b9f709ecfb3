"""A store that is busy is the local provider's own failure, whatever was asked."""

import pytest

from audience_gateway.config import LOCAL_KEY
from audience_gateway.domain.errors import GatewayError, InternalError, StoreBusy
from tests.contract.asks import Subjects, claimed
from tests.contract.harness import small_world
from tests.providers.local.harness import BACKDROPS, CountingStore


@pytest.mark.parametrize("kind", [StoreBusy, InternalError])
async def test_every_operation_raises_the_stores_error_under_the_providers_key(kind: type[GatewayError]) -> None:
    async with BACKDROPS["sqlite"](small_world()) as harness:
        assert isinstance(harness.outside, CountingStore)
        for ask in claimed(harness.provider):
            harness.outside.fault = kind("The store is busy.")
            error = await ask.error(harness.provider, Subjects.of(harness.truth))

            assert kind is type(error), ask.method
            assert error is not None
            assert error.provider_key == LOCAL_KEY
