"""The index of audiences in plain Python: what the SQL one is held against, and what stands in for it elsewhere."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from audience_gateway.config import LOCAL_KEY
from audience_gateway.domain.audience import Audience, AudienceRef, AudienceSize, AudienceStatus, SizeBasis
from audience_gateway.domain.catalogue import (
    AudiencePosition,
    AudienceQuery,
    AudienceSort,
    AudienceSortField,
    AudienceWindow,
    KnownGroup,
    PlacedAudience,
    Reading,
    SortDirection,
    SourceRecord,
)
from audience_gateway.domain.errors import GatewayError, Superseded
from audience_gateway.ports import AudienceIndex

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_LEASE = timedelta(minutes=5)


@dataclass
class _Source:
    """What is known of one provider, and the reading under way."""

    record: SourceRecord
    reading: int = 0
    until: datetime | None = None
    change: int = 0
    staged: dict[str, Audience] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)

    def alive(self, now: datetime) -> bool:
        """Whether the reader has shown life in time; none shows it so far ahead, but for a clock that was wrong."""
        return self.until is not None and now < self.until <= now + _LONGEST_LEASE


class MemoryIndex(AudienceIndex):
    """Holds what it is given; people of local audiences are told by ``members``."""

    def __init__(self, local: Sequence[Audience] = (), members: Mapping[str, Collection[str]] | None = None) -> None:
        self.audiences = {audience.ref: audience for audience in local}
        self.noted: dict[AudienceRef, datetime] = {}
        self._members = members or {}
        self._sources: dict[str, _Source] = {}
        self._accounts: dict[str, str] = {}

    async def page(self, window: AudienceWindow) -> Sequence[PlacedAudience]:
        found = sorted(
            (
                PlacedAudience(audience, position_of(audience, window.sort))
                for audience in self._wanted(window.query, window.provider_keys)
            ),
            key=lambda placed: order_key(placed.position, window.sort),
        )
        bounds = [None if each is None else order_key(each, window.sort) for each in (window.after, window.before)]
        inside = [
            placed
            for placed in found
            if (bounds[0] is None or order_key(placed.position, window.sort) > bounds[0])
            and (bounds[1] is None or order_key(placed.position, window.sort) < bounds[1])
        ]
        return inside[-window.limit :] if window.backward else inside[: window.limit]

    async def count(self, query: AudienceQuery, provider_keys: Sequence[str]) -> int:
        return len(self._wanted(query, provider_keys))

    async def count_of_unknown_size(self, query: AudienceQuery, provider_keys: Sequence[str]) -> Mapping[str, int]:
        numbers: dict[str, int] = {}
        for audience in self._wanted(replace(query, size=None), provider_keys):
            if size_value(audience) is None:
                numbers[audience.provider_key] = numbers.get(audience.provider_key, 0) + 1
        return numbers

    async def find(self, refs: Sequence[AudienceRef]) -> Mapping[AudienceRef, Audience]:
        return {ref: self.audiences[ref] for ref in refs if ref in self.audiences}

    async def audiences_of(self, member_ids: Sequence[str]) -> Mapping[str, Sequence[AudienceRef]]:
        return {
            member_id: [
                ref
                for ref, audience in self.audiences.items()
                if ref.provider_key == LOCAL_KEY
                and audience.status is AudienceStatus.ACTIVE
                and member_id in self._members.get(ref.native_id, ())
            ]
            for member_id in member_ids
        }

    async def groups(self, provider_keys: Sequence[str]) -> Sequence[KnownGroup]:
        found: dict[object, KnownGroup] = {}
        for ref in sorted(self.audiences, key=lambda ref: (ref.provider_key, ref.native_id)):
            audience = self.audiences[ref]
            if audience.provider_key in provider_keys and audience.status is AudienceStatus.ACTIVE and audience.group:
                named = replace(
                    audience.group, native_id=plain(audience.group.native_id), name=plain(audience.group.name)
                )
                group = KnownGroup(audience.provider_key, named)
                found.setdefault(group.key, group)
        return list(found.values())

    async def sources(self, provider_keys: Sequence[str], *, now: datetime) -> Mapping[str, SourceRecord]:
        return {key: self._record(key, now) for key in provider_keys}

    async def adopt(self, accounts: Mapping[str, str]) -> None:
        for key, account in accounts.items():
            if self._accounts.setdefault(key, account) != account:
                self._accounts[key] = account
                self.audiences = {ref: each for ref, each in self.audiences.items() if ref.provider_key != key}
                self.noted = {ref: at for ref, at in self.noted.items() if ref.provider_key != key}
                source = self._source(key)
                self._sources[key] = _Source(SourceRecord(provider_key=key), source.reading + 1, None, source.change)

    async def begin(
        self, provider_key: str, *, wanted_since: datetime, now: datetime, lease_seconds: float
    ) -> Reading | None:
        source = self._source(provider_key)
        read_at = source.record.read_at
        if source.alive(now) or (read_at is not None and wanted_since <= read_at <= now):
            return None
        source.reading += 1
        source.until = now + timedelta(seconds=lease_seconds)
        source.staged = {}
        source.record = replace(source.record, reading_since=now)
        return Reading(provider_key, source.reading, source.change, now)

    async def stage(
        self, reading: Reading, audiences: Sequence[Audience], *, now: datetime, lease_seconds: float
    ) -> Sequence[str]:
        source = self._held(reading)
        source.until = now + timedelta(seconds=lease_seconds)
        kept = [audience for audience in audiences if "\x00" not in audience.native_id]
        source.staged.update((audience.native_id, audience) for audience in kept)
        return [audience.native_id for audience in audiences if "\x00" in audience.native_id]

    async def restart(self, reading: Reading) -> None:
        self._held(reading).staged = {}

    async def missing(self, reading: Reading, statuses: Collection[AudienceStatus]) -> tuple[int, Sequence[str]]:
        known = [ref.native_id for ref in self._known(reading, statuses)]
        source = self._source(reading.provider_key)
        gone = (native_id for native_id in known if native_id not in source.staged)
        return len(known), sorted(native_id for native_id in gone if self._untouched(source, reading, native_id))

    async def finish(
        self,
        reading: Reading,
        *,
        statuses: Collection[AudienceStatus],
        retire: bool,
        kept: Collection[str] = (),
        gap: GatewayError | None = None,
        doubt: tuple[GatewayError, str] | None = None,
    ) -> None:
        source = self._held(reading)
        if retire:
            _, missing = await self.missing(reading, statuses)
            for native_id in set(missing) - set(kept):
                del self.audiences[AudienceRef(reading.provider_key, native_id)]
        for native_id, audience in source.staged.items():
            if self._untouched(source, reading, native_id):
                self._take_over(audience)
        if doubt is None:
            source.changes = {native_id: at for native_id, at in source.changes.items() if at > reading.change}
            source.record = SourceRecord(provider_key=reading.provider_key, read_at=reading.began_at, gap=gap)
        else:
            self._fail(source, doubt[0], reading.began_at)
            source.record = replace(source.record, suspicion=doubt[1])
        self._give_up(source)

    async def abandon(self, reading: Reading, failure: GatewayError | None, *, now: datetime) -> None:
        source = self._source(reading.provider_key)
        if source.reading == reading.number and source.until is not None:
            if failure is not None:
                self._fail(source, failure, now)
            self._give_up(source)

    async def put(self, audience: Audience) -> None:
        self._mark(audience.ref)
        self._take_over(audience)

    async def remove(self, ref: AudienceRef) -> None:
        self._mark(ref)
        self.audiences.pop(ref, None)

    async def sizes_due(self, provider_key: str, *, before: datetime, limit: int) -> Sequence[Audience]:
        due = [
            audience
            for ref, audience in self.audiences.items()
            if ref.provider_key == provider_key
            and audience.status is AudienceStatus.ACTIVE
            and (audience.size is None if ref not in self.noted else self.noted[ref] < before)
        ]
        due.sort(key=lambda each: (each.ref in self.noted, self.noted.get(each.ref, _EPOCH), each.native_id))
        return due[:limit]

    async def note_sizes(self, sizes: Mapping[AudienceRef, AudienceSize], *, now: datetime) -> None:
        for ref, size in sizes.items():
            if ref in self.audiences:
                self.audiences[ref] = replace(self.audiences[ref], size=dated(size, now))
                self.noted[ref] = now

    def _wanted(self, query: AudienceQuery, provider_keys: Sequence[str]) -> list[Audience]:
        return [
            audience
            for audience in self.audiences.values()
            if audience.provider_key in provider_keys and admits(query, audience)
        ]

    def _known(self, reading: Reading, statuses: Collection[AudienceStatus]) -> list[AudienceRef]:
        return [
            ref
            for ref, audience in self.audiences.items()
            if ref.provider_key == reading.provider_key and audience.status in statuses
        ]

    def _take_over(self, audience: Audience) -> None:
        """A size that was not told stays as it was."""
        before = self.audiences.get(audience.ref)
        size = audience.size if audience.size is not None or before is None else before.size
        if audience.size is not None:
            size = dated(audience.size, audience.fetched_at)
        self.audiences[audience.ref] = replace(audience, size=size)

    def _mark(self, ref: AudienceRef) -> None:
        source = self._source(ref.provider_key)
        source.change += 1
        source.changes[ref.native_id] = source.change

    @staticmethod
    def _untouched(source: _Source, reading: Reading, native_id: str) -> bool:
        return source.changes.get(native_id, 0) <= reading.change

    @staticmethod
    def _fail(source: _Source, failure: GatewayError, now: datetime) -> None:
        source.record = replace(source.record, failure=failure, failed_at=now, failures=source.record.failures + 1)

    @staticmethod
    def _give_up(source: _Source) -> None:
        source.staged, source.until = {}, None
        source.record = replace(source.record, reading_since=None)

    def _source(self, provider_key: str) -> _Source:
        return self._sources.setdefault(provider_key, _Source(SourceRecord(provider_key=provider_key)))

    def _record(self, provider_key: str, now: datetime) -> SourceRecord:
        source = self._source(provider_key)
        return source.record if source.alive(now) else replace(source.record, reading_since=None)

    def _held(self, reading: Reading) -> _Source:
        source = self._source(reading.provider_key)
        if source.reading != reading.number or source.until is None:
            raise Superseded("Another process reads now.", provider_key=reading.provider_key)
        return source


def admits(query: AudienceQuery, audience: Audience) -> bool:
    """Whether the query admits the audience; its provider has been chosen before."""
    size = size_value(audience)
    conditions: list[Callable[[], bool]] = [
        lambda: audience.status in query.statuses,
        lambda: query.kinds is None or audience.kind in query.kinds,
        lambda: not query.name_contains or query.name_contains.casefold() in plain(audience.name).casefold(),
        lambda: (
            query.group is None
            or (audience.group is not None and (audience.provider_key, plain(audience.group.native_id)))
            == (query.group.provider_key, plain(query.group.native_id))
        ),
        lambda: (
            query.size is None
            or (
                size is not None
                and (query.size.least is None or size >= query.size.least)
                and (query.size.most is None or size <= query.size.most)
            )
        ),
        lambda: (
            query.created_at is None
            or (
                audience.created_at is not None
                and (query.created_at.start is None or audience.created_at >= query.created_at.start)
                and (query.created_at.end is None or audience.created_at < query.created_at.end)
            )
        ),
    ]
    return all(condition() for condition in conditions)


def position_of(audience: Audience, sort: AudienceSort) -> AudiencePosition:
    """Where the audience stands in that order."""
    values: dict[AudienceSortField, int | str | None] = {
        AudienceSortField.NAME: plain(audience.name).casefold()[:200],
        AudienceSortField.CREATED_AT: _microseconds(audience.created_at),
        AudienceSortField.UPDATED_AT: _microseconds(audience.updated_at),
        AudienceSortField.SIZE: size_value(audience),
        AudienceSortField.PROVIDER: audience.provider_key,
    }
    return AudiencePosition(values[sort.field], audience.provider_key, audience.native_id)


def order_key(position: AudiencePosition, sort: AudienceSort) -> tuple[object, ...]:
    """What positions are compared by: unknown values last, equal ones by provider and identifier."""
    value = position.value
    down = sort.direction is SortDirection.DESC
    ties = (position.provider_key, position.native_id)
    if value is None:
        return (1, 0, *ties)
    if isinstance(value, int):
        return (0, -value if down else value, *ties)
    # Text runs downwards when every character does, and its end stands behind every character.
    return (0, (*(-ord(character) for character in value), 1) if down else value, *ties)


def size_value(audience: Audience) -> int | None:
    """The last known size."""
    return None if audience.size is None else audience.size.value


def dated(size: AudienceSize, told_at: datetime) -> AudienceSize:
    """A size that comes without its moment was true when it was told, unless it was counted from stored membership."""
    if size.as_of is not None or size.value is None or size.basis is SizeBasis.MATERIALIZED:
        return size
    return replace(size, as_of=told_at)


def plain(text: str) -> str:
    """Text as databases hold it: what they cannot is replaced."""
    return text.replace("\x00", "\ufffd")


def _microseconds(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)
