"""Reading on behind a cursor: which pages are asked for, and when it is given up."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Generic

from audience_gateway.domain.errors import BadCursor, GatewayError, UpstreamBadResponse
from audience_gateway.domain.page import Page
from audience_gateway.upstream.numbered.addresses import SIZE_LIMIT, PageAddress
from audience_gateway.upstream.numbered.pages import FetchPage, ReadPage, T
from audience_gateway.upstream.numbered.positions import Position
from audience_gateway.upstream.numbered.rows import page_of
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
    page = page_of(await reader.filled(stretch, first), first)
    if page.rows or page.has_next is False:
        return page
    raise page.problems[0] if page.problems and reader.is_tired else reader.lost()


class _Reader(Generic[T]):
    def __init__(self, fetch: FetchPage[T], provider_key: str) -> None:
        self._fetch = fetch
        self._provider_key = provider_key
        self._reads = 0
        self._repeats = 0
        self._beginning: ReadPage[T] | None = None

    @property
    def is_tired(self) -> bool:
        """Whether enough was read for one page, whatever was found."""
        return self._reads >= _MOST_READS

    async def read(self, address: PageAddress) -> ReadPage[T]:
        """One page; raises UpstreamBadResponse for one of another size, or the first page again and again."""
        self._reads += 1
        page = await self._fetch(address.number + 1, address.size)
        if page.size is not None and page.size != address.size and (page.total or 0) > min(page.size, address.size):
            raise self._bad("pages of another size than asked for")
        found = ReadPage.of(address, page)
        if address.start == 0:
            self._beginning = found
        elif self._beginning is not None and found.begins_as(self._beginning):
            self._repeats += 1
        if self._repeats > 1:
            raise self._bad("the same rows again and again")
        return found

    async def resume(self, position: Position, first: int, *, verify: bool) -> Stretch[T]:
        """What follows the rows that ``position`` remembers, wherever they stand now."""
        end = position.end(first)
        address = _with_front(position.front, end)
        plain = None if verify or address is not None else PageAddress.covering(position.offset, end)
        if plain is not None:
            page = await self.read(plain)
            stretch = Stretch.behind(position, page)
            if stretch is not None:
                return stretch
            if page.end > position.offset and position.growth(page.announced) == 0:
                return Stretch.by_number(position, page)
        page = await self.read(address or PageAddress.joining(position.front, end))
        stretch = Stretch.behind(position, page)
        return stretch or await self._searched(position, page)

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
        found = await self._sought(stretch.joined, stretch.hold + 1, total)
        return found or (None if any(stretch.fingerprints) else self._from_start(stretch.hold + 1))

    async def _searched(self, position: Position, page: ReadPage[T]) -> Stretch[T]:
        """What follows the remembered rows, none of which is in ``page``; from the start when they are gone there."""
        place = position.offset + position.growth(page.announced)
        found = await self._sought(partial(Stretch.behind, position), place, page.announced)
        found = found or self._from_start(place)
        if found is None:
            raise self.lost()
        return found

    async def _sought(
        self, join: Callable[[ReadPage[T]], Stretch[T] | None], place: int, total: int | None
    ) -> Stretch[T] | None:
        """What ``join`` makes of the nearest page around ``place`` that it can use; near the start, of the first."""
        reads = 1 if place <= _NEAR_START else _SEARCH_READS
        for address in islice(PageAddress.around(place - 1, total), reads):
            found = join(await self.read(address))
            if found is not None:
                return found
        return None

    def _from_start(self, place: int) -> Stretch[T] | None:
        if self._beginning is None or place > _MOST_REPEATED:
            return None
        return Stretch.from_start(self._beginning)

    def lost(self) -> GatewayError:
        """The error for a place that cannot be found again, or for a list that never gets on."""
        if self.is_tired:
            return self._bad("the same rows again and again")
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
