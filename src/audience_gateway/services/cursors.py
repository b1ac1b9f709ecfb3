"""Cursors as callers see them: opaque, versioned, authenticated, bound to the question they answer."""

import base64
import binascii
import hashlib
import hmac
import json

from audience_gateway.domain.errors import BadCursor, UpstreamBadResponse

_VERSION = b"\x01"
_MAC_BYTES = 12
_LONGEST = 32_768


class Cursors:
    """Seals positions and opens them again.

    :param secret: the same in every process that must understand the others' cursors.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def seal(self, position: str, *, question: object) -> str:
        """A cursor for ``position`` that only the same JSON-like ``question`` can open.

        Raises UpstreamBadResponse for a position of more than 24 kB, whose cursor would be refused.
        """
        body = _VERSION + position.encode()
        cursor = _text(self._mac(body, question) + body)
        if len(cursor) > _LONGEST:
            raise UpstreamBadResponse("The provider's position in the list is too long for a cursor.")
        return cursor

    def open(self, cursor: str, *, question: object) -> str:
        """The position that was sealed; raises BadCursor when damaged, outdated, or sealed for another question."""
        if len(cursor) > _LONGEST:
            raise BadCursor("This cursor is longer than any of ours.")
        try:
            sealed = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error) as error:
            raise BadCursor("This is not a cursor of ours.") from error
        if _text(sealed) != cursor:
            raise BadCursor("This is not a cursor of ours.")
        mac, body = sealed[:_MAC_BYTES], sealed[_MAC_BYTES:]
        if body[:1] != _VERSION:
            raise BadCursor("This is not a cursor of this version.")
        if not hmac.compare_digest(mac, self._mac(body, question)):
            raise BadCursor("This cursor is damaged, or belongs to another query.")
        return body[1:].decode()

    def _mac(self, body: bytes, question: object) -> bytes:
        bound = json.dumps(question, sort_keys=True, separators=(",", ":")).encode()
        return hmac.new(self._secret, hashlib.sha256(bound).digest() + body, hashlib.sha256).digest()[:_MAC_BYTES]


def _text(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")
