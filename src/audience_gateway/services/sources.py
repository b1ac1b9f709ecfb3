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
_CLOCKS_APART_SECONDS = 5.0


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
        since = self._since(max_age_seconds)
        records = await self._index.sources(remote, now=self._clock.now())
        waiting = [key for key in remote if self._must_wait(records[key], since)]
        problems = await self._wait(waiting, since or self._clock.now() - self._freshness, deadline)
        if waiting:
            records = await self._index.sources(remote, now=self._clock.now())
        for key in remote:
            if key not in waiting and not self.is_fresh(records[key]) and not self._pausing(records[key]):
                self._refresher.start(key, self._clock.now() - self._freshness)
        return [
            self._report(key, key in selected, records.get(key), problems.get(key), since, statuses)
            for key in self.providers
        ]

    def witness_store(self, failure: GatewayError | None) -> None:
        """Count, for the health of the local provider, that the index could be read, or why not."""
        if LOCAL_KEY in self.providers:
            self.providers[LOCAL_KEY].witness(failure)

    async def fresh(self, provider_keys: Collection[str]) -> set[str]:
        """Those of the providers whose audiences in the index are fresh."""
        remote = [key for key in provider_keys if key in self.providers and key != LOCAL_KEY]
        records = await self._index.sources(remote, now=self._clock.now())
        return {key for key in remote if self.is_fresh(records[key])}

    async def read_at(self, provider_keys: Sequence[str]) -> list[datetime | None]:
        """When the last reading in the index of each provider began, in order."""
        records = await self._index.sources(provider_keys, now=self._clock.now())
        return [records[key].read_at for key in provider_keys]

    def is_fresh(self, record: SourceRecord) -> bool:
        """Whether what the provider said is recent; a moment far in the future was dated by a clock that was wrong."""
        return self._within(record.read_at, self._clock.now() - self._freshness)

    def _since(self, max_age_seconds: int | None) -> datetime | None:
        if max_age_seconds is None:
            return None if self._freshness else self._clock.now()
        return self._clock.now() - timedelta(seconds=max_age_seconds)

    def _must_wait(self, record: SourceRecord, since: datetime | None) -> bool:
        if since is not None:
            return not self._within(record.read_at, since)
        return record.read_at is None and not self._pausing(record)

    def _within(self, moment: datetime | None, since: datetime) -> bool:
        latest = self._clock.now() + timedelta(seconds=_CLOCKS_APART_SECONDS)
        return moment is not None and since <= moment <= latest

    def _pausing(self, record: SourceRecord) -> bool:
        return self._pause_seconds(record) > 0

    def _pause_seconds(self, record: SourceRecord) -> float:
        """For how long a provider that fails is left alone: a second, doubling, or what it asked for."""
        if record.failure is None or record.failed_at is None:
            return 0.0
        pause = min(_LONGEST_PAUSE_SECONDS, 2.0 ** min(record.failures - 1, 10))
        pause = max(pause, min(record.failure.retry_after_seconds or 0.0, _LONGEST_PAUSE_SECONDS))
        passed = (self._clock.now() - record.failed_at).total_seconds()
        return max(0.0, pause - passed) if passed >= -_CLOCKS_APART_SECONDS else 0.0

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

    def _report(
        self,
        key: str,
        selected: bool,
        record: SourceRecord | None,
        problem: GatewayError | None,
        since: datetime | None,
        statuses: Collection[AudienceStatus],
    ) -> SourceReport:
        if not selected:
            return SourceReport(key, SourceState.EXCLUDED)
        if record is None:
            return SourceReport(key, SourceState.FRESH, as_of=self._clock.now())
        unlisted = _unlisted(key, self.providers[key].capabilities, statuses)
        if record.read_at is None:
            reason = problem or self._failure(record)
            warming = isinstance(reason, DeadlineExceeded) or reason is None
            state = SourceState.WARMING if warming else SourceState.UNAVAILABLE
            return SourceReport(key, state, problem=reason or unlisted, missing=True)
        fresh = problem is None and self._within(record.read_at, since or self._clock.now() - self._freshness)
        gap = record.gap or unlisted
        return SourceReport(
            key,
            SourceState.FRESH if fresh else SourceState.STALE,
            as_of=record.read_at,
            problem=gap if fresh else problem or self._failure(record) or gap,
            missing=gap is not None,
        )

    def _failure(self, record: SourceRecord) -> GatewayError | None:
        """Why the last reading failed, with the time until the next is tried."""
        failure, pause = record.failure, self._pause_seconds(record)
        if failure is not None and failure.retryable and pause > 0:
            failure.retry_after_seconds = pause
        return failure


def _has_any(capabilities: Capabilities, statuses: Collection[AudienceStatus]) -> bool:
    return any(status in capabilities.statuses or status in capabilities.unlisted for status in statuses)


def _unlisted(key: str, capabilities: Capabilities, statuses: Collection[AudienceStatus]) -> GatewayError | None:
    """Why not every audience of those statuses can be known; None when all can."""
    hidden = [status for status in statuses if status in capabilities.unlisted]
    if not hidden:
        return None
    return UnsupportedOperation(f"{key} does not list {hidden[0].value} audiences.", provider_key=key)
