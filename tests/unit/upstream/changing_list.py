"""A numbered list that others change while it is walked, and the promise that such a walk must keep."""

from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from audience_gateway.domain.errors import BadCursor, UpstreamBadResponse
from audience_gateway.domain.page import Page
from audience_gateway.upstream.numbered import FetchPage, NumberedPage


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


class Reader(Protocol):
    def __call__(
        self, fetch: FetchPage[Person], *, provider_key: str, first: int, after: str | None
    ) -> Awaitable[Page[Person]]: ...


@dataclass
class ChangingList:
    """The list as its provider sends it. ``last_seen`` is the row where the reader is, ``calls`` counts pages read."""

    ids: list[str]
    broken: set[str] = field(default_factory=set)
    says_total: bool = True
    coming: Iterator[tuple[Change, ...]] = field(default_factory=lambda: iter(()))
    last_seen: str | None = None
    calls: int = 0
    added: int = 0

    async def fetch(self, number: int, size: int) -> NumberedPage[Person]:
        if self.calls:
            self.change(next(self.coming, ()))
        self.calls += 1
        page = self.ids[(number - 1) * size : number * size]
        outcomes = tuple(UpstreamBadResponse("A row.") if each in self.broken else Person(each) for each in page)
        return NumberedPage(outcomes, len(self.ids) if self.says_total else None, size)

    def change(self, changes: tuple[Change, ...]) -> None:
        for change in changes:
            place = min(max(0, self._origin(change.near) + change.shift), len(self.ids))
            names = [f"new{self.added + number}" for number in range(change.added)]
            self.added += change.added
            self.ids[place : place + change.removed] = names

    def _origin(self, near: Near) -> int:
        if near is Near.READER and self.last_seen in self.ids:
            return self.ids.index(self.last_seen)
        return len(self.ids) if near is Near.END else 0


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


async def walk(story: Story, read: Reader) -> Walk:
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
            page = await read(people.fetch, provider_key="vendor", first=first, after=after)
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
