"""Two indexes that are asked the same and must answer the same: the SQL one and its oracle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import delete

from audience_gateway.domain.audience import Audience, AudienceRef, AudienceSize, AudienceStatus, SizeBasis
from audience_gateway.domain.catalogue import AudiencePosition, AudienceWindow, KnownGroup, Reading, SourceRecord
from audience_gateway.domain.errors import GatewayError
from audience_gateway.ports import AudienceIndex
from audience_gateway.store import SqlStore
from audience_gateway.store.seed import SeedAudience, seed
from audience_gateway.store.tables import metadata
from tests.store.index_examples import PROVIDERS, REMOTE
from tests.store.population import START, people
from tests.unit.memory_index import MemoryIndex

PEOPLE = people(4)
LEASE_SECONDS = 30.0


async def emptied(store: SqlStore) -> SqlStore:
    """The store without anything in it."""
    async with store.database.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            await connection.execute(delete(table))
    return store


@dataclass
class Pair:
    """Both indexes, and the readings begun so far."""

    store: SqlStore
    memory: MemoryIndex
    now: datetime = START
    readings: list[Reading] = field(default_factory=list)

    @classmethod
    async def over(cls, store: SqlStore, local: Sequence[SeedAudience]) -> "Pair":
        """Both with these local audiences and nothing else."""
        await seed(await emptied(store), PEOPLE, local)
        counted = [replace(each.audience, size=AudienceSize(len(set(each.members)), SizeBasis.LIVE)) for each in local]
        return cls(store, MemoryIndex(counted, {each.audience.native_id: each.members for each in local}))

    async def ask(self, method: str, *arguments: object, **options: object) -> object:
        """What both answer, an error like a value."""
        expected = await _answer(self.memory, method, arguments, options)
        found = await _answer(self.store.index, method, arguments, options)
        assert described(expected) == described(found), method
        return found

    async def begin(self, provider_key: str, age: int = 0) -> None:
        """Take the right to read, unless there is a reading of at most that age in seconds."""
        since = self.now - timedelta(seconds=age)
        reading = await self.ask("begin", provider_key, wanted_since=since, now=self.now, lease_seconds=LEASE_SECONDS)
        if isinstance(reading, Reading):
            self.readings.append(reading)

    async def stage(self, reading: Reading, audiences: Sequence[Audience]) -> None:
        """Put aside what belongs to the reading's provider."""
        own = [replace(audience, provider_key=reading.provider_key) for audience in audiences]
        await self.ask("stage", reading, own, now=self.now, lease_seconds=LEASE_SECONDS)

    async def look(self, window: AudienceWindow) -> list[AudiencePosition]:
        """A page, and everything that is told beside it; where its audiences stand."""
        placed = await self.ask("page", window)
        await self.ask("count", window.query, window.provider_keys)
        await self.ask("count_of_unknown_size", window.query, window.provider_keys)
        assert isinstance(placed, list)
        return [each.position for each in placed]

    async def compare(self) -> None:
        """Everything else that can be asked, and every audience there is."""
        refs = list(self.memory.audiences)
        unknown = [AudienceRef("one", "unknown"), AudienceRef("one", "nul\x00"), AudienceRef("nobody", "a")]
        await self.ask("find", [*refs, *unknown, *refs])
        await self.ask("groups", PROVIDERS)
        await self.ask("audiences_of", ["p1", "p2", "p9"])
        await self.ask("sources", [*REMOTE, "nobody"], now=self.now)
        for key in REMOTE:
            await self.ask("sizes_due", key, before=self.now, limit=99)
            await self.ask("sizes_due", key, before=self.now - timedelta(minutes=1), limit=3)
        for reading in self.readings:
            await self.ask("missing", reading, [AudienceStatus.ACTIVE])


async def _answer(
    index: AudienceIndex, method: str, arguments: Sequence[object], options: Mapping[str, object]
) -> object:
    try:
        return await getattr(index, method)(*arguments, **options)
    except GatewayError as error:
        return error


def described(answer: object) -> object:
    """An answer that can be compared: errors by what they say, groups in any order."""
    match answer:
        case GatewayError():
            facts = (answer.retry_after_seconds, answer.upstream_status, answer.upstream_code)
            return type(answer).__name__, answer.code, *facts
        case SourceRecord():
            known = answer.gap and answer.gap.message, answer.failure and answer.failure.message
            return replace(answer, gap=None, failure=None), known, described(answer.gap), described(answer.failure)
        case dict():
            return {key: described(value) for key, value in answer.items()}
        case list() | tuple() if all(isinstance(each, KnownGroup | AudienceRef) for each in answer):
            return set(answer)
        case list() | tuple():
            return [described(each) for each in answer]
    return answer
