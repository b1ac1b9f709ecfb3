"""A gateway over accounts in memory, in virtual time: its lists, and how often each account was read for them."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from audience_gateway.domain.audience import AudienceStatus
from audience_gateway.domain.capability import Operation
from audience_gateway.domain.catalogue import AudienceQuery, AudienceSort, AudienceSortField, SortDirection
from audience_gateway.domain.errors import StoreBusy
from audience_gateway.domain.page import PageRequest
from audience_gateway.ports import AudienceIndex, Clock
from audience_gateway.services.background import Background
from audience_gateway.services.catalogue import AudiencePage
from audience_gateway.services.sources import SourceReport
from tests.unit.accounts import NOW, Account, audience
from tests.unit.memory_index import MemoryIndex
from tests.unit.services_over import services_over
from tests.virtual_time import LoopClock

BY_NAME = AudienceSort(AudienceSortField.NAME, SortDirection.ASC)
EVERYTHING = AudienceQuery()


class JumpingClock(LoopClock):
    """Follows the loop, but for jumps."""

    def __init__(self) -> None:
        super().__init__(NOW)
        self.ahead = timedelta()

    def now(self) -> datetime:
        """The present moment as this clock has it."""
        return super().now() + self.ahead


class AwayIndex(MemoryIndex):
    """Is away for the methods named in ``away``."""

    def __init__(self, *away: str) -> None:
        super().__init__()
        self.away = set(away)

    def __getattribute__(self, name: str) -> object:
        away: object = object.__getattribute__(self, "__dict__").get("away")
        return _is_away if isinstance(away, set) and name in away else super().__getattribute__(name)


class Lists:
    """The lists of a gateway. Another gateway may share the index."""

    def __init__(
        self,
        *accounts: Account,
        index: AudienceIndex | None = None,
        clock: Clock | None = None,
        freshness_seconds: float = 60,
    ) -> None:
        self.accounts = accounts
        self.index = index or MemoryIndex()
        self.clock = clock or LoopClock(NOW)
        self.background = Background()
        self.services = services_over(
            accounts,
            index=self.index,
            clock=self.clock,
            background=self.background,
            freshness_seconds=freshness_seconds,
        )

    async def page(
        self,
        query: AudienceQuery = EVERYTHING,
        *,
        size: int = 100,
        max_age_seconds: int | None = None,
        seconds: float = 10,
    ) -> AudiencePage:
        """A page by name, within ``seconds``."""
        return await self.services.catalogue.page(
            query,
            BY_NAME,
            PageRequest(size=size),
            max_age_seconds=max_age_seconds,
            deadline=now() + seconds,
        )

    async def report(self, *, max_age_seconds: int | None = None, seconds: float = 10) -> SourceReport:
        """The line of the first account."""
        return (await self.page(max_age_seconds=max_age_seconds, seconds=seconds)).sources[0]


async def _is_away(*_arguments: object, **_options: object) -> None:
    raise StoreBusy("The store is away.")


def now() -> float:
    """The loop's time, in seconds."""
    return asyncio.get_running_loop().time()


def readings_of(account: Account) -> int:
    """How often the account's list was begun."""
    first = ("list_audiences", (AudienceStatus.ACTIVE, 100, None))
    return account.calls.count(first)


def ids(page: AudiencePage) -> list[str]:
    """Who is on the page."""
    return [f"{row.value.provider_key}/{row.value.native_id}" for row in page.rows]


def account(key: str = "one", native_ids: Sequence[str] = "ab") -> Account:
    """An account with active audiences only."""
    return Account(
        key,
        [audience(native_id, key) for native_id in native_ids],
        statuses=frozenset({AudienceStatus.ACTIVE}),
        can=[operation for operation in Operation if operation is not Operation.READ_SIZE],
    )
