"""One account in memory, read into an index in memory, and tricks that lists play."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from audience_gateway.domain.audience import Audience, AudienceStatus
from audience_gateway.domain.catalogue import SourceRecord
from audience_gateway.domain.errors import UpstreamBadResponse
from audience_gateway.domain.page import Page
from audience_gateway.services.guard import Guarded
from audience_gateway.services.reading import Reader
from tests.unit.accounts import Account, SetClock, audience
from tests.unit.memory_index import MemoryIndex

ACTIVE, ARCHIVED = AudienceStatus.ACTIVE, AudienceStatus.ARCHIVED
PROBLEM = UpstreamBadResponse("audiences[3].id", provider_key="one")
Trick = Callable[[Page[Audience]], Page[Audience]]


def some(count: int, start: int = 0) -> list[Audience]:
    return [audience(f"{number:03}") for number in range(start, start + count)]


def as_it_is(page: Page[Audience]) -> Page[Audience]:
    return page


def with_another_total(page: Page[Audience]) -> Page[Audience]:
    return replace(page, total=(page.total or 0) + 1)


def cut_short(page: Page[Audience]) -> Page[Audience]:
    """Fewer than it says it has, and no more to come."""
    return replace(page, rows=page.rows[:1], has_next=False)


def unreadable_in_part(page: Page[Audience]) -> Page[Audience]:
    return replace(page, rows=page.rows[1:], problems=(PROBLEM,))


class Read:
    """One account and the index of it; every reading begins a second after the last."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.index = MemoryIndex()
        self._clock = SetClock()
        self._guarded = Guarded(account, self._clock)

    async def again(self) -> SourceRecord:
        """Read, and say how far the index follows then."""
        now = self._clock.now()
        reading = await self.index.begin("one", wanted_since=now, now=now, lease_seconds=30)
        assert reading is not None
        self._clock.moment += timedelta(seconds=1)
        before = (await self.index.sources(["one"], now=now))["one"]
        await Reader(self._guarded, self.index, self._clock, reading).read(before.suspicion)
        return (await self.index.sources(["one"], now=now))["one"]

    @property
    def ids(self) -> list[str]:
        return sorted(ref.native_id for ref in self.index.audiences)

    @property
    def gets(self) -> list[object]:
        return [argument for method, argument in self.account.calls if method.startswith("get_")]

    def lose(self, native_ids: Iterable[str]) -> None:
        for native_id in native_ids:
            del self.account.audiences[native_id]


def account_of(count: int) -> Account:
    return Account("one", some(count), statuses=frozenset({ACTIVE}))
