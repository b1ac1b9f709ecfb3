"""The key goes to the configured address and nowhere else, and nothing that comes back changes what is sent next."""

import asyncio
import traceback
from collections.abc import AsyncIterator

import pytest

from audience_gateway.config import HttpLibrary
from audience_gateway.ports import HttpRequest, HttpTransport
from audience_gateway.upstream.choice import open_transport
from audience_gateway.upstream.transport import ReplyUnreadable, TransportError
from tests.raw_server import Connection, RawServer, answering, http, raw_server

KEY = "canary-key-4711"


@pytest.fixture
async def canary() -> AsyncIterator[RawServer]:
    """A server that nobody should ever reach."""
    async with raw_server(answering(http(b"[]"))) as server:
        yield server


def request(url: str, **headers: str) -> HttpRequest:
    return HttpRequest(method="GET", url=url, headers={"x-api-key": KEY, **headers}, deadline_seconds=5)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_a_redirect_is_handed_back_and_not_followed(
    transport: HttpTransport, canary: RawServer, status: str
) -> None:
    reply = http(b"{}", f"Location: {canary.address}/elsewhere", status=status)

    async with raw_server(answering(reply)) as server:
        answer = await transport.send(request(server.address))

    assert answer.status == int(status[:3])
    assert len(server.heads) == 1
    assert canary.connections == 0


async def test_cookies_are_not_kept(transport: HttpTransport) -> None:
    cookie = http(b"{}", "Set-Cookie: session=abc; Path=/", "Set-Cookie: other=def")

    async with raw_server(answering(cookie)) as server:
        await asyncio.gather(*(transport.send(request(server.address)) for _ in range(8)))
        await transport.send(request(server.address))

    assert len(server.heads) == 9
    assert not any(b"cookie" in head.lower() for head in server.heads)


async def test_proxies_of_the_environment_are_ignored(
    library: HttpLibrary, canary: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, canary.address)
    transport = open_transport(library)

    async with raw_server(answering(http(b"[]"))) as server:
        await transport.send(request(server.address))
    await transport.close()

    assert (server.connections, canary.connections) == (1, 0)


async def test_a_netrc_file_gives_no_credentials(
    transport: HttpTransport, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path_factory.mktemp("home") / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))

    async with raw_server(answering(http(b"[]"))) as server:
        await transport.send(request(server.address))

    assert b"authorization" not in server.heads[0].lower()


@pytest.mark.parametrize(
    "value",
    [f"{KEY}\r\nX-Injected: 1", f"{KEY}\nX-Injected: 1", f"{KEY}\0", f"{KEY}\r", "schlüssel", f" {KEY}", f"{KEY}\t"],
)
async def test_a_header_value_that_is_not_one_line_of_ascii_is_never_sent(transport: HttpTransport, value: str) -> None:
    async with raw_server(answering(http(b"[]"))) as server:
        with pytest.raises(ReplyUnreadable):
            await transport.send(request(server.address, **{"x-api-key": value}))

    assert server.heads == []


async def test_providers_do_not_learn_which_library_asks(transport: HttpTransport) -> None:
    async with raw_server(answering(http(b"[]"))) as server:
        await transport.send(HttpRequest(method="POST", url=server.address, headers={"X-API-Key": KEY}, body=b"{}"))

    lines = server.heads[0].lower().split(b"\r\n")[1:-2]
    headers = {line.partition(b":")[0]: line.partition(b": ")[2] for line in lines}
    assert headers.pop(b"connection", b"keep-alive") == b"keep-alive"
    assert headers == {
        b"host": server.address.removeprefix("http://").encode(),
        b"accept": b"application/json",
        b"accept-encoding": b"gzip",
        b"content-length": b"2",
        b"user-agent": b"audience-gateway",
        b"x-api-key": KEY.encode(),
    }


@pytest.mark.parametrize("path", ["/a b", "/a\r\nX-Injected:1", "/a\n", "/ü", "/a?q=\0"])
async def test_an_address_that_is_not_encoded_is_never_sent(transport: HttpTransport, path: str) -> None:
    async with raw_server(answering(http(b"[]"))) as server:
        with pytest.raises(ReplyUnreadable) as refused:
            await transport.send(request(server.address + path))

    assert (refused.value.sent, server.connections) == (False, 0)


@pytest.mark.parametrize("url", ["http://[::1", "http://127.0.0.1:99999/", "gopher://127.0.0.1/", "not an address", ""])
async def test_an_impossible_address_is_a_transport_error(transport: HttpTransport, url: str) -> None:
    with pytest.raises(TransportError):
        await transport.send(request(url))


async def test_no_failure_shows_the_address_or_the_key(transport: HttpTransport) -> None:
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


async def failure(transport: HttpTransport, bad: HttpRequest) -> str:
    with pytest.raises(TransportError) as raised:
        await transport.send(bad)
    error: BaseException | None = raised.value
    told = []
    while error is not None:
        told.extend(traceback.format_exception_only(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "".join(told)
