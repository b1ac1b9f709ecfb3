"""A body arrives whole and within its caps, or not at all, and never takes more memory than the caps allow."""

import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from audience_gateway.ports import HttpReply, HttpRequest, HttpTransport
from audience_gateway.upstream.transport import (
    ConnectionFailed,
    ReplyTooLarge,
    ReplyUnreadable,
    unpack,
)
from tests.raw_server import Connection, Script, answering, http, raw_server

MIB = 2**20


def request(url: str, *, seconds: float = 5.0) -> HttpRequest:
    return HttpRequest(method="GET", url=url, headers={}, deadline_seconds=seconds)


async def ask(transport: HttpTransport, script: Script, *, seconds: float = 5.0) -> HttpReply:
    async with raw_server(script) as server:
        return await transport.send(request(server.address, seconds=seconds))


def head(*headers: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *headers]).encode("latin-1") + b"\r\n\r\n"


@asynccontextmanager
async def holding_at_most(limit: int) -> AsyncIterator[None]:
    """Assert that Python never holds more than ``limit`` bytes beyond what it held before."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - before <= limit


async def test_a_body_may_be_exactly_as_large_as_the_wire_cap(transport: HttpTransport) -> None:
    body = b"1" * (5 * MIB)

    reply = await ask(transport, answering(http(body)))

    assert len(reply.body) == len(body)


async def huge(connection: Connection) -> None:
    await connection.request()
    await connection.send(head("Content-Length: 200000000"))
    for _ in range(200):
        await connection.send(b"1" * 1_000_000)


async def endless(connection: Connection) -> None:
    await connection.request()
    await connection.send(head("Transfer-Encoding: chunked"))
    chunk = b"10000\r\n" + b"1" * 0x10000 + b"\r\n"
    while True:
        await connection.send(chunk)


async def endless_until_closed(connection: Connection) -> None:
    await connection.request()
    await connection.send(head())
    while True:
        await connection.send(b"1" * 0x10000)


@pytest.mark.parametrize("script", [huge, endless, endless_until_closed])
async def test_reading_stops_at_the_wire_cap(transport: HttpTransport, script: Script) -> None:
    async with holding_at_most(16 * MIB):
        with pytest.raises(ReplyTooLarge):
            await ask(transport, script, seconds=20)


async def test_a_bomb_is_not_unpacked_beyond_the_cap(transport: HttpTransport) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join([*(packer.compress(b"0" * MIB) for _ in range(200)), packer.flush()])

    async with holding_at_most(24 * MIB):
        with pytest.raises(ReplyTooLarge):
            await ask(transport, answering(http(bomb, "Content-Encoding: gzip")), seconds=20)


@pytest.mark.parametrize(("size", "fits"), [(1_000, True), (1_001, False)])
def test_the_cap_of_what_is_unpacked_is_exact(size: int, *, fits: bool) -> None:
    body = b"0" * size

    for encodings, wire in (([], body), (["gzip"], gzip.compress(body))):
        if fits:
            assert unpack(encodings, wire, 1_000) == body
        else:
            with pytest.raises(ReplyTooLarge):
                unpack(encodings, wire, 1_000)


async def test_gzip_is_unpacked(transport: HttpTransport) -> None:
    reply = await ask(transport, answering(http(gzip.compress(b"[1]"), "Content-Encoding: GZip")))

    assert reply.body == b"[1]"


async def short_of_its_length(connection: Connection) -> None:
    await connection.request()
    await connection.send(head("Content-Length: 10") + b"[1,2,")


async def cut_between_chunks(connection: Connection) -> None:
    await connection.request()
    await connection.send(head("Transfer-Encoding: chunked") + b"3\r\n[1]\r\n")


async def cut_within_a_chunk(connection: Connection) -> None:
    await connection.request()
    await connection.send(head("Transfer-Encoding: chunked") + b"10\r\n[1]")


@pytest.mark.parametrize("script", [short_of_its_length, cut_between_chunks, cut_within_a_chunk])
async def test_a_body_cut_short_is_no_reply(transport: HttpTransport, script: Script) -> None:
    with pytest.raises(ConnectionFailed) as failure:
        await ask(transport, script)

    assert failure.value.sent


WHOLE = gzip.compress(b"[1]" * 100)


@pytest.mark.parametrize(
    "wire",
    [WHOLE[:-1], WHOLE[:-8], WHOLE[:10], WHOLE + b"\0", WHOLE + WHOLE, b"[1]", b"\x1f\x8b" + b"\xff" * 20],
    ids=["no last byte", "no trailer", "head only", "padded", "twice", "not gzip", "rubbish"],
)
def test_gzip_that_is_not_exactly_one_whole_member_is_unreadable(wire: bytes) -> None:
    with pytest.raises(ReplyUnreadable):
        unpack(["gzip"], wire, MIB)


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "gzip, br", "x-gzip", "unheard-of"])
def test_an_encoding_that_was_not_asked_for_is_unreadable(encoding: str) -> None:
    with pytest.raises(ReplyUnreadable):
        unpack([encoding], b"whatever", MIB)


async def test_nothing_but_gzip_is_asked_for(transport: HttpTransport) -> None:
    async with raw_server(answering(http(b"[]"))) as server:
        await transport.send(request(server.address))

    assert b"accept-encoding: gzip\r\n" in server.heads[0].lower()
