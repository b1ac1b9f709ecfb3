"""The clock that the other tests trust."""

import asyncio
import time

import pytest

from tests.virtual_time import Stuck, run_virtually, virtual_time


@virtual_time
async def test_an_hour_passes_at_once() -> None:
    loop = asyncio.get_running_loop()
    before, real = loop.time(), time.monotonic()

    await asyncio.sleep(3_600)

    assert loop.time() - before == pytest.approx(3_600)
    assert time.monotonic() - real < 1


@virtual_time
async def test_timers_go_off_in_their_order() -> None:
    went: list[int] = []

    async def wait(seconds: int) -> None:
        await asyncio.sleep(seconds)
        went.append(seconds)

    await asyncio.gather(*(wait(seconds) for seconds in (3, 1, 2)))

    assert went == [1, 2, 3]


@virtual_time
async def test_a_thread_ends_before_any_timer() -> None:
    async with asyncio.timeout(0.001):
        await asyncio.to_thread(time.sleep, 0.01)


def test_waiting_for_ever_is_an_error_rather_than_a_hang() -> None:
    with pytest.raises(Stuck):
        run_virtually(asyncio.Event().wait())
