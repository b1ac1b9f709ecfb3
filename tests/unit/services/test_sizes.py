"""Sizes that a list leaves out: asked for when somebody wants them, else behind, within what the provider allows."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from audience_gateway.domain.audience import (
    AudienceKind,
    AudienceRef,
    AudienceSize,
    AudienceStatus,
    SizeBasis,
)
from audience_gateway.domain.capability import NATIVE, Operation, Restriction
from audience_gateway.domain.errors import GatewayError, NotFound, UpstreamBadResponse, UpstreamUnavailable
from tests.unit.accounts import NOW, Account, audience, member
from tests.unit.memory_index import MemoryIndex
from tests.unit.services.lists import AwayIndex, Lists, now
from tests.virtual_time import virtual_time

THREE = AudienceSize(3, SizeBasis.LIVE, NOW)


def account(count: int = 6, *, key: str = "one", calls_per_minute: int | None = None) -> Account:
    """Lists no sizes, and tells them one by one."""
    audiences = [audience(str(number), key) for number in range(count)]
    found = Account(
        key, audiences, members=[member(each) for each in "xyz"], statuses=frozenset({AudienceStatus.ACTIVE})
    )
    found.capabilities = replace(found.capabilities, calls_per_minute=calls_per_minute)
    return found


def asked(account: Account) -> list[object]:
    return [argument for method, argument in account.calls if method == "read_size"]


async def sizes(lists: Lists) -> list[AudienceSize | None]:
    found = [each for each in (await lists.page()).rows if each.value.provider_key == lists.accounts[0].key]
    return [row.value.size for row in found]


async def read(lists: Lists, *native_ids: str) -> list[AudienceSize | GatewayError]:
    refs = [AudienceRef(lists.accounts[0].key, native_id) for native_id in native_ids]
    return await lists.services.sizes.read(refs, deadline=now() + 10)


@virtual_time
async def test_after_a_reading_the_sizes_that_it_leaves_out_are_filled_in() -> None:
    one = account()
    lists = Lists(one)
    assert await sizes(lists) == [None] * 6

    await asyncio.sleep(2)

    assert await sizes(lists) == [THREE] * 6
    assert sorted(asked(one), key=str) == ["0", "1", "2", "3", "4", "5"]


@virtual_time
async def test_the_first_callers_have_the_first_word() -> None:
    """A size that was just asked for is not asked for again."""
    one = account(4)
    lists = Lists(one)
    await lists.page()

    assert await read(lists, "0", "1") == [THREE, THREE]
    assert await sizes(lists) == [THREE, THREE, None, None]
    await asyncio.sleep(5)

    assert len(asked(one)) == 4


@virtual_time
async def test_sizes_are_asked_for_again_after_a_quarter_of_an_hour() -> None:
    one = account(3)
    lists = Lists(one)
    for minutes, times in ((0, 1), (2, 1), (14, 2)):
        await asyncio.sleep(timedelta(minutes=minutes).total_seconds())
        await lists.page(max_age_seconds=0)
        await asyncio.sleep(5)
        assert len(asked(one)) == 3 * times


@virtual_time
async def test_background_calls_keep_to_the_pace_and_leave_half_to_callers() -> None:
    one = account(100, calls_per_minute=60)
    lists = Lists(one)
    await lists.page()

    await asyncio.sleep(3)
    assert 24 <= len(asked(one)) <= 36
    await asyncio.sleep(30)
    assert 54 <= len(asked(one)) <= 68
    await lists.background.close()


@virtual_time
async def test_without_calls_to_spare_a_size_is_unknown_at_once() -> None:
    one = account(1, calls_per_minute=10)
    lists = Lists(one)
    for _ in range(10):
        lists.services.directory.provider("one").pace.spend()
    began = now()

    (size,) = await read(lists, "0")

    assert size == AudienceSize(None, SizeBasis.UNKNOWN)
    assert (asked(one), now()) == ([], began)


@virtual_time
async def test_a_size_that_was_not_asked_for_is_not_kept_as_unknown() -> None:
    one = account(1, calls_per_minute=10)
    lists = Lists(one)
    await lists.page()
    await read(lists, "0")
    for _ in range(10):
        lists.services.directory.provider("one").pace.spend()

    await read(lists, "0")

    assert await sizes(lists) == [THREE]
    await lists.background.close()


@virtual_time
async def test_filling_stops_when_the_provider_fails_and_goes_on_after_the_next_reading() -> None:
    one = account(20)

    async def fail(method: str) -> None:
        if method == "read_size":
            raise UpstreamUnavailable("down", provider_key="one")

    one.before = fail
    lists = Lists(one)
    await lists.page()
    await asyncio.sleep(60)
    assert len(asked(one)) == 4

    async def work(_: str) -> None:
        return

    one.before = work
    await lists.page(max_age_seconds=0)
    await asyncio.sleep(5)
    assert await sizes(lists) == [THREE] * 20


@virtual_time
async def test_sizes_that_always_fail_hold_up_nobody() -> None:
    one = account(20)
    read_size = one.read_size

    async def some_fail(native_id: str) -> AudienceSize:
        if native_id in {"0", "1", "2"}:
            raise UpstreamBadResponse("unreadable", provider_key="one")
        return await read_size(native_id)

    one.read_size = some_fail  # type: ignore[method-assign]  # this account only
    lists = Lists(one)
    await lists.page()
    await asyncio.sleep(30)

    known = await sizes(lists)
    assert known.count(THREE) == 17
    await lists.background.close()


@virtual_time
async def test_an_audience_without_a_size_is_passed_over_and_holds_up_nobody() -> None:
    one = account(6)
    one.audiences["0"] = replace(one.audiences["0"], kind=AudienceKind.DYNAMIC)
    only_static = Restriction(reason="only static ones", kinds=frozenset({AudienceKind.STATIC}))
    one.capabilities = replace(one.capabilities, restrictions={Operation.READ_SIZE: only_static})
    lists = Lists(one)
    await lists.page()
    del one.audiences["1"]

    await asyncio.sleep(5)

    unknown = AudienceSize(None, SizeBasis.UNKNOWN)
    assert await sizes(lists) == [unknown, unknown, THREE, THREE, THREE, THREE]
    assert "0" not in asked(one)


@virtual_time
async def test_a_provider_that_tells_no_sizes_is_not_asked() -> None:
    one = account(3)
    one.capabilities = replace(one.capabilities, operations={Operation.LIST: NATIVE, Operation.GET: NATIVE})
    lists = Lists(one)
    await lists.page()

    await asyncio.sleep(5)

    assert asked(one) == []


@virtual_time
async def test_a_value_or_an_error_for_each_in_order() -> None:
    answers = await read(Lists(account(2)), "1", "x", "0")

    assert [type(answer) for answer in answers] == [AudienceSize, NotFound, AudienceSize]


@virtual_time
async def test_stored_membership_is_as_old_as_the_audience_says() -> None:
    class Counting(Account):
        async def read_size(self, native_id: str) -> AudienceSize:
            await self._enter("read_size", native_id)
            return AudienceSize(7, SizeBasis.MATERIALIZED)

    refreshed = NOW - timedelta(days=3)
    one = Counting(
        "one", [replace(audience("a"), members_as_of=refreshed)], statuses=frozenset({AudienceStatus.ACTIVE})
    )
    lists = Lists(one)
    await lists.page()

    await read(lists, "a")
    assert await sizes(lists) == [AudienceSize(7, SizeBasis.MATERIALIZED, refreshed)]
    await lists.background.close()


@virtual_time
async def test_sizes_of_local_audiences_are_not_kept() -> None:
    local = account(1, key="local")
    index = MemoryIndex([replace(audience("0", "local"), size=AudienceSize(9, SizeBasis.LIVE))])
    lists = Lists(local, index=index)

    assert await read(lists, "0") == [THREE]
    assert index.audiences[AudienceRef("local", "0")].size == AudienceSize(9, SizeBasis.LIVE)


@pytest.mark.parametrize("away", [["note_sizes"], ["note_sizes", "sizes_due", "find"]])
@virtual_time
async def test_while_the_store_is_away_sizes_are_told_and_filling_stops(away: list[str]) -> None:
    one = account(20)
    lists = Lists(one, index=AwayIndex(*away))
    await lists.page()

    assert await read(lists, "0") == [THREE]
    await asyncio.sleep(60)
    assert len(asked(one)) <= 5
