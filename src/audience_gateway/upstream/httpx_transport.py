"""HTTP over httpx, kept within a total deadline and byte caps. The only module that imports httpx."""

import asyncio

import httpx

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

_IDLE_CONNECTIONS = 32


class HttpxTransport:
    """Our :class:`~audience_gateway.ports.HttpTransport` on one pooled httpx client.

    :param inner: another httpx transport to ride on, such as an in-process application; None for sockets.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(
            transport=inner,
            timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
            limits=httpx.Limits(
                max_connections=None,
                max_keepalive_connections=_IDLE_CONNECTIONS,
                keepalive_expiry=KEEPALIVE_SECONDS,
            ),
            follow_redirects=False,
            trust_env=False,
        )
        # Not left to httpx: whoever is cancelled while queueing for httpx's pool takes a connection along for good.
        self._slots = asyncio.Semaphore(CONNECTIONS)

    async def send(self, request: HttpRequest) -> HttpReply:
        """Send ``request``; raises TransportError and nothing else."""
        try:
            async with asyncio.timeout(request.deadline_seconds), self._slots:
                return await self._send(request)
        except TimeoutError as error:
            raise DeadlinePassed("no whole answer in time", sent=True) from error
        except httpx.ConnectTimeout as error:
            raise DeadlinePassed("no connection in time", sent=False) from error
        except httpx.ConnectError as error:
            raise ConnectionFailed("connection refused", sent=False) from error
        except httpx.NetworkError as error:
            raise ConnectionFailed("connection broken off", sent=True) from error
        except httpx.RemoteProtocolError as error:
            raise ConnectionFailed("answer cut short or not HTTP", sent=True) from error
        except TransportError:
            raise
        except Exception as error:  # noqa: BLE001 (whatever it is: its text may hold the key, so it is not chained)
            raise ReplyUnreadable(type(error).__name__, sent=True) from None

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def _send(self, request: HttpRequest) -> HttpReply:
        progress = _Progress()
        call = asyncio.create_task(self._read(request, progress))
        call.add_done_callback(_look_at)
        try:
            return await asyncio.shield(call)
        except asyncio.CancelledError:
            try:
                while progress.fragile and not call.done():  # noqa: ASYNC110 (a few turns of the loop, no more)
                    await asyncio.sleep(0)
            finally:
                call.cancel()
            await asyncio.wait([call])
            raise

    async def _read(self, request: HttpRequest, progress: "_Progress") -> HttpReply:
        async with self._client.stream(
            request.method,
            request.url,
            headers=sendable_headers(request),
            content=request.body,
            extensions={"trace": progress},
        ) as response:
            self._client.cookies.clear()
            wire = await read_whole(response.aiter_raw(), request.wire_limit)
            return whole_reply(response.status_code, response.headers.raw, wire, request.body_limit)


class _Progress:
    """Where a call stands, told by httpx.

    ``fragile`` is the moment between a connection and its first request: httpx 0.28 keeps the connection of a call that
    is cancelled just then, open and unused, for good.
    """

    fragile = False

    async def __call__(self, event: str, _: object) -> None:
        self.fragile = event.startswith("connection.") and event.endswith(".complete")


def _look_at(call: "asyncio.Task[HttpReply]") -> None:
    """Mark an error as seen, for when nobody waits for it any more."""
    if not call.cancelled():
        call.exception()
