"""HTTP over httpx, kept within a total deadline and byte caps. The only module that imports httpx."""

import asyncio
import zlib
from collections.abc import Iterable

import httpx

from audience_gateway.ports import HttpReply, HttpRequest

_GZIP = 31
_CONNECT_SECONDS = 3.0


class TransportError(Exception):
    """A reply could not be had. ``sent`` says whether the provider may have seen the request."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent


class DeadlinePassed(TransportError):
    """The whole reply was not there in time."""


class ConnectionFailed(TransportError):
    """The connection was refused or broke off."""


class ReplyTooLarge(TransportError):
    """The reply passed a byte cap, on the wire or unpacked."""


class ReplyUnreadable(TransportError):
    """The reply is not HTTP, cut short, or packed in a way we did not ask for."""


class HttpxTransport:
    """Our :class:`~audience_gateway.ports.HttpTransport` on one pooled httpx client.

    :param inner: another httpx transport to ride on, such as an in-process application; None for sockets.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(
            transport=inner,
            timeout=httpx.Timeout(None, connect=_CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=32),
            follow_redirects=False,
            trust_env=False,
        )

    async def send(self, request: HttpRequest) -> HttpReply:
        """Send ``request``; raises TransportError and nothing else."""
        try:
            async with asyncio.timeout(request.deadline_seconds):
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
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise ReplyUnreadable(type(error).__name__, sent=True) from error

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def _send(self, request: HttpRequest) -> HttpReply:
        headers = {"accept-encoding": "gzip", "accept": "application/json", **request.headers}
        async with self._client.stream(request.method, request.url, headers=headers, content=request.body) as response:
            self._client.cookies.clear()
            wire = bytearray()
            async for chunk in response.aiter_raw():
                wire += chunk
                if len(wire) > request.wire_limit:
                    raise ReplyTooLarge(f"more than {request.wire_limit} bytes on the wire", sent=True)
            body = unpack(response.headers.get_list("content-encoding"), bytes(wire), request.body_limit)
            return HttpReply(response.status_code, dict(response.headers.items()), body)


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
