"""What comes over the wire, however bad, ends in time, in bounds, and as a whole reply or a TransportError."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from audience_gateway.ports import HttpReply, HttpRequest
from audience_gateway.upstream.transport import (
    ConnectionFailed,
    DeadlinePassed,
    HttpxTransport,
)
from tests.raw_server import Connection, Script, answering, http, raw_server


@pytest.fixture
async def transport() -> AsyncIterator[HttpxTransport]:
    transport = HttpxTransport()
    yield transport
    await transport.close()


def request(url: str, *, seconds: float = 5.0) -> HttpRequest:
    return HttpRequest(method="GET", url=url, headers={}, deadline_seconds=seconds)


async def ask(transport: HttpxTransport, script: Script, *, seconds: float = 5.0) -> HttpReply:
    async with raw_server(script) as server:
        return await transport.send(request(server.address, seconds=seconds))


def head(*headers: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *headers]).encode("latin-1") + b"\r\n\r\n"


async def test_a_reply_comes_back_whole_with_lower_case_headers(transport: HttpxTransport) -> None:
    reply = await ask(transport, answering(http(b'{"a":1}', "X-Thing: One", status="201 Created")))

    assert (reply.status, reply.body, reply.headers["x-thing"]) == (201, b'{"a":1}', "One")


async def test_the_last_of_several_headers_of_one_name_wins(transport: HttpxTransport) -> None:
    reply = await ask(transport, answering(http(b"{}", "Retry-After: 1", "retry-after: 2")))

    assert reply.headers["retry-after"] == "2"


async def test_a_body_goes_out_as_it_is(transport: HttpxTransport) -> None:
    async def script(connection: Connection) -> None:
        await connection.request()
        await connection.send(http(await connection.reader.readexactly(5)))

    async with raw_server(script) as server:
        reply = await transport.send(HttpRequest(method="POST", url=server.address, headers={}, body=b"a\r\n\0b"))

    assert reply.body == b"a\r\n\0b"


async def silent(connection: Connection) -> None:
    await connection.stall()


async def silent_after_the_request(connection: Connection) -> None:
    await connection.request()
    await connection.stall()


async def silent_after_the_head(connection: Connection) -> None:
    await connection.request()
    await connection.send(head("Content-Length: 10"))
    await connection.stall()


async def silent_after_half_the_body(connection: Connection) -> None:
    await connection.request()
    await connection.send(head("Content-Length: 10") + b"[1,2,")
    await connection.stall()


async def dripping_the_head(connection: Connection) -> None:
    await connection.request()
    await connection.drip(head("X-Long: " + "x" * 1_000), every_seconds=0.05)


async def dripping_the_body(connection: Connection) -> None:
    await connection.request()
    await connection.send(head("Content-Length: 1000"))
    await connection.drip(b"1" * 1_000, every_seconds=0.05)


@pytest.mark.parametrize(
    "script",
    [
        silent,
        silent_after_the_request,
        silent_after_the_head,
        silent_after_half_the_body,
        dripping_the_head,
        dripping_the_body,
    ],
)
async def test_the_deadline_is_for_everything(transport: HttpxTransport, script: Script) -> None:
    before = time.monotonic()

    with pytest.raises(DeadlinePassed):
        await ask(transport, script, seconds=0.3)

    assert 0.25 < time.monotonic() - before < 1.3


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


async def test_storms_of_abandoned_calls_leave_room_for_the_next(transport: HttpxTransport) -> None:
    """More calls at once than there may be connections, with deadlines all over the place."""
    silence = Silence()
    async with raw_server(silence) as server:
        for _ in range(5):
            calls = [request(f"{server.address}/silent", seconds=0.1 + number % 7 / 100) for number in range(150)]
            outcomes = await asyncio.gather(*map(transport.send, calls), return_exceptions=True)
            assert {type(outcome) for outcome in outcomes} == {DeadlinePassed}
        async with asyncio.timeout(5):
            await silence.nobody_left.wait()
        replies = await asyncio.gather(*(transport.send(request(server.address)) for _ in range(120)))

    assert {reply.body for reply in replies} == {b"[]"}


async def test_a_call_cancelled_at_any_moment_leaves_no_connection(transport: HttpxTransport) -> None:
    silence = Silence()
    async with raw_server(silence) as server:
        for ticks in range(40):
            silence.nobody_left.clear()
            call = asyncio.create_task(transport.send(request(f"{server.address}/silent")))
            for _ in range(ticks):
                await asyncio.sleep(0)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
        async with asyncio.timeout(5):
            await silence.nobody_left.wait()
        reply = await transport.send(request(server.address))

    assert reply.body == b"[]"


async def test_no_more_connections_than_a_hundred_at_once(transport: HttpxTransport) -> None:
    async with raw_server(silent_after_the_request) as server:
        calls = (transport.send(request(server.address, seconds=0.5)) for _ in range(130))
        await asyncio.gather(*calls, return_exceptions=True)

        assert server.most_at_once <= 100


async def reset_at_once(connection: Connection) -> None:
    connection.reset()


async def reset_after_the_request(connection: Connection) -> None:
    await connection.request()
    connection.reset()


async def reset_within_the_head(connection: Connection) -> None:
    await connection.request()
    await connection.send(b"HTTP/1.1 200 OK\r\nContent-")
    connection.reset()


async def reset_within_the_body(connection: Connection) -> None:
    await connection.request()
    await connection.send(head("Content-Length: 10") + b"[1,2")
    connection.reset()


async def closed_without_a_word(connection: Connection) -> None:
    await connection.request()


@pytest.mark.parametrize(
    "script",
    [
        reset_at_once,
        reset_after_the_request,
        reset_within_the_head,
        reset_within_the_body,
        closed_without_a_word,
        answering(b"SSH-2.0-OpenSSH_9.0\r\n"),
        answering(b"\0" * 200),
        answering(b"HTTP/1.1 abc\r\n\r\n"),
        answering(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
        answering(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12"),
        answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
        answering(b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n"),
        answering(head(*(f"X-{number}: 0123456789" for number in range(10_000)))),
        answering(head("X-Long: " + "x" * 1_000_000)),
    ],
)
async def test_what_is_not_a_whole_http_reply_is_a_failed_connection(transport: HttpxTransport, script: Script) -> None:
    with pytest.raises(ConnectionFailed):
        await ask(transport, script)


async def test_a_refused_connection_was_never_sent(transport: HttpxTransport) -> None:
    async with raw_server(silent) as server:
        pass

    before = time.monotonic()
    with pytest.raises(ConnectionFailed) as failure:
        await transport.send(request(server.address))

    assert not failure.value.sent
    assert time.monotonic() - before < 1


async def test_a_connection_that_went_stale_in_the_pool_is_an_error_and_then_forgotten(
    transport: HttpxTransport,
) -> None:
    async def script(connection: Connection) -> None:
        await connection.request()
        await connection.send(http(b"[1]"))
        connection.reset()

    async with raw_server(script) as server:
        for _ in range(5):
            with suppress(ConnectionFailed):
                await transport.send(request(server.address))
        outcomes = [await transport.send(request(server.address))]

    assert outcomes[0].body == b"[1]"
