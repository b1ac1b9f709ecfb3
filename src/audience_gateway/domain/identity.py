"""What a person is known by outside of any one provider: an e-mail address, a phone number, an identifier of yours."""

import re
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from audience_gateway.domain.errors import BadInput
from audience_gateway.domain.member import Member

_LONGEST_EMAIL = 320
_LONGEST_EXTERNAL_ID = 1_024
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_PHONE = re.compile(r"\+[0-9]{7,15}")
_BETWEEN_DIGITS = re.compile(r"[\s.()\[\]\-\u2010-\u2015\u2212]")


class IdentifierKind(Enum):
    """What kind of identifier it is."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    EXTERNAL_ID = "EXTERNAL_ID"


_PROBLEMS = MappingProxyType(
    {
        IdentifierKind.EMAIL: "identifier.email: is no e-mail address.",
        IdentifierKind.PHONE: "identifier.phone: is no phone number with + and country code, 7 to 15 digits in all.",
        IdentifierKind.EXTERNAL_ID: f"identifier.externalId: must have 1 to {_LONGEST_EXTERNAL_ID} bytes of UTF-8.",
    }
)


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier, left out of every representation.

    :param value: as :func:`normalised` has it.
    :param written: as the caller wrote it, for searches that fold case in their own way.
    """

    kind: IdentifierKind
    value: str = field(repr=False)
    written: str = field(default="", repr=False, compare=False)

    @classmethod
    def of(cls, kind: IdentifierKind, text: str) -> "Identifier":
        """Read what a caller wrote; raises BadInput naming the field and never the value."""
        value = normalised(kind, text)
        if value is None:
            raise BadInput(_PROBLEMS[kind])
        return cls(kind, value, text.strip())

    def is_of(self, member: Member) -> bool:
        """Whether it is the member's own, however the provider writes it."""
        match self.kind:
            case IdentifierKind.EMAIL:
                own = member.email
            case IdentifierKind.PHONE:
                own = member.phone
            case IdentifierKind.EXTERNAL_ID:
                own = member.external_id
        return own is not None and normalised(self.kind, own) == self.value


def normalised(kind: IdentifierKind, text: str) -> str | None:
    """The one way to write an identifier; None for what is none.

    E-mail: trimmed and case-folded. Phone: E.164, without spaces, dots, dashes and brackets. External: as it stands.
    """
    match kind:
        case IdentifierKind.EMAIL:
            return _email(text.strip().casefold())
        case IdentifierKind.PHONE:
            digits = _BETWEEN_DIGITS.sub("", text)
            return digits if _PHONE.fullmatch(digits) else None
        case IdentifierKind.EXTERNAL_ID:
            return text if 0 < len(text.encode(errors="surrogatepass")) <= _LONGEST_EXTERNAL_ID else None


def _email(folded: str) -> str | None:
    fits = len(folded) <= _LONGEST_EMAIL and folded.isprintable()
    return folded if fits and _EMAIL.fullmatch(folded) else None
