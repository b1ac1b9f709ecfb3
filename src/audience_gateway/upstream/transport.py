"""What every way out over HTTP keeps to: its errors, its limits, what may be sent and what counts as a whole reply."""

import zlib
from collections.abc import AsyncIterable, Iterable

from audience_gateway.ports import HttpReply, HttpRequest

CONNECTIONS = 256
"""How many connections one transport holds at most: sixteen accounts, each with all the calls it may have at once."""
CONNECT_SECONDS = 3.0
KEEPALIVE_SECONDS = 5.0
"""How long an unused connection is kept."""

_GZIP = 31


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


def sendable_headers(request: HttpRequest) -> dict[str, str]:
    """All headers to send, by lower-case name.

    Raises ReplyUnreadable for an address or a header that HTTP libraries would mend or pass on broken.
    """
    headers = {"accept-encoding": "gzip", "accept": "application/json", "user-agent": "audience-gateway"}
    headers |= {name.lower(): value for name, value in request.headers.items()}
    if not _is_plain(request.url) or " " in request.url:
        raise ReplyUnreadable("an address that is not encoded", sent=False)
    if not all(_is_plain(value) and value == value.strip() for value in headers.values()):
        raise ReplyUnreadable("a header value that is not one line of ASCII", sent=False)
    return headers


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


async def read_whole(chunks: AsyncIterable[bytes], limit: int) -> bytes:
    """All ``chunks`` as they came over the wire; raises ReplyTooLarge as soon as they pass ``limit`` bytes."""
    wire = bytearray()
    async for chunk in chunks:
        wire += chunk
        if len(wire) > limit:
            raise ReplyTooLarge(f"more than {limit} bytes on the wire", sent=True)
    return bytes(wire)


def whole_reply(status: int, headers: Iterable[tuple[bytes, bytes]], wire: bytes, limit: int) -> HttpReply:
    """The reply from its parts, unpacked to ``limit`` bytes at most; raises ReplyTooLarge and ReplyUnreadable."""
    named = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers]
    encodings = (value for name, value in named if name == "content-encoding")
    return HttpReply(status, dict(named), unpack(encodings, wire, limit))


def unpack(encodings: Iterable[str], wire: bytes, limit: int) -> bytes:
    """Undo the content encoding without ever holding more than ``limit`` bytes and one.

    Only gzip is understood, because only gzip is asked for: the libraries' own decoders have no such bound.
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
