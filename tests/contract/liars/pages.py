"""Lies about pages: wrong rows, wrong sizes, wrong ends, wrong cursors."""

from dataclasses import replace

from audience_gateway.domain.errors import BadCursor, NotFound, ProviderFault
from audience_gateway.domain.page import Page
from tests.contract.liars.relay import Read, Relay, T


class SkipsARowPerPage(Relay):
    async def page(self, read: Read[T], first: int, after: str | None) -> Page[T]:
        page = await read(first, after)
        return page if after is None else replace(page, rows=page.rows[1:])


class RepeatsARow(Relay):
    async def page(self, read: Read[T], first: int, after: str | None) -> Page[T]:
        page = await read(first, after)
        return replace(page, rows=(*page.rows[:1], *page.rows)[:first])


class SwapsTwoRowsInLargePages(Relay):
    async def page(self, read: Read[T], first: int, after: str | None) -> Page[T]:
        page = await read(first, after)
        return replace(page, rows=page.rows[1::-1] + page.rows[2:]) if first > 5 else page


class LosesALastSingleRow(Relay):
    async def page(self, read: Read[T], first: int, after: str | None) -> Page[T]:
        page = await read(first, after)
        lost = after is not None and len(page.rows) == 1 and not page.has_next
        return replace(page, rows=()) if lost else page


class IgnoresHowManyAreWanted(Relay):
    async def page(self, read: Read[T], first: int, after: str | None) -> Page[T]:
        return await read(min(20, max(first, 20)), after)


class SendsShortPages(Relay):
    async def page(self, read: Read[T], first: int, after: str | None) -> Page[T]:
        return await read(max(1, first - 1), after)


class EndsEarly(Relay):
    async def page(self, read: Read[T], first: int, after: str | None) -> Page[T]:
        return replace(await read(first, after), has_next=False)


class NeverEnds(Relay):
    async def page(self, read: Read[T], first: int, after: str | None) -> Page[T]:
        page = await read(first, after)
        return replace(page, has_next=True) if page.rows else page


class DoesNotSayWhereItEnds(Relay):
    async def page(self, read: Read[T], first: int, after: str | None) -> Page[T]:
        return replace(await read(first, after), has_next=None)


class CountsWrong(Relay):
    async def page(self, read: Read[T], first: int, after: str | None) -> Page[T]:
        page = await read(first, after)
        return replace(page, total=len(page.rows))


class HasOneCursorAPage(Relay):
    async def page(self, read: Read[T], first: int, after: str | None) -> Page[T]:
        page = await read(first, after)
        return replace(page, rows=tuple(replace(row, cursor=page.rows[-1].cursor) for row in page.rows))


class StartsAgainOnForeignCursors(Relay):
    async def page(self, read: Read[T], first: int, after: str | None) -> Page[T]:
        try:
            return await read(first, after)
        except BadCursor:
            return await read(first, None)


class GoesOnBehindRowsOfOtherLists(Relay):
    """Takes a cursor for any position that it has ever given out."""

    async def page(self, read: Read[T], first: int, after: str | None) -> Page[T]:
        try:
            return await read(first, after)
        except BadCursor:
            if after is None or not after.endswith("]"):
                raise
            start = await read(first, None)
            return await read(first, start.end_cursor)


class ChokesOnForeignCursors(Relay):
    async def page(self, read: Read[T], first: int, after: str | None) -> Page[T]:
        try:
            return await read(first, after)
        except BadCursor as error:
            raise ValueError from error


class FindsNobodyInsteadOfNothing(Relay):
    async def page(self, read: Read[T], first: int, after: str | None) -> Page[T]:
        try:
            return await read(first, after)
        except NotFound:
            return Page(rows=(), has_next=False)


class FindsNobodyWhenItFails(Relay):
    async def page(self, read: Read[T], first: int, after: str | None) -> Page[T]:
        try:
            return await read(first, after)
        except ProviderFault:
            return Page(rows=(), has_next=False)
