"""Fanfare's cursors turned into a cursor for every row. Source: Fanfare contract, Paging.

Fanfare has cursors for whole pages only, and no word for the end. Our cursor holds Fanfare's cursor before a page, how
many of its rows to skip, and by which of them to find the place again when rows were added or removed. When none of
them is left, reading goes on behind Fanfare's cursor: rows are seen again then, and **no row is missed that is in the
list during the whole walk**, as long as Fanfare's cursors keep their place. The end is known by asking for one row more
than wanted, except at the limit of 100.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, Generic, TypeVar

import msgspec

from audience_gateway.domain.errors import BadCursor, UpstreamBadResponse
from audience_gateway.domain.page import Page, Row
from audience_gateway.upstream.anchors import Anchor, fingerprint, in_front, last_known, moved, thinned
from audience_gateway.upstream.records import unreadable

T = TypeVar("T")

_SIZE_LIMIT = 100
_FRUITLESS_READS = 10
_SEARCH_READS = 10
_ROOM = 4
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
    trail: Annotated[tuple[Anchor, ...], msgspec.Meta(max_length=16)]


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
    stretch = await reader.read(_Cursor(None, 0, ()) if after is None else _cursor(after, provider_key), first)
    stretch = stretch.limited(first)
    problems: list[UpstreamBadResponse] = []
    for _ in range(_FRUITLESS_READS):
        ours = stretch.page.outcomes[stretch.start : stretch.stop]
        problems += [outcome for outcome in ours if isinstance(outcome, UpstreamBadResponse)]
        rows = reader.rows(stretch)
        if rows or stretch.has_next is False:
            return Page(rows=rows, has_next=stretch.has_next, problems=tuple(problems))
        onward = _Cursor(reader.end_of(stretch.page), 0, ())
        stretch = (await reader.read(onward, _SIZE_LIMIT)).limited(first)
    raise problems[0] if problems else reader.repeating()


class _Reader(Generic[T]):
    def __init__(self, fetch: FetchPage[T], identify: Callable[[T], str], provider_key: str) -> None:
        self._fetch = fetch
        self._identify = identify
        self._provider_key = provider_key
        self._has_searched = False

    async def read(self, at: _Cursor, first: int) -> _Stretch[T]:
        """The page in which rows after ``at`` begin, with ``first`` of them and, below the limit, one more."""
        wanted = min(first + 1, _SIZE_LIMIT)
        direct = at.skip == 0 or at.skip + wanted <= _SIZE_LIMIT
        asked = at.skip + wanted if direct else min(at.skip, _SIZE_LIMIT)
        page = await self._page(asked, at.base)
        start = self._place_behind(at.trail, page)
        if start is None:
            return await self._search(at, first)
        count = len(page.outcomes)
        if direct or page.whole or (start >= count and count < asked and not page.has_next):
            return _Stretch(at.base, page, asked, start, count)
        if start < count:
            return await self.read(_Cursor(at.base, start, at.trail), first)
        return await self.read(_Cursor(self.end_of(page), 0, ()), first)

    async def _search(self, at: _Cursor, first: int) -> _Stretch[T]:
        """What follows the nearest row of ``at`` that is left, pushed back by new rows; from its base when none is."""
        base = at.base
        found: _Stretch[T] | None = None
        for _ in range(_SEARCH_READS):
            page = await self._page(_SIZE_LIMIT, base)
            known = last_known(self._fingerprints(page), at.trail)
            if known is not None:
                found = _Stretch(base, page, _SIZE_LIMIT, known[0], len(page.outcomes))
            if known is not None and known[1] == at.trail[0]:
                break
            if page.whole or page.end_cursor is None or (len(page.outcomes) < _SIZE_LIMIT and not page.has_next):
                break
            base = page.end_cursor
        if found is None:
            return await self.read(_Cursor(at.base, 0, ()), first)
        if found.has_next is False or len(found.page.outcomes) - found.start >= first or self._has_searched:
            return found
        self._has_searched = True
        return await self.read(
            _Cursor(found.base, found.start, _trail(self._fingerprints(found.page)[: found.start])), first
        )

    def rows(self, stretch: _Stretch[T]) -> tuple[Row[T], ...]:
        """Our readable rows. Only Fanfare's own cursor can stand behind the last row of its page."""
        rows = []
        last = len(stretch.page.outcomes) - 1
        fingerprints = self._fingerprints(stretch.page)
        for place in range(stretch.start, stretch.stop):
            outcome = stretch.page.outcomes[place]
            if not isinstance(outcome, UpstreamBadResponse):
                cursor = _Cursor(stretch.base, place + 1, _trail(fingerprints[: place + 1]))
                if place == last and stretch.page.end_cursor is not None:
                    cursor = _Cursor(stretch.page.end_cursor, 0, ())
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

    def _place_behind(self, trail: tuple[Anchor, ...], page: CursorPage[T]) -> int | None:
        """The place behind the last row of ``trail`` in ``page``; None when a nearer one may stand behind ``page``."""
        if not trail:
            return 0
        known = last_known(self._fingerprints(page), trail)
        if known is None:
            return None
        place, anchor = known
        is_nearest = anchor.distance == 0 or place + anchor.distance + _ROOM <= len(page.outcomes)
        return place if is_nearest else None

    def _fingerprints(self, page: CursorPage[T]) -> tuple[str | None, ...]:
        return tuple(
            None if isinstance(outcome, UpstreamBadResponse) else fingerprint(self._identify(outcome))
            for outcome in page.outcomes
        )


def _trail(fingerprints: tuple[str | None, ...]) -> tuple[Anchor, ...]:
    """The rows to find the place behind ``fingerprints`` by; the last of these is readable."""
    return thinned(moved(in_front(fingerprints), -1))


def _cursor(text: str, provider_key: str) -> _Cursor:
    try:
        return msgspec.json.decode(text, type=_Cursor)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise BadCursor("The cursor is not one of this list's.", provider_key=provider_key) from error
