"""The key goes to the configured address and nowhere else, and nothing that comes back changes what is sent next."""

import asyncio
import traceback
from collections.abc import AsyncIterator

import pytest

from audience_gateway.ports import HttpRequest
from audience_gateway.upstream.transport import HttpxTransport, ReplyUnreadable, TransportError
from tests.raw_server import Connection, RawServer, answering, http, raw_server

KEY = "canary-key-4711"


@pytest.fixture
async def transport() -> AsyncIterator[HttpxTransport]:
    transport = HttpxTransport()
    yield transport
    await transport.close()


@pytest.fixture
async def canary() -> AsyncIterator[RawServer]:
    """A server that nobody should ever reach."""
    async with raw_server(answering(http(b"[]"))) as server:
        yield server


def request(url: str, **headers: str) -> HttpRequest:
    return HttpRequest(method="GET", url=url, headers={"x-api-key": KEY, **headers}, deadline_seconds=5)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_a_redirect_is_handed_back_and_not_followed(
    transport: HttpxTransport, canary: RawServer, status: str
) -> None:
    reply = http(b"{}", f"Location: {canary.address}/elsewhere", status=status)

    async with raw_server(answering(reply)) as server:
        answer = await transport.send(request(server.address))

    assert answer.status == int(status[:3])
    assert len(server.heads) == 1
    assert canary.connections == 0


async def test_cookies_are_not_kept(transport: HttpxTransport) -> None:
    cookie = http(b"{}", "Set-Cookie: session=abc; Path=/", "Set-Cookie: other=def")

    async with raw_server(answering(cookie)) as server:
        await asyncio.gather(*(transport.send(request(server.address)) for _ in range(8)))
        await transport.send(request(server.address))

    assert len(server.heads) == 9
    assert not any(b"cookie" in head.lower() for head in server.heads)


async def test_proxies_of_the_environment_are_ignored(canary: RawServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, canary.address)
    transport = HttpxTransport()

    async with raw_server(answering(http(b"[]"))) as server:
        await transport.send(request(server.address))
    await transport.close()

    assert (server.connections, canary.connections) == (1, 0)


async def test_a_netrc_file_gives_no_credentials(
    transport: HttpxTransport, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path_factory.mktemp("home") / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))

    async with raw_server(answering(http(b"[]"))) as server:
        await transport.send(request(server.address))

    assert b"authorization" not in server.heads[0].lower()


@pytest.mark.parametrize(
    "value", [f"{KEY}\r\nX-Injected: 1", f"{KEY}\nX-Injected: 1", f"{KEY}\0", f"{KEY}\r", "schlüssel"]
)
async def test_a_header_value_that_is_not_one_line_of_ascii_is_never_sent(
    transport: HttpxTransport, value: str
) -> None:
    async with raw_server(answering(http(b"[]"))) as server:
        with pytest.raises(ReplyUnreadable):
            await transport.send(request(server.address, **{"x-api-key": value}))

    assert server.heads == []


@pytest.mark.parametrize("url", ["http://[::1", "http://127.0.0.1:99999/", "gopher://127.0.0.1/", "not an address", ""])
async def test_an_impossible_address_is_a_transport_error(transport: HttpxTransport, url: str) -> None:
    with pytest.raises(TransportError):
        await transport.send(request(url))


async def test_no_failure_shows_the_address_or_the_key(transport: HttpxTransport) -> None:
    """Not even in the traceback of everything that led to it."""

    async def reset(connection: Connection) -> None:
        await connection.request()
        connection.reset()

    async with raw_server(reset) as server:
        failures = [
            await failure(transport, request(f"{server.address}/canary-path?q=canary-query")),
            await failure(transport, request(server.address, **{"x-api-key": f"{KEY}\nbroken"})),
            await failure(transport, request(f"{server.address}:0/canary-path")),
        ]

    for text in failures:
        assert "canary" not in text


async def failure(transport: HttpxTransport, bad: HttpRequest) -> str:
    with pytest.raises(TransportError) as raised:
        await transport.send(bad)
    error: BaseException | None = raised.value
    told = []
    while error is not None:
        told.extend(traceback.format_exception_only(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "".join(told)
