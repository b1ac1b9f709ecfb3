"""A server of bytes on loopback: each test scripts what a connection does, valid HTTP or not."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Connection:
    """One accepted connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    heads: list[bytes]

    async def request(self) -> bytes:
        """Read one request up to the end of its headers; raises IncompleteReadError when the client has left."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        self.heads.append(head)
        return head

    async def send(self, data: bytes) -> None:
        """Send ``data`` and wait until it has left."""
        self.writer.write(data)
        await self.writer.drain()

    async def drip(self, data: bytes, *, every_seconds: float) -> None:
        """Send ``data`` byte by byte."""
        for byte in data:
            await self.send(bytes([byte]))
            await asyncio.sleep(every_seconds)

    async def stall(self) -> None:
        """Say nothing until the client leaves."""
        await self.reader.read()

    def reset(self) -> None:
        """Break the connection off with a reset instead of an orderly end."""
        connection = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Script = Callable[[Connection], Awaitable[None]]
"""What one connection does; the connection is closed at its end."""


@dataclass
class RawServer:
    """``heads`` are all requests' first lines and headers; ``connections`` counts everyone who came."""

    address: str
    heads: list[bytes] = field(default_factory=list)
    connections: int = 0
    most_at_once: int = 0


@asynccontextmanager
async def raw_server(script: Script, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[RawServer]:
    """Serve ``script`` on a free loopback port, under ``tls`` if given."""
    open_connections: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_connections.add(task)
        task.add_done_callback(open_connections.discard)
        server.connections += 1
        server.most_at_once = max(server.most_at_once, len(open_connections))
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await script(Connection(reader, writer, server.heads))
        writer.close()
        with suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    host, port = listener.sockets[0].getsockname()
    server = RawServer(f"{'https' if tls else 'http'}://{host}:{port}")
    try:
        yield server
    finally:
        listener.close()
        for task in tuple(open_connections):
            task.cancel()
        await asyncio.gather(*open_connections, return_exceptions=True)


def answering(reply: bytes) -> Script:
    """A script that reads a request, sends ``reply`` and closes."""

    async def script(connection: Connection) -> None:
        await connection.request()
        await connection.send(reply)

    return script


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A reply with its length announced."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
