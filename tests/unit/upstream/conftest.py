"""The transports under test: every implementation, on every event loop that the gateway runs on."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from importlib.util import find_spec

import pytest

from audience_gateway.config import HttpLibrary
from audience_gateway.ports import HttpTransport
from audience_gateway.upstream.choice import open_transport

LoopFactory = Callable[[], asyncio.AbstractEventLoop]


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, LoopFactory] | None:
    """Uvloop too, where uvicorn would take it, for what runs on sockets."""
    if not item.path.name.startswith("test_transport") or find_spec("uvloop") is None:
        return {"asyncio": asyncio.new_event_loop}
    import uvloop  # noqa: PLC0415 (it may not be there)

    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


@pytest.fixture(params=["httpx", "aiohttp"])
def library(request: pytest.FixtureRequest) -> HttpLibrary:
    """The name of each HTTP library in turn."""
    name: HttpLibrary = request.param
    if find_spec(name) is None:
        reason = f"{name} is not installed: the extra `fast` brings it"
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return name


@pytest.fixture
async def transport(library: HttpLibrary) -> AsyncIterator[HttpTransport]:
    """A transport on each library in turn."""
    transport = open_transport(library)
    yield transport
    await transport.close()
