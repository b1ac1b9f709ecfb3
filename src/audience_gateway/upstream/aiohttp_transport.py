"""HTTP over aiohttp, kept within a total deadline and byte caps. The only module that imports aiohttp."""

import asyncio
import io
import select
import ssl
from weakref import WeakSet

import aiohttp
import certifi
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
from yarl import URL

from audience_gateway.ports import HttpReply, HttpRequest
from audience_gateway.upstream.transport import (
    CONNECT_SECONDS,
    CONNECTIONS,
    KEEPALIVE_SECONDS,
    ConnectionFailed,
    DeadlinePassed,
    ReplyUnreadable,
    TransportError,
    read_whole,
    sendable_headers,
    whole_reply,
)

_LONGEST_HEADER = 32_768
_MOST_HEADERS = 128


class AiohttpTransport:
    """Our :class:`~audience_gateway.ports.HttpTransport` on one pooled aiohttp session, for the loop of its first call.

    aiohttp's own errors are never chained: their texts hold addresses and headers.
    """

    def __init__(self) -> None:
        self._tls = ssl.create_default_context(cafile=certifi.where())
        self._tls.set_alpn_protocols(["http/1.1"])
        self._slots = asyncio.Semaphore(CONNECTIONS)
        self._session: aiohttp.ClientSession | None = None

    async def send(self, request: HttpRequest) -> HttpReply:
        """Send ``request``; raises TransportError and nothing else."""
        try:
            async with asyncio.timeout(request.deadline_seconds), self._slots:
                return await self._send(request)
        except aiohttp.ConnectionTimeoutError:
            raise DeadlinePassed("no connection in time", sent=False) from None
        except TimeoutError:
            raise DeadlinePassed("no whole answer in time", sent=True) from None
        except aiohttp.ClientConnectorError:
            raise ConnectionFailed("connection refused", sent=False) from None
        except (_BrokenOff, aiohttp.ClientConnectionError):
            raise ConnectionFailed("connection broken off", sent=True) from None
        except (aiohttp.ClientPayloadError, aiohttp.ClientResponseError):
            raise ConnectionFailed("answer cut short or not HTTP", sent=True) from None
        except TransportError:
            raise
        except Exception as error:  # noqa: BLE001 (whatever it is, it must not pass for an answer)
            raise ReplyUnreadable(type(error).__name__, sent=True) from None

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    async def _send(self, request: HttpRequest) -> HttpReply:
        session = self._session = self._session or self._open()
        attempt = _Attempt()
        try:
            async with session.request(
                request.method,
                URL(request.url, encoded=True),
                headers=sendable_headers(request),
                data=None if request.body is None else io.BytesIO(request.body),
                allow_redirects=False,
                middlewares=(attempt,),
            ) as response:
                wire = await read_whole(response.content.iter_any(), request.wire_limit)
                return whole_reply(response.status, response.raw_headers, wire, request.body_limit)
        except BaseException:
            attempt.abort()
            raise

    def _open(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=_Connector(self._tls),
            cookie_jar=aiohttp.DummyCookieJar(),
            request_class=_Request,
            skip_auto_headers=["content-type"],
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
            max_field_size=_LONGEST_HEADER,
            max_headers=_MOST_HEADERS,
            auto_decompress=False,
            trust_env=False,
        )


class _BrokenOff(Exception):
    """The connection broke off before the reply's head was there. No error of aiohttp's, which would send again."""


class _Connector(aiohttp.TCPConnector):
    """A pool that gives out no connection on which the provider hung up or spoke unasked.

    aiohttp itself would take what came unasked for the next reply.
    """

    def __init__(self, tls: ssl.SSLContext) -> None:
        super().__init__(limit=0, keepalive_timeout=KEEPALIVE_SECONDS, ssl=tls)
        self._given: WeakSet[ResponseHandler] = WeakSet()

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 (the signature is aiohttp's)
    ) -> Connection:
        """A connection that is new, or on which all is quiet."""
        while True:
            connection = await super().connect(req, traces, timeout)
            protocol = connection.protocol
            if protocol is None or (protocol in self._given and _has_news(protocol)):
                connection.close()
                continue
            self._given.add(protocol)
            return connection


def _has_news(protocol: ResponseHandler) -> bool:
    wire = protocol.transport
    if wire is None or protocol.should_close:
        return True
    number = wire.get_extra_info("socket").fileno()
    if not hasattr(select, "poll"):  # as on Windows
        return bool(select.select([number], [], [], 0)[0])
    news = select.poll()
    news.register(number, select.POLLIN)
    return bool(news.poll(0))


class _Request(aiohttp.ClientRequest):
    """A request that remembers what it was sent on."""

    wire: asyncio.Transport | None = None

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        """Send it on ``conn``."""
        self.wire = conn.transport
        return await super().send(conn)


class _Attempt:
    """One request's way to the provider and back, which it goes once: aiohttp would send reads twice."""

    def __init__(self) -> None:
        self._request: aiohttp.ClientRequest | None = None

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        self._request = request
        try:
            return await handler(request)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
            raise _BrokenOff from None

    def abort(self) -> None:
        """Let go of the connection at once: a closed one waits until what was written is read, if ever it is."""
        wire = self._request.wire if isinstance(self._request, _Request) else None
        if wire is not None and wire.is_closing():
            wire.abort()
