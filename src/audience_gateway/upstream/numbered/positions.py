"""What a cursor over numbered pages remembers: where its row stood, and by which rows to find the place again."""

from typing import Annotated

import msgspec

from audience_gateway.domain.errors import BadCursor
from audience_gateway.upstream.anchors import Anchor

_FAR = 10**12

Offset = Annotated[int, msgspec.Meta(ge=0, le=_FAR)]


class Position(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """Where to go on, in the list as it was.

    :param offset: of the first row not seen yet.
    :param unreadable: how many records in front of it were seen but could not be read.
    :param total: how long the list was; None when the provider did not say.
    :param trail: nearest first; the cursor's own row is among them.
    """

    offset: Annotated[int, msgspec.Meta(ge=1, le=_FAR)]
    unreadable: Offset
    total: Offset | None
    trail: Annotated[tuple[Anchor, ...], msgspec.Meta(min_length=1, max_length=16)]

    @classmethod
    def read(cls, cursor: str, provider_key: str) -> "Position":
        """What :attr:`cursor` wrote; raises BadCursor for anything else."""
        try:
            return msgspec.json.decode(cursor, type=cls)
        except (msgspec.DecodeError, UnicodeError) as error:
            raise BadCursor("The cursor is not one of this list's.", provider_key=provider_key) from error

    @property
    def cursor(self) -> str:
        """The position as text, below 500 bytes."""
        return msgspec.json.encode(self).decode()

    @property
    def front(self) -> int:
        """The offset of the cursor's own row."""
        return max(0, self.offset - self.unreadable - 1)

    def end(self, first: int) -> int:
        """The offset behind the next ``first`` rows, or behind the last row where there are not as many."""
        end = self.offset + first
        return end if self.total is None else min(end, max(self.total, self.offset + 1))

    def growth(self, total: int | None) -> int:
        """By how many rows a list of ``total`` is longer than it was; 0 when either length is unknown."""
        return 0 if total is None or self.total is None else total - self.total
