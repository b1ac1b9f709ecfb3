"""Which numbered page to ask for, so that rows are not asked for singly and pages overlap where they must."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

SIZE_LIMIT = 100
"""The most rows of one page."""
_SIZES = range(1, SIZE_LIMIT + 1)
_OVERLAP = 5


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
        last = None if total is None else max(0, total - 1) // SIZE_LIMIT
        wanted = max(0, offset) // SIZE_LIMIT
        middle = wanted if last is None else min(wanted, last)
        for distance in count():
            numbers = dict.fromkeys((middle - distance, middle + distance))
            inside = [number for number in numbers if number >= 0 and (last is None or number <= last)]
            if not inside:
                return
            yield from (cls(number, SIZE_LIMIT) for number in inside)
