"""A whole walk against vendors that limit requests: it takes its minutes, of virtual time, and misses nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

import httpx
import pytest

from audience_gateway.domain.errors import UpstreamRateLimited
from audience_gateway.domain.page import Page
from audience_gateway.sandbox.people import EPOCH, population
from tests.contract.dialects import Backdrop, backdrops
from tests.contract.harness import World, wire_of
from tests.contract.lists import KnownList, all_lists
from tests.contract.promises.paging import walk
from tests.contract.wire import Forward
from tests.virtual_time import LoopClock, virtual_time

T = TypeVar("T")

_WIRED = [backdrop for backdrop in backdrops() if backdrop.has_wire]
_WALKERS = 6
_MINUTES = 2
_MINUTE = 60.0
_TRIES = 3


@dataclass
class Record:
    """When the vendor let requests through and when it did not, in loop time."""

    allowed: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)

    async def keep(self, request: httpx.Request, forward: Forward) -> httpx.Response:
        reply = await forward(request)
        now = asyncio.get_running_loop().time()
        (self.refused if reply.status_code == httpx.codes.TOO_MANY_REQUESTS else self.allowed).append(now)
        return reply

    def minutes(self) -> list[int]:
        """How many were let through in each minute that opened with one of them."""
        counts: list[int] = []
        opened = float("-inf")
        for moment in self.allowed:
            if moment - opened >= _MINUTE:
                opened = moment
                counts.append(0)
            counts[-1] += 1
        return counts


@pytest.mark.parametrize("backdrop", _WIRED, ids=lambda backdrop: backdrop.name)
@virtual_time
async def test_a_patient_walk_keeps_to_the_limit_and_finds_everything(backdrop: Backdrop) -> None:
    """Several walkers share one account and wait as long as they are told to, or as the vendor's client does."""
    async with backdrop.open(World(population(size=200), LoopClock(EPOCH), limits=True)) as harness:
        record = Record()
        wire_of(harness).fault = record.keep
        lists = [_patient(known) for known in all_lists(harness)]
        while len(record.allowed) <= (harness.per_minute or 0) * _MINUTES:
            walked = await _walk_side_by_side(lists)

            assert [sorted(known.native_ids) for known in lists] == walked
        _assert_kept(record, harness.per_minute)


def _assert_kept(record: Record, per_minute: int | None) -> None:
    """No minute saw more than allowed, few minutes less than that, and refusals were few."""
    if per_minute is None:
        assert record.refused == []
        return
    minutes = record.minutes()

    assert len(minutes) > _MINUTES
    assert max(minutes) <= per_minute
    assert min(minutes[:-1]) == per_minute
    assert 1 <= len(record.refused) <= len(minutes) * _WALKERS * _TRIES


async def _walk_side_by_side(lists: list[KnownList]) -> list[list[str]]:
    slots = asyncio.Semaphore(_WALKERS)

    async def walk_one(known: KnownList) -> list[str]:
        async with slots:
            return sorted(await walk(known, 5))

    return list(await asyncio.gather(*map(walk_one, lists)))


def _patient(known: KnownList) -> KnownList:
    async def read(first: int, after: str | None) -> Page[str]:
        return await _waiting(lambda: known.read(first, after))

    return replace(known, read=read)


async def _waiting(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask until the answer is no longer to slow down, waiting as long as told."""
    while True:
        try:
            return await ask()
        except UpstreamRateLimited as error:
            if error.retry_after_seconds is None:
                raise
            await asyncio.sleep(error.retry_after_seconds)
