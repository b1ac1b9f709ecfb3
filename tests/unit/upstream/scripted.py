"""A transport that does what a test says, and an account over it."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import cast

from audience_gateway.config import Secret
from audience_gateway.ports import HttpReply, HttpRequest, HttpTransport, ProviderResources, Store
from audience_gateway.upstream.client import UpstreamClient
from audience_gateway.upstream.settings import UpstreamSettings
from audience_gateway.upstream.statuses import Explanation
from audience_gateway.upstream.transport import DeadlinePassed

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
BASE = "https://vendor.test/canary-base"
KEY = "canary-key-4711"

Act = Callable[[HttpRequest], Awaitable[HttpReply]]


class LoopClock:
    """Wall time that runs with the event loop's own."""

    def __init__(self) -> None:
        self._began: float | None = None

    def now(self) -> datetime:
        loop_time = asyncio.get_running_loop().time()
        self._began = loop_time if self._began is None else self._began
        return START + timedelta(seconds=loop_time - self._began)


class Transport:
    """Answers the n-th request with the n-th act, and all later ones with the last."""

    def __init__(self, *acts: Act) -> None:
        self._acts = acts
        self.requests: list[HttpRequest] = []
        self.times: list[float] = []

    async def send(self, request: HttpRequest) -> HttpReply:
        self.requests.append(request)
        self.times.append(asyncio.get_running_loop().time())
        return await self._acts[min(len(self.requests), len(self._acts)) - 1](request)

    async def close(self) -> None:
        """Nothing to close."""

    @property
    def keys(self) -> list[str]:
        """The keys that were sent, in order."""
        return [request.headers["x-api-key"] for request in self.requests]


def replies(status: int, body: bytes = b"{}", **headers: str) -> Act:
    """An act that replies; an underscore in a header's name stands for a hyphen."""

    async def act(_: HttpRequest) -> HttpReply:
        return HttpReply(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)

    return act


def fails(error: Exception) -> Act:
    async def act(_: HttpRequest) -> HttpReply:
        raise error

    return act


async def silent(request: HttpRequest) -> HttpReply:
    """Keep silent until the request's own deadline."""
    await asyncio.sleep(request.deadline_seconds)
    raise DeadlinePassed("no whole answer in time", sent=True)


def account(
    transport: HttpTransport,
    *,
    secret: Secret | None = None,
    settings: Mapping[str, object] | None = None,
    explain: Callable[[int, object], Explanation] = lambda _status, _document: Explanation(),
) -> UpstreamClient:
    """A client of the account ``vendor-1``."""
    table = {"base_url": BASE, "api_key": secret or Secret("env:VENDOR_KEY", lambda: KEY), **(settings or {})}
    resources = ProviderResources(
        key="vendor-1",
        settings=table,
        transport=transport,
        store=cast("Store", None),  # a client has no use for it
        clock=LoopClock(),
        randomness=random.Random(1),
    )
    return UpstreamClient(
        resources,
        UpstreamSettings.model_validate(table),
        authorization=lambda key: {"x-api-key": key},
        explain=explain,
    )
