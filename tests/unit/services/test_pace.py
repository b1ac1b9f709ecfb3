"""Calls that can wait go only while half of a provider's calls a minute is left for those that cannot."""

import asyncio

import pytest

from audience_gateway.services.pace import Pace
from tests.unit.services.lists import now
from tests.virtual_time import virtual_time


async def spare_calls(pace: Pace, seconds: float) -> int:
    """How many calls that can wait go within that time, one after another."""
    made, until = 0, now() + seconds
    try:
        async with asyncio.timeout_at(until):
            while True:
                await pace.spare()
                pace.spend()
                made += 1
    except TimeoutError:
        return made


@virtual_time
async def test_background_calls_use_half_the_bucket_and_then_what_flows_in() -> None:
    pace = Pace(60)

    assert await spare_calls(pace, 0.5) == 30
    assert await spare_calls(pace, 60) == pytest.approx(60, abs=1)


@virtual_time
async def test_calls_that_somebody_waits_for_go_first_and_are_never_refused() -> None:
    pace = Pace(60)
    for _ in range(200):
        pace.spend()

    assert not pace.has_spare
    assert await spare_calls(pace, 30) == 0
    assert await spare_calls(pace, 30) == pytest.approx(30, abs=1)


@virtual_time
async def test_the_bucket_never_holds_more_than_a_minute() -> None:
    pace = Pace(60)
    pace.spend()
    await asyncio.sleep(3_600)

    assert await spare_calls(pace, 0.5) == 30


@virtual_time
async def test_a_provider_that_allows_one_call_a_minute_still_gets_its_background_calls() -> None:
    assert await spare_calls(Pace(1), 600) >= 5


@virtual_time
async def test_without_a_limit_nothing_waits() -> None:
    pace, began = Pace(None), now()
    for _ in range(10_000):
        await pace.spare()
        pace.spend()

    assert pace.has_spare
    assert now() == began
