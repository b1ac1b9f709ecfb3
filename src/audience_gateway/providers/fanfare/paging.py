"""Fanfare's cursors turned into a cursor for every row. Source: Fanfare contract, Paging.

Fanfare has cursors for whole pages only, and no word for the end. Our cursor holds Fanfare's cursor before a page, how
many of its rows to skip, and the identifier of the last one skipped; when that row stands elsewhere, reading goes on
behind it. The end is known by asking for one row more than wanted, except at the limit of 100.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, Generic, TypeVar

import msgspec

from audience_gateway.domain.errors import BadCursor, UpstreamBadResponse
from audience_gateway.domain.page import Page, Row
from audience_gateway.upstream.records import unreadable

T = TypeVar("T")

_SIZE_LIMIT = 100
_FRUITLESS_READS = 10
_SEARCH_READS = 10
_LONGEST_CURSOR = 8_192


@dataclass(frozen=True, slots=True)
class CursorPage(Generic[T]):
    """One page as Fanfare sent it, an error in the place of each unreadable record.

    :param whole: whether it holds everything there is, however much was asked for.
    :param has_next: what Fanfare says about further pages; None when it says nothing.
    """

    outcomes: tuple[T | UpstreamBadResponse, ...]
    end_cursor: str | None = None
    has_next: bool | None = None
    whole: bool = False


FetchPage = Callable[[int, str | None], Awaitable[CursorPage[T]]]
"""Reads one page: how many rows, 1 to 100, and Fanfare's cursor to go on from."""


class _Cursor(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    base: str | None
    skip: Annotated[int, msgspec.Meta(ge=0, le=10**7)]
    native_id: str | None


@dataclass(frozen=True, slots=True)
class _Stretch(Generic[T]):
    """A page that follows ``base``, ``asked`` rows of it, of which those from ``start`` up to ``stop`` are ours."""

    base: str | None
    page: CursorPage[T]
    asked: int
    start: int
    stop: int

    @property
    def reaches_end(self) -> bool:
        return self.stop >= len(self.page.outcomes)

    @property
    def has_next(self) -> bool | None:
        if not self.reaches_end:
            return True
        if self.page.whole or not self.page.outcomes:
            return False
        if self.page.has_next is not None:
            return self.page.has_next
        return False if len(self.page.outcomes) < self.asked else None

    def limited(self, count: int) -> "_Stretch[T]":
        """The same up to the ``count``-th readable row."""
        readable = 0
        for place in range(self.start, len(self.page.outcomes)):
            readable += not isinstance(self.page.outcomes[place], UpstreamBadResponse)
            if readable == count:
                return replace(self, stop=place + 1)
        return replace(self, stop=len(self.page.outcomes))


async def read_cursored(
    fetch: FetchPage[T], *, identify: Callable[[T], str], provider_key: str, first: int, after: str | None
) -> Page[T]:
    """``first`` rows (1 to 100) after a cursor made here; fewer when rows moved, were unreadable, or are the last.

    One call as long as the rows to skip and the wanted ones fit into a page of 100, else two; more only when rows
    moved or nothing readable was found. ``has_next`` is None at 100 rows. Raises BadCursor, and
    UpstreamBadResponse for a cursor of Fanfare's that is longer than 8 KiB in JSON.
    """
    reader = _Reader(fetch, identify, provider_key)
    stretch = await reader.read(_Cursor(None, 0, None) if after is None else _cursor(after, provider_key), first)
    stretch = stretch.limited(first)
    problems: list[UpstreamBadResponse] = []
    for _ in range(_FRUITLESS_READS):
        ours = stretch.page.outcomes[stretch.start : stretch.stop]
        problems += [outcome for outcome in ours if isinstance(outcome, UpstreamBadResponse)]
        rows = reader.rows(stretch)
        if rows or stretch.has_next is False:
            return Page(rows=rows, has_next=stretch.has_next, problems=tuple(problems))
        onward = _Cursor(reader.end_of(stretch.page), 0, None)
        stretch = (await reader.read(onward, _SIZE_LIMIT)).limited(first)
    raise problems[0] if problems else reader.repeating()


class _Reader(Generic[T]):
    def __init__(self, fetch: FetchPage[T], identify: Callable[[T], str], provider_key: str) -> None:
        self._fetch = fetch
        self._identify = identify
        self._provider_key = provider_key

    async def read(self, at: _Cursor, first: int) -> _Stretch[T]:
        """The page in which rows after ``at`` begin, with ``first`` of them and, below the limit, one more."""
        wanted = min(first + 1, _SIZE_LIMIT)
        direct = at.skip == 0 or at.skip + wanted <= _SIZE_LIMIT
        asked = at.skip + wanted if direct else min(at.skip, _SIZE_LIMIT)
        page = await self._page(asked, at.base)
        place = self._place_of(at.native_id, page)
        if place is None and at.native_id is not None and at.skip > 0:
            return await self._search(at, first)
        start = at.skip if place is None else place + 1
        count = len(page.outcomes)
        if direct or page.whole or (start >= count and count < asked and not page.has_next):
            return _Stretch(at.base, page, asked, start, count)
        if start < count:
            return await self.read(_Cursor(at.base, start, at.native_id), first)
        return await self.read(_Cursor(self.end_of(page), 0, at.native_id), first)

    async def _search(self, at: _Cursor, first: int) -> _Stretch[T]:
        """What follows the row of ``at``, pushed back by new rows; when it is gone, what has taken its place."""
        base = at.base
        for _ in range(_SEARCH_READS):
            page = await self._page(_SIZE_LIMIT, base)
            place = self._place_of(at.native_id, page)
            if place is not None:
                return _Stretch(base, page, _SIZE_LIMIT, place + 1, len(page.outcomes))
            if page.whole or page.end_cursor is None or (len(page.outcomes) < _SIZE_LIMIT and not page.has_next):
                break
            base = page.end_cursor
        return await self.read(_Cursor(at.base, at.skip - 1, None), first)

    def rows(self, stretch: _Stretch[T]) -> tuple[Row[T], ...]:
        """Our readable rows. Only Fanfare's own cursor can stand behind the last row of its page."""
        rows = []
        last = len(stretch.page.outcomes) - 1
        for place in range(stretch.start, stretch.stop):
            outcome = stretch.page.outcomes[place]
            if not isinstance(outcome, UpstreamBadResponse):
                native_id = self._identify(outcome)
                cursor = _Cursor(stretch.base, place + 1, native_id)
                if place == last and stretch.page.end_cursor is not None:
                    cursor = _Cursor(stretch.page.end_cursor, 0, native_id)
                rows.append(Row(outcome, msgspec.json.encode(cursor).decode()))
        return tuple(rows)

    def end_of(self, page: CursorPage[T]) -> str:
        """Fanfare's cursor behind the last row of ``page``, without which there is no way on."""
        if page.end_cursor is None:
            raise unreadable(self._provider_key, "pageInfo.endCursor")
        return page.end_cursor

    def repeating(self) -> UpstreamBadResponse:
        """The error for a list that never gets on."""
        return UpstreamBadResponse(
            f"{self._provider_key} answers with the same cursor again and again.", provider_key=self._provider_key
        )

    async def _page(self, size: int, base: str | None) -> CursorPage[T]:
        page = await self._fetch(size, base)
        if page.end_cursor is not None and len(msgspec.json.encode(page.end_cursor)) > _LONGEST_CURSOR:
            raise unreadable(self._provider_key, "pageInfo.endCursor")
        if page.outcomes and base is not None and page.end_cursor == base:
            raise self.repeating()
        return page

    def _place_of(self, native_id: str | None, page: CursorPage[T]) -> int | None:
        for place, outcome in enumerate(page.outcomes):
            if not isinstance(outcome, UpstreamBadResponse) and self._identify(outcome) == native_id:
                return place
        return None


def _cursor(text: str, provider_key: str) -> _Cursor:
    try:
        return msgspec.json.decode(text, type=_Cursor)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise BadCursor("The cursor is not one of this list's.", provider_key=provider_key) from error
