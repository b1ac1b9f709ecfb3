"""Cursors marked with the list they belong to, so that no list goes on behind a row of another."""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TypeVar

from audience_gateway.domain.errors import BadCursor
from audience_gateway.domain.page import Page, Row

T = TypeVar("T")

_MARK_BYTES = 6


@dataclass(frozen=True, slots=True)
class ListMark:
    """The mark of one list of one provider; ``text`` begins each of its cursors."""

    provider_key: str
    text: str

    @classmethod
    def of(cls, provider_key: str, *question: str | None) -> "ListMark":
        """The mark of the list that answers ``question``, such as an audience and a search."""
        digest = hashlib.blake2b(json.dumps(question).encode(), digest_size=_MARK_BYTES)
        return cls(provider_key, f"{digest.hexdigest()}.")

    def position_in(self, cursor: str | None) -> str | None:
        """What was marked; None for no cursor at all. Raises BadCursor for a cursor of another list."""
        if cursor is not None and not cursor.startswith(self.text):
            raise BadCursor("The cursor is not one of this list's.", provider_key=self.provider_key)
        return None if cursor is None else cursor.removeprefix(self.text)

    def on(self, page: Page[T]) -> Page[T]:
        """The page with every cursor marked."""
        return replace(page, rows=tuple(Row(row.value, self.text + row.cursor) for row in page.rows))
