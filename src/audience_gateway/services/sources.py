"""What each provider contributed to a list over all of them, and whether it should be asked again first."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from audience_gateway.config import LOCAL_KEY
from audience_gateway.domain.audience import AudienceStatus
from audience_gateway.domain.capability import Capabilities
from audience_gateway.domain.catalogue import SourceRecord
from audience_gateway.domain.errors import BadInput, DeadlineExceeded, GatewayError, UnsupportedOperation
from audience_gateway.ports import AudienceIndex, Clock
from audience_gateway.services.guard import Guarded
from audience_gateway.services.refresher import Refresher

_PATIENCE_SHARE = 0.9
"""How much of a caller's time may be spent waiting for providers; the rest is for reading the index."""
_LONGEST_PAUSE_SECONDS = 60.0
_PATIENT_FAILURES = 3
"""After how many failures in a row not even a caller who wants newer answers has a pausing provider asked."""
_WORTH_WAITING = timedelta(seconds=10)
"""After how long a first reading that is still going on is not waited for by those who come later."""
_CLOCKS_APART = timedelta(seconds=5)


class SourceState(Enum):
    """What a provider contributed to a list."""

    FRESH = "FRESH"
    STALE = "STALE"
    WARMING = "WARMING"
    UNAVAILABLE = "UNAVAILABLE"
    EXCLUDED = "EXCLUDED"


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One provider's line: ``as_of`` is when it was asked for what it contributed.

    :param problem: why it could not be asked again, or why something of it is missing.
    :param missing: whether something of it is, or may be, missing.
    """

    provider_key: str
    state: SourceState
    as_of: datetime | None = None
    problem: GatewayError | None = None
    missing: bool = False

    @classmethod
    def excluded(cls, provider_key: str) -> "SourceReport":
        """The line of a provider that was not asked."""
        return cls(provider_key, SourceState.EXCLUDED)


def is_complete(reports: Sequence[SourceReport]) -> bool:
    """Whether every selected provider contributed everything it has."""
    return not any(report.missing for report in reports)


class Sources:
    """The providers as sources of lists, kept as fresh as the caller wants.

    :param providers: all of them by key, in the order in which they are shown; the local one is always fresh.
    :param freshness: how old what a provider said may be before it is asked again in the background; with zero it is
        asked, and waited for, each time.
    """

    def __init__(
        self,
        providers: Mapping[str, Guarded],
        index: AudienceIndex,
        refresher: Refresher,
        clock: Clock,
        freshness: timedelta,
    ) -> None:
        self.providers = providers
        self._index = index
        self._refresher = refresher
        self._clock = clock
        self._freshness = freshness

    def select(self, wanted: Sequence[str] | None, statuses: Collection[AudienceStatus]) -> tuple[str, ...]:
        """The providers that can contribute audiences of those statuses; raises BadInput for unknown ones."""
        unknown = [key for key in wanted or () if key not in self.providers]
        if unknown:
            raise BadInput(f"filter.providerKeys: there is no provider {unknown[0]!r}.")
        return tuple(
            key
            for key, provider in self.providers.items()
            if (wanted is None or key in wanted) and _has_any(provider.capabilities, statuses)
        )

    async def report(
        self,
        selected: Collection[str],
        statuses: Collection[AudienceStatus],
        *,
        max_age_seconds: int | None,
        deadline: float,
    ) -> list[SourceReport]:
        """One line for each provider, selected or not, after those that must be have been asked again.

        :param max_age_seconds: how old what is reported may be; None for whatever there is.
        :param deadline: the moment of the event loop's clock by which there must be an answer.
        """
        remote = [key for key in self.providers if key in selected and key != LOCAL_KEY]
        now = self._clock.now()
        since = self._since(max_age_seconds, now)
        records = await self._index.sources(remote, now=now)
        waiting = [key for key in remote if self._must_wait(records[key], since, now)]
        problems: Mapping[str, GatewayError] = {}
        if waiting:
            problems = await self._wait(waiting, since or now - self._freshness, deadline)
            now = self._clock.now()
            records = await self._index.sources(remote, now=now)
        fresh_since = now - self._freshness
        for key in remote:
            record = records[key]
            if key not in waiting and not _within(record.read_at, fresh_since, now) and not _pausing(record, now):
                self._refresher.start(key, fresh_since)
        lines = _Lines(statuses, since or fresh_since, now)
        return [
            SourceReport.excluded(key)
            if key not in selected
            else lines.local(key)
            if key == LOCAL_KEY
            else lines.remote(records[key], problems.get(key), provider.capabilities)
            for key, provider in self.providers.items()
        ]

    def witness_store(self, failure: GatewayError | None) -> None:
        """Count, for the health of the local provider, that the index could be read, or why not."""
        if LOCAL_KEY in self.providers:
            self.providers[LOCAL_KEY].witness(failure)

    async def fresh(self, provider_keys: Collection[str]) -> set[str]:
        """Those of the providers whose audiences in the index are fresh."""
        remote = [key for key in provider_keys if key in self.providers and key != LOCAL_KEY]
        now = self._clock.now()
        records = await self._index.sources(remote, now=now)
        return {key for key in remote if _within(records[key].read_at, now - self._freshness, now)}

    async def read_at(self, provider_keys: Sequence[str]) -> list[datetime | None]:
        """When the last reading in the index of each provider began, in order."""
        records = await self._index.sources(provider_keys, now=self._clock.now())
        return [records[key].read_at for key in provider_keys]

    def _since(self, max_age_seconds: int | None, now: datetime) -> datetime | None:
        """From when on what providers said is good enough to be waited for; None when nothing is waited for."""
        if max_age_seconds is None:
            return None if self._freshness else now
        return now - timedelta(seconds=max_age_seconds)

    @staticmethod
    def _must_wait(record: SourceRecord, since: datetime | None, now: datetime) -> bool:
        if since is not None:
            urgent = record.failures < _PATIENT_FAILURES and not _told_to_wait(record)
            return not _within(record.read_at, since, now) and (urgent or not _pausing(record, now))
        long_since = record.reading_since is not None and now - record.reading_since > _WORTH_WAITING
        return record.read_at is None and record.failures == 0 and not long_since

    async def _wait(self, provider_keys: Sequence[str], since: datetime, deadline: float) -> dict[str, GatewayError]:
        """Wait for readings, all side by side; gives what kept them from ending, by provider."""
        now = asyncio.get_running_loop().time()
        patience = now + (deadline - now) * _PATIENCE_SHARE

        async def wait(key: str) -> GatewayError | None:
            try:
                async with asyncio.timeout_at(patience):
                    return await self._refresher.settled(key, since)
            except TimeoutError:
                return DeadlineExceeded(f"There was no time left to hear from {key}.", provider_key=key)

        answers = await asyncio.gather(*(wait(key) for key in provider_keys))
        return {key: answer for key, answer in zip(provider_keys, answers, strict=True) if answer is not None}


class _Lines:
    """The lines of one report.

    :param since: from when on what a provider said is fresh.
    """

    def __init__(self, statuses: Collection[AudienceStatus], since: datetime, now: datetime) -> None:
        self._statuses = statuses
        self._since = since
        self._now = now

    def local(self, provider_key: str) -> SourceReport:
        return SourceReport(provider_key, SourceState.FRESH, as_of=self._now)

    def remote(self, record: SourceRecord, problem: GatewayError | None, capabilities: Capabilities) -> SourceReport:
        """The line of one provider; ``problem`` is what kept its reading from ending in time."""
        gap = record.gap or self._unlisted(record.provider_key, capabilities)
        if problem is None and _within(record.read_at, self._since, self._now):
            return SourceReport(record.provider_key, SourceState.FRESH, record.read_at, gap, gap is not None)
        reason = problem or _failure(record, self._now)
        if record.read_at is None:
            warming = reason is None or isinstance(reason, DeadlineExceeded)
            state = SourceState.WARMING if warming else SourceState.UNAVAILABLE
            return SourceReport(record.provider_key, state, None, reason, missing=True)
        return SourceReport(record.provider_key, SourceState.STALE, record.read_at, reason or gap, gap is not None)

    def _unlisted(self, key: str, capabilities: Capabilities) -> GatewayError | None:
        """Why not every audience of the wanted statuses can be known; None when all can."""
        if not capabilities.unlisted:
            return None
        for status in self._statuses:
            if status in capabilities.unlisted:
                return UnsupportedOperation(f"{key} does not list {status.value} audiences.", provider_key=key)
        return None


def _within(moment: datetime | None, since: datetime, now: datetime) -> bool:
    """Whether something happened since; a moment far in the future was dated by a clock that was wrong."""
    return moment is not None and since <= moment <= now + _CLOCKS_APART


def _told_to_wait(record: SourceRecord) -> bool:
    return record.failure is not None and record.failure.retry_after_seconds is not None


def _pausing(record: SourceRecord, now: datetime) -> bool:
    return _pause_seconds(record, now) > 0


def _pause_seconds(record: SourceRecord, now: datetime) -> float:
    """For how long a provider that fails is left alone: a second, doubling, or what it asked for."""
    if record.failure is None or record.failed_at is None:
        return 0.0
    pause = min(_LONGEST_PAUSE_SECONDS, 2.0 ** min(record.failures - 1, 10))
    pause = max(pause, min(record.failure.retry_after_seconds or 0.0, _LONGEST_PAUSE_SECONDS))
    passed = now - record.failed_at
    return max(0.0, pause - passed.total_seconds()) if passed >= -_CLOCKS_APART else 0.0


def _failure(record: SourceRecord, now: datetime) -> GatewayError | None:
    """Why the last reading failed, with the time until the next is tried."""
    failure, pause = record.failure, _pause_seconds(record, now)
    if failure is not None and failure.retryable and pause > 0:
        failure.retry_after_seconds = pause
    return failure


def _has_any(capabilities: Capabilities, statuses: Collection[AudienceStatus]) -> bool:
    return any(status in capabilities.statuses or status in capabilities.unlisted for status in statuses)
