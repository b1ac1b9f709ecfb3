"""Cursors of the store: whole numbers that say where a row stands, marked with the list they belong to."""

import hashlib
import json
import re
from dataclasses import dataclass

from audience_gateway.domain.errors import BadCursor

_LARGEST = 2**63 - 1
_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,18}", re.ASCII)
_MARK_BYTES = 6


@dataclass(frozen=True, slots=True)
class Positions:
    """The cursors of one list.

    :param mark: short text without a dot that differs from list to list.
    """

    mark: str

    @classmethod
    def of(cls, *question: str) -> "Positions":
        """The cursors of the list that answers ``question``."""
        text = json.dumps(question).encode()
        return cls(hashlib.blake2b(text, digest_size=_MARK_BYTES).hexdigest())

    def write(self, *numbers: int | None) -> str:
        """The cursor of a row that stands at ``numbers``; None for a value the row does not have."""
        return ".".join([self.mark, *("" if number is None else str(number) for number in numbers)])

    def read(self, cursor: str, count: int) -> tuple[int | None, ...]:
        """The ``count`` numbers of a cursor, each within 64 bits; raises BadCursor for one of another list."""
        mark, *parts = cursor.split(".")
        if mark != self.mark or len(parts) != count:
            raise BadCursor("This cursor belongs to another list.")
        return tuple(_number(part) for part in parts)


def _number(part: str) -> int | None:
    if not part:
        return None
    if not _NUMBER.fullmatch(part) or abs(int(part)) > _LARGEST:
        raise BadCursor("This cursor is damaged.")
    return int(part)
