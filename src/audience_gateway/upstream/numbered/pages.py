"""Numbered pages: what one holds, and which one to ask for."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from audience_gateway.domain.errors import UpstreamBadResponse

SIZE_LIMIT = 100
"""The most rows of one page."""
_SIZES = range(1, SIZE_LIMIT + 1)
_FINGERPRINT_BYTES = 6
_OVERLAP = 5


class Identified(Protocol):
    """Anything a provider gives an identifier of its own."""

    @property
    def native_id(self) -> str:
        """The provider's identifier."""
        ...


T = TypeVar("T", bound=Identified)


@dataclass(frozen=True, slots=True)
class NumberedPage(Generic[T]):
    """One page as the provider sent it, an error in the place of each unreadable record.

    :param total: the announced length of the whole list; None when the provider does not say.
    :param size: the page size the provider says it used; None when it does not say.
    """

    outcomes: tuple[T | UpstreamBadResponse, ...]
    total: int | None
    size: int | None = None


FetchPage = Callable[[int, int], Awaitable[NumberedPage[T]]]
"""Reads one page: its number, from 1, and its size, 1 to 100."""


@dataclass(frozen=True, slots=True)
class PageAddress:
    """Which page to ask for: its number, here from 0, and its size."""

    number: int
    size: int

    @property
    def start(self) -> int:
        """The offset of its first row."""
        return self.number * self.size

    @property
    def end(self) -> int:
        """The offset behind its last row."""
        return self.start + self.size

    @classmethod
    def holding(cls, offset: int, size: int) -> "PageAddress":
        """The page of ``size`` rows with the row at ``offset``."""
        return cls(offset // size, size)

    @classmethod
    def covering(cls, start: int, end: int) -> "PageAddress | None":
        """The smallest page with all rows from ``start`` up to ``end``; None when there is none."""
        sizes = range(max(1, end - start), SIZE_LIMIT + 1)
        return next((page for size in sizes if (page := cls.holding(start, size)).end >= end), None)

    @classmethod
    def joining(cls, start: int, end: int) -> "PageAddress":
        """The page from ``start`` up to ``end``, or so far that one more page can overlap it and reach ``end``."""
        whole = cls.covering(start, end)
        if whole is not None:
            return whole
        pages = [cls.holding(start, size) for size in _SIZES]
        last = min(cls.holding(end - 1, size).start for size in _SIZES)
        following = cls.covering(start + 1, end)
        wanted = _OVERLAP + (last if following is None else following.start)
        return next((page for page in pages if page.end >= wanted), max(pages, key=lambda page: page.end))

    @classmethod
    def onward(cls, start: int, end: int) -> "PageAddress":
        """The page with the row at ``start`` that reaches ``end`` or, where none does, farthest."""
        pages = [cls.holding(start, size) for size in _SIZES]
        return cls.covering(start, end) or max(pages, key=lambda page: page.end)

    @classmethod
    def around(cls, offset: int, total: int | None) -> Iterator["PageAddress"]:
        """All the largest pages, from the one with ``offset`` outwards on both sides, within ``total`` rows."""
        middle = max(0, offset) // SIZE_LIMIT
        last = None if total is None else max(0, total - 1) // SIZE_LIMIT
        for distance in range(max(middle, last or middle + SIZE_LIMIT) + 1):
            for number in dict.fromkeys((middle - distance, middle + distance)):
                if number >= 0 and (last is None or number <= last):
                    yield cls(number, SIZE_LIMIT)


@dataclass(frozen=True, slots=True)
class ReadPage(Generic[T]):
    """A page that was read: what stands from offset ``start`` on, when up to ``size`` rows were asked for.

    :param fingerprints: of each row's identifier; None for an unreadable record.
    :param announced: the length the provider announced.
    """

    start: int
    size: int
    outcomes: tuple[T | UpstreamBadResponse, ...]
    fingerprints: tuple[str | None, ...]
    announced: int | None

    @classmethod
    def of(cls, address: PageAddress, page: NumberedPage[T]) -> "ReadPage[T]":
        """What ``page``, read at ``address``, holds."""
        outcomes = page.outcomes[: address.size]
        return cls(address.start, address.size, outcomes, tuple(map(_fingerprint, outcomes)), page.total)

    @property
    def end(self) -> int:
        """The offset behind the last row."""
        return self.start + len(self.outcomes)

    @property
    def is_short(self) -> bool:
        """Whether it holds fewer rows than were asked for, as only a last page should."""
        return len(self.outcomes) < self.size

    @property
    def total(self) -> int | None:
        """The announced length, unless more rows than that are in hand."""
        disproved = self.outcomes and self.announced is not None and self.announced < self.end
        return None if disproved else self.announced

    @property
    def has_next(self) -> bool | None:
        """Whether rows follow; None when the provider leaves that open."""
        if self.total is None:
            return False if self.is_short else None
        return self.total > self.end


def _fingerprint(outcome: Identified | UpstreamBadResponse) -> str | None:
    if isinstance(outcome, UpstreamBadResponse):
        return None
    digest = hashlib.blake2b(outcome.native_id.encode(), digest_size=_FINGERPRINT_BYTES).digest()
    return urlsafe_b64encode(digest).decode()
