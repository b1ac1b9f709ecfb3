"""What comes over the wire, however bad, ends in time, in bounds, and as a whole reply or a TransportError."""

import time
from contextlib import suppress

import pytest

from audience_gateway.ports import HttpReply, HttpRequest, HttpTransport
from audience_gateway.upstream.transport import (
    ConnectionFailed,
    DeadlinePassed,
)
from tests.raw_server import Connection, Script, answering, http, raw_server


def request(url: str, *, seconds: float = 5.0) -> HttpRequest:
    return HttpRequest(method="GET", url=url, headers={}, deadline_seconds=seconds)


async def ask(transport: HttpTransport, script: Script, *, seconds: float = 5.0) -> HttpReply:
    async with raw_server(script) as server:
        return await transport.send(request(server.address, seconds=seconds))


def head(*headers: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *headers]).encode("latin-1") + b"\r\n\r\n"


async def test_a_reply_comes_back_whole_with_lower_case_headers(transport: HttpTransport) -> None:
    reply = await ask(transport, answering(http(b'{"a":1}', "X-Thing: One", status="201 Created")))

    assert (reply.status, reply.body, reply.headers["x-thing"]) == (201, b'{"a":1}', "One")


async def test_the_last_of_several_headers_of_one_name_wins(transport: HttpTransport) -> None:
    reply = await ask(transport, answering(http(b"{}", "Retry-After: 1", "retry-after: 2")))

    assert reply.headers["retry-after"] == "2"


async def test_a_body_goes_out_as_it_is(transport: HttpTransport) -> None:
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
async def test_the_deadline_is_for_everything(transport: HttpTransport, script: Script) -> None:
    before = time.monotonic()

    with pytest.raises(DeadlinePassed):
        await ask(transport, script, seconds=0.3)

    assert 0.25 < time.monotonic() - before < 1.3


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
async def test_what_is_not_a_whole_http_reply_is_a_failed_connection(transport: HttpTransport, script: Script) -> None:
    with pytest.raises(ConnectionFailed):
        await ask(transport, script)


async def test_a_refused_connection_was_never_sent(transport: HttpTransport) -> None:
    async with raw_server(silent) as server:
        pass

    before = time.monotonic()
    with pytest.raises(ConnectionFailed) as failure:
        await transport.send(request(server.address))

    assert not failure.value.sent
    assert time.monotonic() - before < 1


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\n\r\n" + http(b""),
    ],
)
async def test_a_reply_without_a_body_is_whole(transport: HttpTransport, reply: bytes) -> None:
    assert (await ask(transport, answering(reply))).body == b""


async def test_a_change_of_protocol_that_nobody_asked_for_ends_in_time(transport: HttpTransport) -> None:
    async def script(connection: Connection) -> None:
        await connection.request()
        await connection.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nx")
        await connection.stall()

    with suppress(DeadlinePassed, ConnectionFailed):
        assert (await ask(transport, script, seconds=0.5)).status == 101


async def test_long_header_lines_are_read(transport: HttpTransport) -> None:
    reply = await ask(transport, answering(http(b"[]", "X-Long: " + "x" * 30_000)))

    assert len(reply.headers["x-long"]) == 30_000


async def test_header_values_that_are_not_ascii_are_read(transport: HttpTransport) -> None:
    reply = await ask(transport, answering(http(b"[]", "X-Name: Müller")))

    assert reply.headers["x-name"] == "Müller"


async def test_the_address_goes_out_exactly_as_it_is(transport: HttpTransport) -> None:
    target = "/a%2Fb/%41/%C3%BC/x;y?q=%20+&e=%2B&x=&y=a/b?c"

    async with raw_server(answering(http(b"[]"))) as server:
        await transport.send(request(server.address + target))

    assert server.heads[0].startswith(f"GET {target} HTTP/1.1\r\n".encode())
