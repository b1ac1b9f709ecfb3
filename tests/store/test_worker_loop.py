"""Work is done aside, in one thread, and ends when nobody waits for it any longer."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from audience_gateway.store.worker_loop import WorkerLoop


async def nothing() -> None:
    """The last work."""


async def thread() -> threading.Thread:
    return threading.current_thread()


@pytest.fixture
async def worker() -> AsyncIterator[WorkerLoop]:
    worker = WorkerLoop()
    yield worker
    await worker.close(nothing)


async def test_all_work_is_done_in_one_other_thread(worker: WorkerLoop) -> None:
    threads = {await worker.run(thread) for _ in range(3)}

    assert len(threads) == 1
    assert threads != {threading.current_thread()}


async def test_what_is_raised_aside_is_raised_here(worker: WorkerLoop) -> None:
    async def fail() -> None:
        raise ValueError("aside")

    with pytest.raises(ValueError, match="aside"):
        await worker.run(fail)


async def test_whoever_stops_waiting_stops_the_work(worker: WorkerLoop) -> None:
    began, ended = threading.Event(), threading.Event()

    async def hang() -> None:
        began.set()
        try:
            await asyncio.Future[None]()
        finally:
            ended.set()

    waiting = asyncio.ensure_future(worker.run(hang))
    await asyncio.to_thread(began.wait)
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await asyncio.to_thread(ended.wait, 10)


async def test_closing_runs_the_last_work_and_ends_the_thread() -> None:
    worker, done = WorkerLoop(), list[threading.Thread]()

    async def last() -> None:
        done.append(await thread())

    used = await worker.run(thread)
    await worker.close(last)

    assert done == [used]
    assert not used.is_alive()


async def test_closing_what_was_never_used_does_nothing() -> None:
    async def last() -> None:
        raise AssertionError("nothing was run before")

    await WorkerLoop().close(last)
