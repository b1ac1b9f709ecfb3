"""Only requests that name us as their host, from pages that are ours, get in."""

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Scope

from audience_gateway.web.hosts import HostGuard
from tests.unit.web.asgi import call

GUARD = HostGuard(PlainTextResponse("in"), allowed=["Gateway.Example", "10.0.0.7"])


async def status(*headers: tuple[str, str]) -> int:
    return (await call(GUARD, headers=headers)).status


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "localhost:8000", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:65535", "[::1]", "[::1]:8000",
        "gateway.example", "GATEWAY.example:443", "10.0.0.7", "127.0.0.2:80",
    ],
)  # fmt: skip
async def test_our_own_names_get_in_with_any_port(host: str) -> None:
    assert await status(("host", host)) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example:8000", "notlocalhost",
        "gateway.example.evil.example", "sub.gateway.example", "gateway.example.", "localhost.", "0.0.0", "[::]",
        "10.0.0.2", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]", "[::1%25lo]", "::1", "[::1", "::1]", "[::1]x",
        "localhost@evil.example", "evil.example@localhost", "user:pass@localhost", "localhost:80@evil.example",
        "localhost/evil.example", "localhost?", "localhost#", "localhost/", "localhost\\", "localhost, evil.example",
        "localhost evil.example", "local\thost", " localhost", "localhost:", "localhost:x", "localhost:-1",
        "localhost:123456", "http://localhost", "//localhost", "", ":8000", "locälhost", "localhost\0",
    ],
)  # fmt: skip
async def test_every_other_host_is_misdirected(host: str) -> None:
    """A page whose name was rebound to loopback arrives under its own name."""
    assert await status(("host", host)) == 421


async def test_a_request_without_a_host_or_with_two_is_misdirected() -> None:
    assert await status() == 421
    assert await status(("host", "localhost"), ("host", "evil.example")) == 421
    assert await status(("host", "localhost"), ("host", "localhost")) == 421


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:8000", "http://127.0.0.1:3000", "https://gateway.example", "http://[::1]:8000",
        "https://GATEWAY.EXAMPLE:8443",
    ],
)  # fmt: skip
async def test_our_own_pages_get_in(origin: str) -> None:
    assert await status(("host", "localhost:8000"), ("origin", origin)) == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example", "http://localhost.evil.example", "null", "", "file://", "data:", "localhost",
        "http://evil.example@localhost", "http://localhost@evil.example", "http://localhost/", "http://localhost/x",
        "http://localhost http://evil.example", "http://", "http://[::1",
    ],
)  # fmt: skip
async def test_other_pages_are_refused(origin: str) -> None:
    assert await status(("host", "localhost:8000"), ("origin", origin)) == 403


async def test_one_foreign_origin_among_two_is_refused() -> None:
    headers = [("host", "localhost"), ("origin", "http://localhost"), ("origin", "http://evil.example")]

    assert await status(*headers) == 403


async def test_a_websocket_is_guarded_alike() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    scope: Scope = {"type": "websocket", "path": "/graphql", "headers": [(b"host", b"evil.example")]}
    await GUARD(scope, receive, send)

    assert [message["type"] for message in sent] == ["websocket.close"]


async def test_starting_and_stopping_pass() -> None:
    passed: list[str] = []

    async def app(scope: Scope, _receive: object, _send: object) -> None:
        passed.append(scope["type"])

    async def receive() -> Message:
        return {}

    async def send(_: Message) -> None:
        pass

    await HostGuard(app, allowed=[])({"type": "lifespan"}, receive, send)

    assert passed == ["lifespan"]
