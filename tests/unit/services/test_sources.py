"""What each provider contributes to a list, how old it may be, and who waits for whom."""

import asyncio
from dataclasses import replace
from itertools import pairwise

import pytest

from audience_gateway.domain.audience import AudienceStatus
from audience_gateway.domain.catalogue import AudienceQuery
from audience_gateway.domain.errors import (
    BadInput,
    DeadlineExceeded,
    UnsupportedOperation,
    UpstreamRateLimited,
    UpstreamUnavailable,
)
from audience_gateway.services.sources import SourceState
from tests.unit.accounts import NOW, Account, at_once, audience
from tests.unit.services.lists import JumpingClock, Lists, account, ids, now, readings_of
from tests.virtual_time import virtual_time


async def failing(_: str) -> None:
    raise UpstreamUnavailable("down", provider_key="one")


async def hanging(_: str) -> None:
    await asyncio.sleep(3_600)


async def slow(_: str) -> None:
    await asyncio.sleep(1)


@virtual_time
async def test_a_first_list_waits_for_everybody_side_by_side() -> None:
    accounts = [account(key) for key in ("one", "two", "three")]
    for each in accounts:
        each.before = slow
    began = now()

    page = await Lists(*accounts).page()

    assert now() - began == pytest.approx(1)
    assert len(page.rows) == 6
    assert (page.complete, await page.total()) == (True, 6)
    assert [(line.state, line.as_of, line.problem) for line in page.sources] == [(SourceState.FRESH, NOW, None)] * 3


@virtual_time
async def test_a_fresh_list_asks_nobody() -> None:
    one = account()
    lists = Lists(one)
    await lists.page()

    await asyncio.sleep(59)
    assert (await lists.report()).state is SourceState.FRESH
    assert readings_of(one) == 1


@virtual_time
async def test_an_old_list_comes_at_once_and_is_read_again_behind_it() -> None:
    one = account()
    lists = Lists(one)
    await lists.page()
    one.audiences["c"], one.before = audience("c"), slow
    await asyncio.sleep(61)
    began = now()

    old = await lists.page()
    assert now() == began
    assert (ids(old), old.sources[0].state, old.sources[0].as_of) == (["one/a", "one/b"], SourceState.STALE, NOW)
    assert (old.complete, await old.total()) == (True, 2)

    await asyncio.sleep(2)
    new = await lists.page()
    assert (ids(new)[-1], new.sources[0].state) == ("one/c", SourceState.FRESH)
    assert readings_of(one) == 2


@virtual_time
async def test_fifty_first_lists_at_once_cause_one_reading() -> None:
    one = account()
    one.before = slow
    lists = Lists(one)

    pages = await asyncio.gather(*(lists.page() for _ in range(50)))

    assert readings_of(one) == 1
    assert {tuple(ids(page)) for page in pages} == {("one/a", "one/b")}


@virtual_time
async def test_a_provider_that_hangs_costs_the_others_nothing_and_the_deadline_holds() -> None:
    one, two = account(), account("two")
    one.before = hanging
    lists = Lists(one, two)
    began = now()

    page = await lists.page(seconds=10)

    assert now() - began == pytest.approx(9)
    assert ids(page) == ["two/a", "two/b"]
    assert (page.complete, await page.total()) == (False, None)
    warming, fresh = page.sources
    assert (warming.state, warming.as_of, type(warming.problem)) == (SourceState.WARMING, None, DeadlineExceeded)
    assert fresh.state is SourceState.FRESH
    began = now()
    assert ids(await lists.page(AudienceQuery(provider_keys=("two",)))) == ["two/a", "two/b"]
    assert now() == began
    await lists.background.close()


@virtual_time
async def test_a_first_reading_that_takes_long_is_not_waited_for_by_those_who_come_later() -> None:
    one, two = account(), account("two")
    one.before = hanging
    lists = Lists(one, two)
    await lists.page(seconds=10)
    await asyncio.sleep(2)
    began = now()

    page = await lists.page(seconds=10)

    assert now() == began
    assert ids(page) == ["two/a", "two/b"]
    assert page.sources[0].state is SourceState.WARMING
    assert readings_of(one) == 1
    await lists.background.close()


@virtual_time
async def test_a_provider_that_was_never_read_and_is_down_is_unavailable() -> None:
    one, two = account(), account("two")
    one.before = failing

    page = await Lists(one, two).page()

    assert ids(page) == ["two/a", "two/b"]
    assert (page.complete, await page.total()) == (False, None)
    assert (page.sources[0].state, page.sources[0].as_of) == (SourceState.UNAVAILABLE, None)
    assert isinstance(page.sources[0].problem, UpstreamUnavailable)


@virtual_time
async def test_a_provider_that_goes_down_keeps_its_last_list_and_heals_without_a_restart() -> None:
    one = account()
    lists = Lists(one)
    await lists.page()
    one.before = failing
    await asyncio.sleep(61)
    await lists.page()
    await asyncio.sleep(0.5)

    stale = await lists.page()
    assert ids(stale) == ["one/a", "one/b"]
    assert (stale.complete, await stale.total()) == (True, 2)
    (line,) = stale.sources
    assert (line.state, line.as_of) == (SourceState.STALE, NOW)
    assert isinstance(line.problem, UpstreamUnavailable)
    assert line.problem.retry_after_seconds == pytest.approx(0.5)

    one.before = at_once
    await asyncio.sleep(1)
    await lists.page()
    await asyncio.sleep(0.1)
    assert (await lists.report()).state is SourceState.FRESH


@virtual_time
async def test_whoever_was_not_asked_is_excluded_and_lacks_nothing() -> None:
    one, two = account(), account("two")

    page = await Lists(one, two).page(AudienceQuery(provider_keys=("two",)))

    assert [line.state for line in page.sources] == [SourceState.EXCLUDED, SourceState.FRESH]
    assert page.complete
    assert one.calls == []


@virtual_time
async def test_an_unknown_provider_is_bad_input() -> None:
    with pytest.raises(BadInput, match=r"filter\.providerKeys: there is no provider 'three'"):
        await Lists(account()).page(AudienceQuery(provider_keys=("one", "three")))


@virtual_time
async def test_a_status_that_a_provider_has_and_never_lists_is_told_as_missing() -> None:
    shy, plain = account(), account("two")
    shy.capabilities = replace(shy.capabilities, unlisted=frozenset({AudienceStatus.ARCHIVED}))

    page = await Lists(shy, plain).page(AudienceQuery(statuses=(AudienceStatus.ARCHIVED,)))

    assert [line.state for line in page.sources] == [SourceState.FRESH, SourceState.EXCLUDED]
    assert isinstance(page.sources[0].problem, UnsupportedOperation)
    assert (page.complete, await page.total()) == (False, None)


@virtual_time
async def test_the_local_store_is_always_fresh_and_never_read() -> None:
    local = account("local")

    line = await Lists(local).report(max_age_seconds=0)

    assert (line.state, line.as_of, local.calls) == (SourceState.FRESH, NOW, [])


@virtual_time
async def test_no_age_at_all_waits_for_a_reading_begun_after_the_request() -> None:
    one = account()
    one.before = slow
    lists = Lists(one)
    first = asyncio.create_task(lists.page(max_age_seconds=0))
    await asyncio.sleep(0.5)
    one.audiences["c"] = audience("c")
    began = now()

    page = await lists.page(max_age_seconds=0)

    assert "one/c" in ids(page)
    assert now() - began == pytest.approx(1.5)
    assert readings_of(one) == 2
    await first


@virtual_time
async def test_fifty_that_want_no_age_cause_at_most_two_readings() -> None:
    one = account()
    one.before = slow
    lists = Lists(one)
    asking = [asyncio.create_task(lists.page(max_age_seconds=0))]
    await asyncio.sleep(0.5)
    asking += [asyncio.create_task(lists.page(max_age_seconds=0)) for _ in range(49)]

    await asyncio.gather(*asking)

    assert readings_of(one) == 2


@virtual_time
async def test_a_list_young_enough_is_not_read_again() -> None:
    one = account()
    lists = Lists(one)
    await lists.page()
    await asyncio.sleep(20)

    assert (await lists.report(max_age_seconds=21)).as_of == NOW
    assert readings_of(one) == 1
    assert (await lists.report(max_age_seconds=19)).as_of != NOW
    assert readings_of(one) == 2


@virtual_time
async def test_who_wants_it_younger_than_can_be_had_gets_what_there_is_and_is_told() -> None:
    one = account()
    lists = Lists(one)
    await lists.page()
    await asyncio.sleep(1)
    one.before = failing

    failed = await lists.report(max_age_seconds=0)
    assert (failed.state, type(failed.problem), failed.missing) == (SourceState.STALE, UpstreamUnavailable, False)
    await asyncio.sleep(1)
    one.before = hanging
    late = await lists.report(max_age_seconds=0, seconds=5)
    assert (late.state, type(late.problem)) == (SourceState.STALE, DeadlineExceeded)
    await lists.background.close()


@virtual_time
async def test_without_freshness_every_list_is_read_anew() -> None:
    one = account()
    lists = Lists(one, freshness_seconds=0)

    for number in range(1, 4):
        assert (await lists.report()).state is SourceState.FRESH
        assert readings_of(one) == number
        await asyncio.sleep(0.1)


@pytest.mark.parametrize("seen", [False, True])
@virtual_time
async def test_a_provider_that_fails_is_left_alone_for_twice_as_long_each_time_and_a_minute_at_most(seen: bool) -> None:
    one = account()
    lists = Lists(one, freshness_seconds=1)
    if seen:
        await lists.page()
        await asyncio.sleep(2)
    one.before = failing
    tried: list[float] = []
    began, calls = now(), readings_of(one)
    while len(tried) < 9:
        await lists.page()
        await asyncio.sleep(0)
        if readings_of(one) > calls:
            calls = readings_of(one)
            tried.append(now() - began)
        await asyncio.sleep(0.25)

    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert pauses == pytest.approx([1, 2, 4, 8, 16, 32, 60, 60], abs=0.5)


@virtual_time
async def test_a_provider_is_left_alone_for_as_long_as_it_asks_for() -> None:
    one = account()

    async def limited(_: str) -> None:
        raise UpstreamRateLimited("slower", provider_key="one", retry_after_seconds=20)

    one.before = limited
    lists = Lists(one)
    first = await lists.report()
    assert first.problem is not None
    assert first.problem.retry_after_seconds == pytest.approx(20)

    await asyncio.sleep(19)
    await lists.report()
    assert readings_of(one) == 1
    await asyncio.sleep(1.1)
    await lists.report()
    await asyncio.sleep(0.1)
    assert readings_of(one) == 2


@pytest.mark.parametrize("hours", [-1, 1])
@virtual_time
async def test_a_clock_that_jumps_costs_one_reading_and_no_lie(hours: int) -> None:
    one, clock = account(), JumpingClock()
    lists = Lists(one, clock=clock)
    await lists.page()

    clock.ahead = NOW.replace(hour=12 + hours) - NOW
    assert (await lists.report()).state is SourceState.STALE
    await asyncio.sleep(0.1)
    assert (await lists.report()).state is SourceState.FRESH
    clock.ahead = NOW - NOW
    await lists.report()
    await asyncio.sleep(0.1)
    assert (await lists.report()).state is SourceState.FRESH
    assert readings_of(one) == 3


@pytest.mark.parametrize("hours", [-1, 1])
@virtual_time
async def test_a_clock_that_jumps_during_a_reading_has_it_read_again_at_most_once(hours: int) -> None:
    one, clock = account(), JumpingClock()
    lists = Lists(one, clock=clock)

    async def jump(_: str) -> None:
        await asyncio.sleep(1)
        clock.ahead = NOW.replace(hour=12 + hours) - NOW

    one.before = jump
    began = now()
    page = await lists.page(max_age_seconds=0)

    assert ids(page) == ["one/a", "one/b"]
    assert readings_of(one) <= 2
    assert now() - began < 3


@virtual_time
async def test_a_failure_dated_by_a_clock_that_was_wrong_is_no_pause() -> None:
    one, clock = account(), JumpingClock()
    lists = Lists(one, clock=clock)
    one.before, clock.ahead = failing, NOW.replace(hour=13) - NOW
    await lists.page()

    one.before, clock.ahead = at_once, NOW - NOW

    await lists.report()
    await asyncio.sleep(0.1)
    assert (await lists.report()).state is SourceState.FRESH


@virtual_time
async def test_a_list_that_could_not_be_taken_over_whole_is_fresh_with_a_gap() -> None:
    one = Account("one", [audience("a"), audience("nul\x00")], statuses=frozenset({AudienceStatus.ACTIVE}))

    page = await Lists(one).page()

    (line,) = page.sources
    assert (line.state, line.missing, page.complete, await page.total()) == (SourceState.FRESH, True, False, None)
    assert line.problem is not None
