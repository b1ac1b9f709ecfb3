"""Global identifiers: opaque to callers, unique over all providers and types."""

import base64
import binascii
from dataclasses import dataclass
from enum import Enum

from audience_gateway.domain.errors import BadId

_LONGEST = 4_096


class NodeType(Enum):
    """What an identifier names."""

    AUDIENCE = "audience"
    MEMBER = "member"
    GROUP = "group"
    PROVIDER = "provider"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class NodeId:
    """A thing of one type at one provider; ``native_id`` is empty for the provider itself."""

    type: NodeType
    provider_key: str
    native_id: str = ""

    def encode(self) -> str:
        """The identifier as callers see it."""
        text = f"{self.type.value}:{self.provider_key}:{self.native_id}"
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode("ascii")

    @classmethod
    def decode(cls, text: str) -> "NodeId":
        """Read an identifier back; raises BadId for anything :meth:`encode` has not made."""
        if len(text) > _LONGEST:
            raise BadId("This identifier is longer than any of ours.")
        try:
            padded = text.encode("ascii") + b"=" * (-len(text) % 4)
            kind, provider_key, native_id = (
                base64.b64decode(padded, altchars=b"-_", validate=True).decode().split(":", 2)
            )
            decoded = cls(NodeType(kind), provider_key, native_id)
        except (ValueError, UnicodeError, binascii.Error) as error:
            raise BadId("This is not an identifier of ours.") from error
        if decoded.encode() != text or (decoded.type is NodeType.PROVIDER) != (not native_id):
            raise BadId("This is not an identifier of ours.")
        return decoded

    @classmethod
    def decode_as(cls, text: str, expected: NodeType) -> "NodeId":
        """Read an identifier that must name one type; raises BadId otherwise."""
        decoded = cls.decode(text)
        if decoded.type is not expected:
            raise BadId(f"An identifier of type {expected.value} is wanted here, not of type {decoded.type.value}.")
        return decoded
