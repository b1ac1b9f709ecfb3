"""Whole gateways over whole sandboxes, on real sockets, with every upstream call counted."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from audience_gateway.bootstrap import application, assemble
from audience_gateway.cli.demo import fill
from audience_gateway.cli.sandbox import KEYS, key_variable, sandbox_settings
from audience_gateway.cli.servers import running
from audience_gateway.config import parse
from audience_gateway.ports import Clock, HttpReply, HttpRequest
from audience_gateway.sandbox.app import Sandbox, create_sandbox
from audience_gateway.upstream.choice import open_transport

VENDORS = ("trackly", "commbox", "oliai", "fanfare")
Tables = dict[str, dict[str, object]]


class CountingTransport:
    """The transport that is chosen by itself, remembering each request as ``METHOD path?query`` below the mount."""

    def __init__(self) -> None:
        self._inner = open_transport()
        self.requests: list[str] = []

    async def send(self, request: HttpRequest) -> HttpReply:
        """Count and send."""
        parts = urlsplit(request.url)
        self.requests.append(
            f"{request.method} {parts.path}?{parts.query}" if parts.query else f"{request.method} {parts.path}"
        )
        return await self._inner.send(request)

    async def close(self) -> None:
        """Close all connections."""
        await self._inner.close()

    def counts(self) -> Counter[str]:
        """How often each request was made."""
        return Counter(self.requests)


@dataclass
class Gateway:
    """A running gateway and what lies behind it."""

    address: str
    sandbox: Sandbox
    transport: CountingTransport
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=30))

    def post(self, query: str, variables: Mapping[str, object] | None = None) -> httpx2.Response:
        """The raw HTTP response to an operation."""
        body = {"query": query, "variables": dict(variables or {})}
        return self.client.post(f"{self.address}/graphql", json=body)

    def ask(self, query: str, variables: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The whole answer to an operation: ``data`` and perhaps ``errors``."""
        response = self.post(query, variables)

        assert response.status_code == 200, response.text
        answer = response.json()
        assert isinstance(answer, dict)
        return answer

    def data(self, query: str, variables: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The data of an operation that must not fail anywhere."""
        answer = self.ask(query, variables)

        assert "errors" not in answer, answer["errors"]
        data = answer["data"]
        assert isinstance(data, dict)
        return data


@contextmanager
def gateway_over(
    sandbox: Sandbox, tables: Tables, database_url: str, clock: Clock | None = None, /, **settings: object
) -> Iterator[Gateway]:
    """A gateway with the sample store over the providers of ``tables``; ``settings`` go into ``[gateway]``.

    Unless they say otherwise, lists stay fresh for an hour and nothing is asked that nobody waits for. The time of day
    is the machine's when there is no ``clock``.
    """
    asyncio.run(fill(database_url))
    quiet: dict[str, object] = {"freshness_seconds": 3_600, "sizes_ahead": False}
    document = {"gateway": {"database_url": database_url, **quiet, **settings}, "providers": tables}
    parsed = parse(document, {key_variable(vendor): key for vendor, key in KEYS.items()})
    transport = CountingTransport()
    with running(application(assemble(parsed, transport=transport, clock=clock))) as address:
        gateway = Gateway(address, sandbox, transport)
        try:
            yield gateway
        finally:
            gateway.client.close()


@contextmanager
def whole_gateway(folder: Path, *, limits: bool = False, **settings: object) -> Iterator[Gateway]:
    """A gateway over a fresh sandbox and a fresh SQLite store in ``folder``."""
    sandbox = create_sandbox(limits=limits)
    with (
        running(sandbox.app) as vendors,
        gateway_over(sandbox, tables_for(vendors), f"sqlite:///{folder / 'store.db'}", **settings) as gateway,
    ):
        yield gateway


def tables_for(vendors: str) -> Tables:
    """The ``[providers.*]`` tables for a sandbox at address ``vendors``."""
    return {vendor: dict(table) for vendor, table in sandbox_settings(vendors).items()}


def query_of(request: str) -> dict[str, list[str]]:
    """The query parameters of a remembered request."""
    return parse_qs(urlsplit(request).query)
