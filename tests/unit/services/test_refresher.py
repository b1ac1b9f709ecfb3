"""Who reads a provider when several want it read: one at a time, here and in other processes."""

import asyncio
from datetime import timedelta

import pytest

from audience_gateway.domain.audience import Audience
from audience_gateway.domain.catalogue import Reading, SourceRecord
from audience_gateway.domain.errors import InternalError, StoreBusy, UpstreamTimeout
from audience_gateway.services.reading import LEASE_SECONDS
from audience_gateway.services.sources import SourceState
from tests.unit.accounts import NOW, audience
from tests.unit.memory_index import MemoryIndex
from tests.unit.services.lists import AwayIndex, Lists, account, ids, now, readings_of
from tests.virtual_time import LoopClock, virtual_time


async def slow(_: str) -> None:
    await asyncio.sleep(5)


async def hanging(_: str) -> None:
    await asyncio.sleep(3_600)


class BrokenIndex(MemoryIndex):
    """Has a bug."""

    async def missing(self, reading: Reading, statuses: object) -> tuple[int, list[str]]:
        del reading, statuses
        raise ZeroDivisionError("canary")


async def record_of(lists: Lists) -> SourceRecord:
    return (await lists.index.sources(["one"], now=lists.clock.now()))["one"]


@virtual_time
async def test_a_reading_in_another_process_is_waited_for() -> None:
    one, other = account(), account()
    one.before = other.before = slow
    here = Lists(one)
    there = Lists(other, index=here.index, clock=here.clock)
    reading_there = asyncio.create_task(there.page())
    await asyncio.sleep(1)
    began = now()

    page = await here.page()

    assert ids(page) == ["one/a", "one/b"]
    assert now() - began == pytest.approx(4, abs=0.2)
    assert (readings_of(one), readings_of(other)) == (0, 1)
    await reading_there


@virtual_time
async def test_fifty_first_lists_in_two_processes_cause_one_reading() -> None:
    one, other = account(), account()
    one.before = other.before = slow
    here = Lists(one)
    there = Lists(other, index=here.index, clock=here.clock)

    pages = await asyncio.gather(*(lists.page() for _ in range(25) for lists in (here, there)))

    assert readings_of(one) + readings_of(other) == 1
    assert {len(page.rows) for page in pages} == {2}


@virtual_time
async def test_a_reading_that_failed_in_another_process_is_not_tried_again_at_once() -> None:
    one, other = account(), account()

    async def fail_slowly(_: str) -> None:
        await asyncio.sleep(5)
        raise UpstreamTimeout("slow", provider_key="one")

    one.before = other.before = fail_slowly
    here = Lists(one)
    there = Lists(other, index=here.index, clock=here.clock)
    pages = await asyncio.gather(here.page(), there.page())

    assert [page.sources[0].state for page in pages] == [SourceState.UNAVAILABLE] * 2
    assert readings_of(one) + readings_of(other) == 1


@virtual_time
async def test_a_dead_reader_is_succeeded_when_the_lease_is_over() -> None:
    one = account()
    lists = Lists(one)
    await lists.index.begin("one", wanted_since=NOW, now=lists.clock.now(), lease_seconds=LEASE_SECONDS)
    began = now()

    page = await lists.page(seconds=60)

    assert ids(page) == ["one/a", "one/b"]
    assert now() - began == pytest.approx(LEASE_SECONDS, abs=0.3)


@virtual_time
async def test_a_reader_that_shows_life_is_not_succeeded_however_long_it_takes() -> None:
    one, other = account(native_ids=""), account()
    other.audiences = {}
    for number in range(1_500):
        other.audiences[str(number)] = audience(str(number))
    other.before = slow
    here = Lists(one)
    there = Lists(other, index=here.index, clock=here.clock)
    reading_there = asyncio.create_task(there.page(seconds=200))
    await asyncio.sleep(1)

    page = await here.page(seconds=200)

    assert len(page.rows) == 100
    assert readings_of(one) == 0
    await reading_there


@virtual_time
async def test_a_reader_who_lives_is_not_overtaken_however_long_one_call_takes() -> None:
    async def slow(_: str) -> None:
        await asyncio.sleep(3 * LEASE_SECONDS)

    one, twin = account(native_ids="abc"), account(native_ids="xyz")
    one.before = slow
    lists = Lists(one)
    reading = asyncio.create_task(lists.page(seconds=1_000))
    await asyncio.sleep(2 * LEASE_SECONDS)

    other = Lists(twin, index=lists.index, clock=lists.clock)
    pages = await asyncio.gather(reading, other.page(seconds=1_000, max_age_seconds=600))

    assert [ids(page) for page in pages] == [["one/a", "one/b", "one/c"]] * 2
    assert twin.calls == []
    await lists.background.close()


@virtual_time
async def test_a_reader_who_lost_the_right_leaves_the_index_to_the_other() -> None:
    one = account()
    one.before = hanging
    lists = Lists(one)
    reading = asyncio.create_task(lists.page(seconds=300))
    await asyncio.sleep(1)
    await lists.index.abandon(Reading("one", 1, 0, lists.clock.now()), None, now=lists.clock.now())

    other = Lists(account(native_ids="xyz"), index=lists.index, clock=lists.clock)
    assert len((await other.page()).rows) == 3

    assert ids(await reading) == ["one/x", "one/y", "one/z"]
    await lists.background.close()


@virtual_time
async def test_a_reading_that_takes_forever_is_given_up() -> None:
    one = account()
    one.before = hanging
    lists = Lists(one)

    page = await lists.page(seconds=2_000)

    assert isinstance(page.sources[0].problem, UpstreamTimeout)
    assert page.sources[0].state is SourceState.UNAVAILABLE
    assert (await record_of(lists)).failures == 1


@virtual_time
async def test_leaving_gives_the_right_back() -> None:
    one = account()
    one.before = hanging
    lists = Lists(one)
    await lists.page(seconds=1)
    assert (await record_of(lists)).reading_since is not None

    await lists.background.close()

    record = await record_of(lists)
    assert (record.reading_since, record.failure) == (None, None)
    other = Lists(account(), index=lists.index, clock=lists.clock)
    began = now()
    assert len((await other.page()).rows) == 2
    assert now() == began


@virtual_time
async def test_a_bug_of_ours_gives_the_right_back_and_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    lists = Lists(account(), index=BrokenIndex())

    line = await lists.report()

    assert isinstance(line.problem, InternalError)
    assert (await record_of(lists)).reading_since is None
    assert "canary" not in caplog.text
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("method", ["begin", "finish"])
@virtual_time
async def test_a_reading_that_cannot_be_written_is_told_and_tried_again(method: str) -> None:
    one, index = account(), AwayIndex(method, "abandon")
    lists = Lists(one, index=index)

    line = await lists.report()
    assert (line.state, type(line.problem)) == (SourceState.UNAVAILABLE, StoreBusy)

    index.away = set()
    await asyncio.sleep(LEASE_SECONDS)
    assert (await lists.report()).state is SourceState.FRESH


@virtual_time
async def test_a_caller_who_leaves_does_not_end_the_reading() -> None:
    one = account()
    one.before = slow
    lists = Lists(one)
    asking = asyncio.create_task(lists.page())
    await asyncio.sleep(1)
    asking.cancel()
    await asyncio.wait([asking])

    assert len((await lists.page()).rows) == 2
    assert readings_of(one) == 1


@virtual_time
async def test_own_writes_during_a_reading_outlive_it() -> None:
    one = account()
    one.before = slow
    lists = Lists(one, clock=LoopClock(NOW))
    reading = asyncio.create_task(lists.page())
    await asyncio.sleep(1)
    written: Audience = audience("a", name="ours")
    await lists.index.put(written)
    await reading

    assert (await lists.index.find([written.ref]))[written.ref].name == "ours"
    await asyncio.sleep(timedelta(minutes=2).total_seconds())
    await lists.page(max_age_seconds=0)
    assert (await lists.index.find([written.ref]))[written.ref].name == "Audience a"
