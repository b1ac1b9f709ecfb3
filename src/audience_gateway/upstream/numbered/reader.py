"""Reading on behind a cursor: which pages are asked for, and when it is given up."""

from dataclasses import replace
from itertools import islice
from typing import Generic

from audience_gateway.domain.errors import BadCursor, UpstreamBadResponse
from audience_gateway.domain.page import Page
from audience_gateway.upstream.numbered.pages import SIZE_LIMIT, FetchPage, PageAddress, ReadPage, T
from audience_gateway.upstream.numbered.positions import Position
from audience_gateway.upstream.numbered.stretches import Stretch

_NEAREST = 4
_NEAR_START = 50
_MOST_REPEATED = 100
_SEARCH_READS = 10
_MOST_READS = 20


async def read_numbered(
    fetch: FetchPage[T], *, provider_key: str, first: int, after: str | None, verify: bool = True
) -> Page[T]:
    """``first`` rows (1 to 100) after a cursor made here; fewer when some were unreadable, or are the last.

    :param verify: False saves the second call of large pages as long as the list keeps its length: rows are missed when
        as many were added as removed. For callers who read whole lists and check them by other means.

    Raises BadCursor, also when the list has changed so much that its place cannot be found.
    """
    reader = _Reader(fetch, provider_key)
    if after is None:
        stretch = Stretch.from_start(await reader.read(PageAddress(0, first)))
    else:
        stretch = await reader.resume(Position.read(after, provider_key), first, verify=verify)
    stretch = await reader.filled(stretch, first)
    page = stretch.as_page(first)
    if page.rows or page.has_next is False:
        return page
    raise page.problems[0] if page.problems and reader.is_tired else reader.lost()


class _Reader(Generic[T]):
    def __init__(self, fetch: FetchPage[T], provider_key: str) -> None:
        self._fetch = fetch
        self._provider_key = provider_key
        self._reads = 0

    @property
    def is_tired(self) -> bool:
        """Whether enough was read for one page, whatever was found."""
        return self._reads >= _MOST_READS

    async def read(self, address: PageAddress) -> ReadPage[T]:
        """One page; raises UpstreamBadResponse when the provider says it is of another size."""
        self._reads += 1
        page = await self._fetch(address.number + 1, address.size)
        if page.size is not None and page.size != address.size and (page.total or 0) > min(page.size, address.size):
            raise self._bad("pages of another size than asked for")
        return ReadPage.of(address, page)

    async def resume(self, position: Position, first: int, *, verify: bool) -> Stretch[T]:
        """What follows the rows that ``position`` remembers, wherever they stand now."""
        end = position.end(first)
        address = _with_front(position.front, end)
        plain = None if verify or address is not None else PageAddress.covering(position.offset, end)
        if plain is not None:
            page = await self.read(plain)
            if page.end > position.offset and position.growth(page.announced) == 0:
                return Stretch.by_number(position, page)
        page = await self.read(address or PageAddress.joining(position.front, end))
        stretch = Stretch.behind(position, page)
        return stretch or await self._searched(position, position.growth(page.announced), page.announced)

    async def filled(self, stretch: Stretch[T], first: int) -> Stretch[T]:
        """``stretch`` with ``first`` records, or with all there are, or with as many as can be found."""
        while stretch.missing(first) and stretch.has_next is not False and not self.is_tired:
            longer = await self._longer(stretch, stretch.page.end + stretch.missing(first))
            if longer is None:
                break
            stretch = longer
        return stretch

    async def _longer(self, stretch: Stretch[T], end: int) -> Stretch[T] | None:
        address = PageAddress.onward(stretch.hold, end)
        if address.end <= stretch.page.end:
            return stretch.appended(await self.read(PageAddress.holding(stretch.page.end, SIZE_LIMIT)))
        page = await self.read(address)
        longer = stretch.joined(page)
        if longer is None:
            return await self._found_again(stretch, page.announced)
        goes_on = longer.page.end > stretch.page.end or longer.hold != stretch.hold or not longer.has_next
        return longer if goes_on or not page.is_short else await self._last(longer)

    async def _last(self, stretch: Stretch[T]) -> Stretch[T]:
        """``stretch`` as the end of the list, though more rows were announced than come."""
        beyond = await self.read(PageAddress(stretch.page.end, 1))
        if set(beyond.fingerprints) & set(stretch.page.fingerprints):
            raise self._bad("the same rows again and again")
        if beyond.outcomes:
            raise self._bad("shorter pages than asked for")
        return replace(stretch, is_last=True)

    async def _found_again(self, stretch: Stretch[T], total: int | None) -> Stretch[T] | None:
        for address in islice(PageAddress.around(stretch.hold, total), _SEARCH_READS):
            longer = stretch.joined(await self.read(address))
            if longer is not None:
                return longer
        return None

    async def _searched(self, position: Position, grown: int, total: int | None) -> Stretch[T]:
        """What follows the remembered rows, none of which is near; from the start when they are gone from there."""
        start = position.offset + grown
        reads = 1 if start <= _NEAR_START else _SEARCH_READS
        beginning: ReadPage[T] | None = None
        for address in islice(PageAddress.around(position.front + grown, total), reads):
            page = await self.read(address)
            stretch = Stretch.behind(position, page)
            if stretch is not None:
                return stretch
            beginning = page if page.start == 0 else beginning
        if beginning is None or start > _MOST_REPEATED:
            raise self.lost()
        return Stretch.from_start(beginning)

    def lost(self) -> BadCursor:
        """The error for a place that cannot be found again."""
        return BadCursor(
            f"The list of {self._provider_key} changed too much around this place; start over.",
            provider_key=self._provider_key,
        )

    def _bad(self, what: str) -> UpstreamBadResponse:
        return UpstreamBadResponse(f"{self._provider_key} answers with {what}.", provider_key=self._provider_key)


def _with_front(front: int, end: int) -> PageAddress | None:
    """The page up to ``end`` with the row at ``front`` and up to three in front of it; None when none is so large."""
    pages = (PageAddress.covering(max(0, front - more), end) for more in reversed(range(_NEAREST)))
    return next((page for page in pages if page is not None), None)
