"""Connections are few, used again only when all is quiet on them, and let go of whatever happens to a call."""

import asyncio
from pathlib import Path

import pytest

from audience_gateway.config import HttpLibrary
from audience_gateway.ports import HttpRequest, HttpTransport
from audience_gateway.upstream.choice import open_transport
from audience_gateway.upstream.transport import CONNECTIONS, ConnectionFailed, DeadlinePassed, TransportError
from tests.raw_server import Connection, answering, http, raw_server

DESCRIPTORS = Path("/dev/fd")


def asking(url: str, *, seconds: float = 5.0) -> HttpRequest:
    return HttpRequest(method="GET", url=url, headers={}, deadline_seconds=seconds)


class Silence:
    """Answers nothing under ``/silent`` and an empty list elsewhere; knows when nobody is left."""

    def __init__(self) -> None:
        self._open = 0
        self.nobody_left = asyncio.Event()

    async def __call__(self, connection: Connection) -> None:
        self._open += 1
        try:
            if b"GET /silent" in await connection.request():
                await connection.stall()
            else:
                await connection.send(http(b"[]"))
        finally:
            self._open -= 1
            if not self._open:
                self.nobody_left.set()


async def test_storms_of_abandoned_calls_leave_room_for_the_next(transport: HttpTransport) -> None:
    """More calls at once than there may be connections, with deadlines all over the place."""
    silence = Silence()
    async with raw_server(silence) as server:
        for _ in range(5):
            calls = [
                asking(f"{server.address}/silent", seconds=0.1 + number % 7 / 100) for number in range(CONNECTIONS + 50)
            ]
            outcomes = await asyncio.gather(*map(transport.send, calls), return_exceptions=True)
            assert {type(outcome) for outcome in outcomes} == {DeadlinePassed}
        async with asyncio.timeout(5):
            await silence.nobody_left.wait()
        replies = await asyncio.gather(*(transport.send(asking(server.address)) for _ in range(CONNECTIONS + 20)))

    assert {reply.body for reply in replies} == {b"[]"}


async def test_a_call_cancelled_at_any_moment_leaves_no_connection(transport: HttpTransport) -> None:
    silence = Silence()
    async with raw_server(silence) as server:
        for ticks in range(40):
            call = asyncio.create_task(transport.send(asking(f"{server.address}/silent")))
            for _ in range(ticks):
                await asyncio.sleep(0)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
        silence.nobody_left.clear()
        reply = await transport.send(asking(server.address))
        async with asyncio.timeout(5):
            await silence.nobody_left.wait()

    assert reply.body == b"[]"


async def test_no_more_connections_than_allowed_at_once(transport: HttpTransport) -> None:
    full = asyncio.Event()

    async def script(connection: Connection) -> None:
        await connection.request()
        if len(server.heads) == CONNECTIONS:
            full.set()
        await connection.stall()

    async with raw_server(script) as server:
        first = [asyncio.create_task(transport.send(asking(server.address, seconds=50))) for _ in range(CONNECTIONS)]
        await full.wait()
        late = [transport.send(asking(server.address, seconds=0.3)) for _ in range(30)]
        outcomes = await asyncio.gather(*late, return_exceptions=True)
        for call in first:
            call.cancel()
        await asyncio.wait(first)

    assert {type(outcome) for outcome in outcomes} == {DeadlinePassed}
    assert server.connections == CONNECTIONS


async def test_a_connection_that_broke_off_after_its_reply_is_not_used_again(transport: HttpTransport) -> None:
    async def script(connection: Connection) -> None:
        await connection.request()
        await connection.send(http(b"[1]"))
        connection.reset()

    async with raw_server(script) as server:
        for _ in range(6):
            reply = await transport.send(asking(server.address))
            assert reply.body == b"[1]"


@pytest.mark.parametrize(
    "rest", [http(b"[2]"), http(b"[2]")[:20], b"\r\n", b"rubbish"], ids=["reply", "half a reply", "line", "rubbish"]
)
async def test_what_a_provider_says_unasked_is_no_reply_to_the_next_request(
    transport: HttpTransport, rest: bytes
) -> None:
    async def script(connection: Connection) -> None:
        while True:
            await connection.request()
            await connection.send(http(b"[1]"))
            await said.wait()
            await connection.send(rest)
            told.set()

    async with raw_server(script) as server:
        for _ in range(3):
            said, told = asyncio.Event(), asyncio.Event()
            reply = await transport.send(asking(server.address))
            said.set()
            await told.wait()
            assert reply.body == b"[1]"


async def test_only_the_first_of_two_replies_to_one_request_counts(
    transport: HttpTransport, library: HttpLibrary, request: pytest.FixtureRequest
) -> None:
    if library == "httpx":
        request.applymarker(pytest.mark.xfail(reason="httpcore 1.0 keeps what follows a reply for the next"))

    async def script(connection: Connection) -> None:
        while True:
            await connection.request()
            await connection.send(http(b"[1]") + http(b"[2]"))

    async with raw_server(script) as server:
        replies = [await transport.send(asking(server.address)) for _ in range(3)]

    assert {reply.body for reply in replies} == {b"[1]"}


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize("last", ["hang up", "reset"])
async def test_a_request_that_was_not_answered_is_not_sent_again(
    transport: HttpTransport, method: str, last: str
) -> None:
    """Whether it may be is for the client to say, not for the library."""

    async def script(connection: Connection) -> None:
        await connection.request()
        await connection.send(http(b"[]"))
        await connection.request()
        if last == "reset":
            connection.reset()

    async with raw_server(script) as server:
        again = HttpRequest(method=method, url=server.address, headers={})
        await transport.send(again)
        with pytest.raises(ConnectionFailed) as failure:
            await transport.send(again)

    assert failure.value.sent
    assert (len(server.heads), server.connections) == (2, 1)


def open_files() -> int:
    """How many files and sockets this process has open."""
    return len(list(DESCRIPTORS.iterdir()))


@pytest.mark.skipif(not DESCRIPTORS.is_dir(), reason="there is no list of open files to look at")
async def test_a_large_request_that_was_given_up_leaves_no_socket(transport: HttpTransport) -> None:
    """Although what was written of it cannot leave, as nobody reads it."""

    async def script(connection: Connection) -> None:
        await connection.request()
        await asyncio.Event().wait()

    async with raw_server(script) as server:
        before = open_files()
        large = HttpRequest(method="POST", url=server.address, headers={}, body=bytes(2**25), deadline_seconds=0.5)
        with pytest.raises(DeadlinePassed):
            await transport.send(large)
        for _ in range(10):
            await asyncio.sleep(0)
        after = open_files()

    assert server.connections == 1
    assert after == before + 1  # the server's end


async def test_a_transport_that_was_never_used_can_be_closed(library: HttpLibrary) -> None:
    await open_transport(library).close()


async def test_nothing_is_sent_after_the_end(transport: HttpTransport) -> None:
    async with raw_server(answering(http(b"[]"))) as server:
        await transport.send(asking(server.address))
        await transport.close()
        with pytest.raises(TransportError):
            await transport.send(asking(server.address))

    assert server.connections == 1
