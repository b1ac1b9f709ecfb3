"""A list that others change while it is walked, in numbered pages or behind cursors, and how such a walk went."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from audience_gateway.domain.errors import BadCursor, UpstreamBadResponse
from audience_gateway.domain.page import Page
from audience_gateway.providers.fanfare.paging import CursorPage
from audience_gateway.upstream.numbered import NumberedPage


@dataclass(frozen=True, slots=True)
class Person:
    native_id: str


class Near(Enum):
    """What the place of a change is counted from."""

    START = "start"
    READER = "reader"
    END = "end"


@dataclass(frozen=True, slots=True)
class Change:
    """``removed`` rows leave and ``added`` ones come, ``shift`` rows behind a place."""

    near: Near
    shift: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Story:
    """What happens during a walk; where one of the lists is over, nothing happens any more.

    :param sizes: asked for in turn; the last one to the end.
    :param between_pages: what happens after each page.
    :param between_calls: what happens before each call but the first.
    :param broken: of which of the first rows, cyclically, the records cannot be read.
    """

    count: int
    sizes: tuple[int, ...]
    between_pages: tuple[tuple[Change, ...], ...] = ()
    between_calls: tuple[tuple[Change, ...], ...] = ()
    broken: tuple[bool, ...] = (False,)
    says_total: bool = True


@dataclass
class ChangingList:
    """The list as its provider sends it.

    :param order: every row there ever was, so that a cursor means the same when its row is gone.
    :param last_seen: the row where the reader is.
    :param calls: how many pages were read.
    """

    ids: list[str]
    broken: set[str] = field(default_factory=set)
    says_total: bool = True
    coming: Iterator[tuple[Change, ...]] = field(default_factory=lambda: iter(()))
    last_seen: str | None = None
    calls: int = 0
    added: int = 0
    order: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.order = list(self.ids)

    async def numbered(self, number: int, size: int) -> NumberedPage[Person]:
        """The page ``number``, from 1."""
        self._called()
        page = self.ids[(number - 1) * size : number * size]
        return NumberedPage(self._sent(page), len(self.ids) if self.says_total else None, size)

    async def behind(self, size: int, cursor: str | None) -> CursorPage[Person]:
        """The page behind the row that ``cursor`` names, whether it is still there or not."""
        self._called()
        there = set(self.ids)
        following = self.order if cursor is None else self.order[self.order.index(cursor) + 1 :]
        page = [each for each in following if each in there][:size]
        return CursorPage(self._sent(page), page[-1] if page else None)

    def _called(self) -> None:
        if self.calls:
            self.change(next(self.coming, ()))
        self.calls += 1

    def _sent(self, page: list[str]) -> tuple[Person | UpstreamBadResponse, ...]:
        return tuple(UpstreamBadResponse("A row.") if each in self.broken else Person(each) for each in page)

    def change(self, changes: tuple[Change, ...]) -> None:
        for change in changes:
            place = min(max(0, self._origin(change.near) + change.shift), len(self.ids))
            names = [f"new{self.added + number}" for number in range(change.added)]
            self.added += change.added
            after = self.order.index(self.ids[place - 1]) + 1 if place else 0
            self.order[after:after] = names
            self.ids[place : place + change.removed] = names

    def _origin(self, near: Near) -> int:
        if near is Near.READER and self.last_seen in self.ids:
            return self.ids.index(self.last_seen)
        return len(self.ids) if near is Near.END else 0


Read = Callable[[ChangingList, int, str | None], Awaitable[Page[Person]]]
"""A way to read a page of the list: how many rows, behind which cursor."""


@dataclass(frozen=True, slots=True)
class Walk:
    """How a walk went: what was seen, what stood in the list from start to end, and what pages cost."""

    seen: list[str]
    stable: list[str]
    calls: list[int]
    pages: list[Page[Person]]
    lost_its_place: bool

    @property
    def missed(self) -> set[str]:
        """Rows that should have been seen and were not, in a walk that came to its end."""
        return set() if self.lost_its_place else set(self.stable) - set(self.seen)

    @property
    def repeated(self) -> int:
        return len(self.seen) - len(set(self.seen))


async def walk(story: Story, read: Read) -> Walk:
    """Walk the list of ``story`` with ``read`` to its end, or until the place is lost."""
    ids = [f"row{number}" for number in range(story.count)]
    broken = {each for number, each in enumerate(ids) if story.broken[number % len(story.broken)]}
    people = ChangingList(list(ids), broken, story.says_total, iter(story.between_calls))
    seen: list[str] = []
    calls: list[int] = []
    pages: list[Page[Person]] = []
    lost_its_place = False
    after = None
    for turn in range(1000):
        people.calls = 0
        first = story.sizes[min(turn, len(story.sizes) - 1)]
        try:
            page = await read(people, first, after)
        except BadCursor:
            lost_its_place = True
            break
        finally:
            calls.append(people.calls)
        pages.append(page)
        seen += [person.native_id for person in page.values]
        people.last_seen = page.rows[-1].value.native_id if page.rows else None
        if page.has_next is False or not page.rows:
            break
        after = page.end_cursor
        people.change(story.between_pages[turn] if turn < len(story.between_pages) else ())
    stable = [each for each in ids if each in people.ids and each not in broken]
    return Walk(seen, stable, calls, pages, lost_its_place)
