"""HTTP over httpx, kept within a total deadline and byte caps. The only module that imports httpx."""

import asyncio
import zlib
from collections.abc import Iterable

import httpx

from audience_gateway.ports import HttpReply, HttpRequest

_GZIP = 31
_CONNECT_SECONDS = 3.0
_CONNECTIONS = 100


class TransportError(Exception):
    """A reply could not be had. ``sent`` says whether the provider may have seen the request."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent


class DeadlinePassed(TransportError):
    """The whole reply was not there in time."""


class ConnectionFailed(TransportError):
    """The connection was refused, broke off before the whole reply was there, or did not speak HTTP."""


class ReplyTooLarge(TransportError):
    """The reply passed a byte cap, on the wire or unpacked."""


class ReplyUnreadable(TransportError):
    """The reply came whole but is packed in a way we did not ask for, or the request could not be sent as it is."""


class HttpxTransport:
    """Our :class:`~audience_gateway.ports.HttpTransport` on one pooled httpx client.

    :param inner: another httpx transport to ride on, such as an in-process application; None for sockets.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(
            transport=inner,
            timeout=httpx.Timeout(None, connect=_CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=32),
            follow_redirects=False,
            trust_env=False,
        )
        # Not left to httpx: whoever is cancelled while queueing for httpx's pool takes a connection along for good.
        self._slots = asyncio.Semaphore(_CONNECTIONS)

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
            while progress.fragile and not call.done():  # noqa: ASYNC110 (a few turns of the loop, no more)
                await asyncio.sleep(0)
            call.cancel()
            await asyncio.wait([call])
            raise

    async def _read(self, request: HttpRequest, progress: "_Progress") -> HttpReply:
        headers = {"accept-encoding": "gzip", "accept": "application/json", **request.headers}
        extensions = {"trace": progress}
        async with self._client.stream(
            request.method, request.url, headers=headers, content=request.body, extensions=extensions
        ) as response:
            self._client.cookies.clear()
            wire = bytearray()
            async for chunk in response.aiter_raw():
                wire += chunk
                if len(wire) > request.wire_limit:
                    raise ReplyTooLarge(f"more than {request.wire_limit} bytes on the wire", sent=True)
            body = unpack(response.headers.get_list("content-encoding"), bytes(wire), request.body_limit)
            by_name = {name.lower(): value for name, value in response.headers.multi_items()}
            return HttpReply(response.status_code, by_name, body)


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


def unpack(encodings: Iterable[str], wire: bytes, limit: int) -> bytes:
    """Undo the content encoding without ever holding more than ``limit`` bytes and one.

    Only gzip is understood, because only gzip is asked for: httpx's own decoders have no bound.
    Raises ReplyTooLarge and ReplyUnreadable.
    """
    encoding = ",".join(encodings).strip().lower()
    if not wire or encoding in {"", "identity"}:
        body, whole = wire, True
    elif encoding == "gzip":
        inflater = zlib.decompressobj(_GZIP)
        try:
            body = inflater.decompress(wire, limit + 1)
        except zlib.error as error:
            raise ReplyUnreadable("broken gzip", sent=True) from error
        whole = inflater.eof and not inflater.unused_data
    else:
        raise ReplyUnreadable("an encoding that was not asked for", sent=True)
    if len(body) > limit:
        raise ReplyTooLarge(f"more than {limit} bytes unpacked", sent=True)
    if not whole:
        raise ReplyUnreadable("cut or padded gzip", sent=True)
    return body
