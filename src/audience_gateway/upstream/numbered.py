"""Lists that come in numbered pages, turned into lists with a cursor for every row.

A cursor holds where reading goes on, how long the list was and the row's identifier. When the list has grown or shrunk
since, or the row no longer stands in front of what follows, it is looked for around the place where it should stand
now, so that rows added at the front are neither repeated nor do they hide others.

The row in front is read along whenever one page of at most 100 rows, or two where one does not hold the wanted rows,
can hold it too: in a walk with one page size, always up to 50 rows and never at 100. Three cases are left in which a
walk may repeat or miss rows: the cursor's row is gone; it stands 25 rows or more from where the length puts it; or it
was not read along, and as many rows were added on one side of it as removed on the other, so that the length is equal.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, Generic, Protocol, TypeVar

import msgspec

from audience_gateway.domain.errors import BadCursor, UpstreamBadResponse
from audience_gateway.domain.page import Page, Row

_SIZE_LIMIT = 100
_LOOK_AROUND = 50
_FRUITLESS_READS = 10
_FAR = 10**12


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


class _Cursor(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    offset: Annotated[int, msgspec.Meta(ge=1, le=_FAR)]
    total: Annotated[int, msgspec.Meta(ge=0, le=_FAR)] | None
    native_id: str


@dataclass(frozen=True, slots=True)
class _Window(Generic[T]):
    """What stands from offset ``start`` on, when everything up to offset ``wanted`` was asked for."""

    start: int
    wanted: int
    outcomes: tuple[T | UpstreamBadResponse, ...]
    announced: int | None

    @property
    def end(self) -> int:
        return self.start + len(self.outcomes)

    @property
    def total(self) -> int | None:
        """The announced length, unless more rows than that are in hand."""
        disproved = self.outcomes and self.announced is not None and self.announced < self.end
        return None if disproved else self.announced

    @property
    def has_next(self) -> bool | None:
        if not self.outcomes:
            return False
        if self.total is None:
            return False if self.end < self.wanted else None
        return self.total > self.end

    @property
    def problems(self) -> list[UpstreamBadResponse]:
        return [outcome for outcome in self.outcomes if isinstance(outcome, UpstreamBadResponse)]

    def place_of(self, native_id: str) -> int | None:
        """The offset of a row; None when it is not in this window."""
        for offset, outcome in enumerate(self.outcomes, self.start):
            if not isinstance(outcome, UpstreamBadResponse) and outcome.native_id == native_id:
                return offset
        return None

    def shows_other_row_at(self, offset: int) -> bool:
        """Whether a readable row stands at ``offset``, asked when a certain one is not in this window."""
        inside = self.start <= offset < self.end
        return inside and not isinstance(self.outcomes[offset - self.start], UpstreamBadResponse)

    def after(self, offset: int) -> "_Window[T]":
        """What stands behind ``offset``."""
        return replace(self, start=offset + 1, outcomes=self.outcomes[offset + 1 - self.start :])

    def limited(self, count: int) -> "_Window[T]":
        """The same up to the ``count``-th readable row."""
        readable = 0
        for place, outcome in enumerate(self.outcomes, 1):
            readable += not isinstance(outcome, UpstreamBadResponse)
            if readable == count:
                return replace(self, outcomes=self.outcomes[:place], wanted=self.start + place)
        return self

    def rows(self) -> tuple[Row[T], ...]:
        """The readable rows; each cursor goes on at the next readable one, so that no problem is reported twice."""
        rows: list[Row[T]] = []
        following = self.end
        for offset, outcome in reversed(tuple(enumerate(self.outcomes, self.start))):
            if not isinstance(outcome, UpstreamBadResponse):
                cursor = _Cursor(following, self.total, outcome.native_id)
                rows.append(Row(outcome, msgspec.json.encode(cursor).decode()))
                following = offset
        return tuple(reversed(rows))


async def read_numbered(fetch: FetchPage[T], *, provider_key: str, first: int, after: str | None) -> Page[T]:
    """``first`` rows (1 to 100) after a cursor made here; fewer when rows moved, were unreadable, or are the last.

    One call whenever a single page of at most 100 rows covers the wanted ones, else two; more only when the list
    changed since the cursor was made, ended early, or nothing readable was found. Raises BadCursor.
    """
    reader = _Reader(fetch, provider_key)
    if after is None:
        window = await reader.window(0, first)
    else:
        window = await reader.resume(_cursor(after, provider_key), first)
    problems = window.problems
    for _ in range(_FRUITLESS_READS):
        rows = window.rows()
        if rows or window.has_next is False:
            return Page(rows=rows, has_next=window.has_next, total=window.total, problems=tuple(problems))
        window = (await reader.window(window.end, _SIZE_LIMIT)).limited(first)
        problems += window.problems
    raise problems[0]


class _Reader(Generic[T]):
    def __init__(self, fetch: FetchPage[T], provider_key: str) -> None:
        self._fetch = fetch
        self._provider_key = provider_key

    async def window(self, start: int, count: int) -> _Window[T]:
        """``count`` rows from offset ``start``, in one call or two."""
        return await self._read(start, start + count, _covering(start, start + count) or _SIZE_LIMIT)

    async def window_with_front(self, start: int, count: int) -> _Window[T]:
        """As :meth:`window`, from one row earlier unless that would cost a second call."""
        end = start + count
        size = _covering(start - 1, end)
        if size is None and (plain := _covering(start, end)) is not None:
            return await self._read(start, end, plain)
        return await self._read(start - 1, end, size or _SIZE_LIMIT)

    async def _read(self, start: int, end: int, size: int) -> _Window[T]:
        """The rows from offset ``start`` up to ``end``, out of a page of ``size`` rows and, if need be, the next."""
        number = start // size
        page = await self._page(number, size)
        outcomes, total = page.outcomes[start - number * size : end - number * size], page.total
        reach = (number + 1) * size
        if reach < end and len(page.outcomes) == size and (total is None or total > reach):
            page = await self._page(number + 1, size)
            outcomes, total = outcomes + page.outcomes[: end - reach], page.total
        return _Window(start, end, outcomes, total)

    async def resume(self, cursor: _Cursor, first: int) -> _Window[T]:
        """``first`` rows behind the cursor's row, wherever that row stands now."""
        window = await self.window_with_front(cursor.offset, first)
        if window.end <= cursor.offset and (window.announced is None or window.announced > cursor.offset):
            window = await self.window(cursor.offset, first)
        place = window.place_of(cursor.native_id)
        onward = await self._onward(cursor, window) if place is None else place + 1
        if onward == cursor.offset:
            return window.after(onward - 1) if window.start < onward else window
        if place is not None and onward < window.end:
            window = window.after(place)
        else:
            window = await self.window(onward, first)
        if window.place_of(cursor.native_id) is not None:
            raise UpstreamBadResponse(
                f"{self._provider_key} answers with the same rows again and again.", provider_key=self._provider_key
            )
        return window

    async def _onward(self, cursor: _Cursor, window: _Window[T]) -> int:
        """The offset behind the cursor's row, which is not in ``window``, or of what took its place."""
        total = window.announced
        grown = 0 if total is None or cursor.total is None else total - cursor.total
        if grown == 0 and not window.shows_other_row_at(cursor.offset - 1):
            return cursor.offset
        guess = cursor.offset + grown - _LOOK_AROUND // 2
        around = await self.window(max(0, guess), _LOOK_AROUND)
        place = around.place_of(cursor.native_id)
        if place is not None:
            return place + 1
        return cursor.offset if grown > 0 else cursor.offset - 1

    async def _page(self, number: int, size: int) -> NumberedPage[T]:
        page = await self._fetch(number + 1, size)
        if page.size is not None and page.size != size and (page.total or 0) > min(page.size, size):
            raise UpstreamBadResponse(
                f"{self._provider_key} answered with pages of another size than asked for.",
                provider_key=self._provider_key,
            )
        return NumberedPage(page.outcomes[:size], page.total)


def _covering(start: int, end: int) -> int | None:
    """The smallest page size at which one page holds the rows from offset ``start`` up to ``end``; None for none."""
    return next((size for size in range(end - start, _SIZE_LIMIT + 1) if start // size == (end - 1) // size), None)


def _cursor(text: str, provider_key: str) -> _Cursor:
    try:
        return msgspec.json.decode(text, type=_Cursor)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise BadCursor("The cursor is not one of this list's.", provider_key=provider_key) from error
