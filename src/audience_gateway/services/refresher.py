"""Bringing the index up to date: one reading a provider at a time, however many ask, in however many processes."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from audience_gateway.domain.catalogue import Reading, SourceRecord
from audience_gateway.domain.errors import GatewayError, InternalError, StoreBusy, Superseded, UpstreamTimeout
from audience_gateway.ports import AudienceIndex, Clock, Provider
from audience_gateway.services.background import Background
from audience_gateway.services.reading import LEASE_SECONDS, Reader
from audience_gateway.services.unexpected import without_words

_log = logging.getLogger(__name__)
_LONGEST_SECONDS = 900.0
_LOOK_AGAIN_SECONDS = 0.1
_HEARTBEAT_SECONDS = LEASE_SECONDS / 3
_CLOCKS_APART = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A reading under way in this process; it ends with what kept its outcome from being written, if anything did."""

    began_at: datetime
    task: "asyncio.Task[GatewayError | None]"


class Refresher:
    """Starts readings in the background and lets callers wait for them.

    :param providers: those that the index follows, by key.
    :param finished: told of each provider that has just been read.
    """

    def __init__(
        self,
        providers: Mapping[str, Provider],
        index: AudienceIndex,
        clock: Clock,
        background: Background,
        finished: Callable[[str], None],
    ) -> None:
        self._providers = providers
        self._index = index
        self._clock = clock
        self._background = background
        self._finished = finished
        self._attempts: dict[str, _Attempt] = {}

    def start(self, provider_key: str, since: datetime) -> None:
        """Read the provider in the background, unless that is under way or a reading since then is in the index."""
        if provider_key not in self._attempts:
            self._begin(provider_key, since)

    async def settled(self, provider_key: str, since: datetime) -> GatewayError | None:
        """Wait until a reading that began at ``since`` or later is in the index, or has failed.

        Joins a reading that is under way and began late enough. Returns what kept the outcome from being written;
        the outcome itself stands in the index.
        """
        tried_since = await self._join(provider_key, since)
        while True:
            # A clock that was set back would otherwise have the provider read until it has caught up.
            since, tried_since = (min(moment, self._clock.now()) for moment in (since, tried_since))
            record = await self._record(provider_key)
            if self._within(record.read_at, since) or self._within(record.failed_at, tried_since):
                return None
            attempt = self._attempts.get(provider_key) or self._begin(provider_key, since)
            problem = await asyncio.shield(attempt.task)
            if problem is not None:
                return problem

    async def _join(self, provider_key: str, since: datetime) -> datetime:
        """From when on a failure counts: of the reading under way when that began late enough, else from now on."""
        attempt = self._attempts.get(provider_key)
        under_way = attempt.began_at if attempt else (await self._record(provider_key)).reading_since
        return under_way if under_way is not None and under_way >= since else self._clock.now()

    def _within(self, moment: datetime | None, since: datetime) -> bool:
        """Whether something happened since; what lies in the future was dated by a clock that was wrong."""
        return moment is not None and since <= moment <= self._clock.now() + _CLOCKS_APART

    async def _record(self, provider_key: str) -> SourceRecord:
        return (await self._index.sources([provider_key], now=self._clock.now()))[provider_key]

    def _begin(self, provider_key: str, since: datetime) -> _Attempt:
        began_at = self._clock.now()
        task = self._background.start(self._read(provider_key, since, began_at))
        attempt = self._attempts[provider_key] = _Attempt(began_at, task)
        task.add_done_callback(lambda _: self._attempts.pop(provider_key, None))
        return attempt

    async def _read(self, provider_key: str, since: datetime, began_at: datetime) -> GatewayError | None:
        try:
            reading = await self._index.begin(
                provider_key, wanted_since=since, now=began_at, lease_seconds=LEASE_SECONDS
            )
            if reading is None:
                await self._watch(provider_key)
                return None
            failure = await self._read_under(reading)
            if failure is not None:
                blamed = None if isinstance(failure, StoreBusy) else failure
                await self._index.abandon(reading, blamed, now=self._clock.now())
                return failure if blamed is None else None
        except GatewayError as error:
            return error
        return None

    async def _read_under(self, reading: Reading) -> GatewayError | None:
        """Read, and say what went wrong; give the right back when stopped."""
        key = reading.provider_key
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                record = await self._record(key)
                reader = Reader(self._providers[key], self._index, self._clock, reading)
                await self._holding(reading, reader.read(record.suspicion))
        except Superseded:
            return None
        except GatewayError as error:
            return error
        except TimeoutError:
            return UpstreamTimeout(f"{key} took too long to list its audiences.", provider_key=key)
        except asyncio.CancelledError:
            await self._index.abandon(reading, None, now=self._clock.now())
            raise
        except Exception as error:  # noqa: BLE001 (whatever it is, the right must be given back)
            _log.error("reading %s failed: %s", key, without_words(error))
            return InternalError(f"Reading the audiences of {key} failed on our side.", provider_key=key)
        self._finished(key)
        return None

    async def _holding(self, reading: Reading, work: Coroutine[object, object, None]) -> None:
        """Do the work, and hold the right on for as long as it takes, however long one call does."""
        task = asyncio.get_running_loop().create_task(work)
        try:
            while not task.done():
                await asyncio.wait([task], timeout=_HEARTBEAT_SECONDS)
                if not task.done():
                    await self._index.stage(reading, (), now=self._clock.now(), lease_seconds=LEASE_SECONDS)
            await task
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _watch(self, provider_key: str) -> None:
        """Wait until whoever reads the provider in another process has finished, or shows no life any more."""
        while True:
            record = await self._record(provider_key)
            if record.reading_since is None:
                return
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
