"""The way to a vendor in this process: the real transport on an application instead of a socket, and breakable."""

import random
from collections.abc import Awaitable, Callable
from typing import cast

import httpx
from starlette.types import ASGIApp

from audience_gateway.config import Secret
from audience_gateway.ports import Clock, ProviderResources, Store
from audience_gateway.upstream.httpx_transport import HttpxTransport

Forward = Callable[[httpx.Request], Awaitable[httpx.Response]]
Fault = Callable[[httpx.Request, Forward], Awaitable[httpx.Response]]
"""What happens to a request on its way, given how to let it through."""


class Wire(httpx.AsyncBaseTransport):
    """Leads every request to ``app``, or through ``fault`` while there is one; ``calls`` counts them all."""

    def __init__(self, app: ASGIApp) -> None:
        self._inner = httpx.ASGITransport(app=app)
        self.calls = 0
        self.fault: Fault | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer ``request``."""
        self.calls += 1
        if self.fault is None:
            return await self._inner.handle_async_request(request)
        return await self.fault(request, self._inner.handle_async_request)


def resources_over(wire: Wire, *, key: str, path: str, api_key: str, clock: Clock) -> ProviderResources:
    """What a provider is built from whose vendor answers below ``path`` at the other end of ``wire``."""
    return ProviderResources(
        key=key,
        settings={"base_url": f"http://127.0.0.1{path}", "api_key": Secret("env:KEY", lambda: api_key)},
        transport=HttpxTransport(wire),
        store=cast("Store", None),  # remote providers have no use for it
        clock=clock,
        randomness=random.Random(4),
    )
