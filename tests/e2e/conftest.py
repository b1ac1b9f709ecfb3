"""One gateway over everything for all tests that only read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.gateways import Gateway, whole_gateway


@pytest.fixture(scope="session")
def shared_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Started once in each test process; nobody may change what lies behind it."""
    folder: Path = tmp_path_factory.mktemp("gateway")
    with whole_gateway(folder) as gateway:
        yield gateway


@pytest.fixture
def cold_gateway(tmp_path: Path) -> Iterator[Gateway]:
    """One that has not heard of any provider yet."""
    with whole_gateway(tmp_path) as gateway:
        yield gateway


@pytest.fixture
def gateway(shared_gateway: Gateway) -> Gateway:
    """The shared gateway with its counters at zero."""
    shared_gateway.transport.requests.clear()
    return shared_gateway
