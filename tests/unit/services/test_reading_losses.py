"""What a list leaves out is gone only when it is asked for in vain, or left out twice."""

from dataclasses import replace

import pytest

from audience_gateway.domain.audience import AudienceRef
from audience_gateway.domain.capability import NATIVE, Operation, emulated
from audience_gateway.domain.errors import UpstreamUnavailable
from tests.unit.accounts import Account, audience
from tests.unit.services.one_reading import ACTIVE, ARCHIVED, PROBLEM, Read, account_of, some, unreadable_in_part


async def test_a_loss_of_more_than_half_is_believed_when_it_is_told_twice() -> None:
    read = Read(account_of(30))
    await read.again()
    read.lose([each.native_id for each in some(18)])

    doubtful = await read.again()
    assert len(read.ids) == 30
    assert doubtful.failure is not None
    assert "leaves out 18 of 30" in doubtful.failure.message
    assert read.gets == []

    sure = await read.again()
    assert len(read.ids) == 12
    assert (sure.failure, sure.suspicion) == (None, None)


async def test_a_second_list_that_disagrees_is_doubted_too() -> None:
    read = Read(account_of(30))
    await read.again()
    read.account.hidden = {each.native_id for each in some(18)}
    await read.again()
    read.account.hidden = {each.native_id for each in some(18, 5)}

    record = await read.again()

    assert len(read.ids) == 30
    assert record.failures == 2
    read.lose(read.account.hidden)
    assert (await read.again()).failure is None
    assert len(read.ids) == 12


@pytest.mark.parametrize(("known", "lost"), [(19, 19), (20, 10), (30, 15)])
async def test_small_losses_and_losses_of_few_are_believed_at_once(known: int, lost: int) -> None:
    read = Read(account_of(known))
    await read.again()
    read.lose([each.native_id for each in some(lost)])

    assert (await read.again()).failure is None
    assert len(read.ids) == known - lost


async def test_own_deletions_are_no_loss() -> None:
    read = Read(account_of(30))
    await read.again()
    for each in some(18):
        await read.index.remove(each.ref)
    read.lose([each.native_id for each in some(18)])

    assert (await read.again()).failure is None
    assert len(read.ids) == 12


async def test_what_a_list_leaves_out_stays_when_it_is_still_there() -> None:
    read = Read(account_of(10))
    await read.again()
    read.account.hidden = {"003"}
    read.lose(["004"])

    record = await read.again()

    assert read.gets == ["003", "004"]
    assert read.ids == [each.native_id for each in some(10) if each.native_id != "004"]
    assert record.gap is None


async def test_an_archived_one_that_is_never_listed_stays_as_archived() -> None:
    read = Read(account_of(10))
    read.account.capabilities = replace(read.account.capabilities, unlisted=frozenset({ARCHIVED}))
    await read.again()
    read.account.audiences["003"] = audience("003", status=ARCHIVED)

    await read.again()
    await read.again()

    assert read.index.audiences[AudienceRef("one", "003")].status is ARCHIVED
    assert read.gets == ["003"]


async def test_what_cannot_be_asked_for_now_stays_and_is_told_as_a_gap() -> None:
    read = Read(account_of(10))
    await read.again()
    read.lose(["003"])

    async def fail(method: str) -> None:
        if method == "get_audience":
            raise UpstreamUnavailable("down", provider_key="one")

    read.account.before = fail
    assert isinstance((await read.again()).gap, UpstreamUnavailable)
    assert len(read.ids) == 10


@pytest.mark.parametrize("hidden", [False, True])
async def test_of_many_that_are_missing_some_speak_for_all(hidden: bool) -> None:
    read = Read(account_of(60))
    await read.again()
    read.lose([each.native_id for each in some(25)])
    if hidden:
        read.account.audiences["003"], read.account.hidden = audience("003"), {"003"}

    record = await read.again()

    assert len(read.gets) == 20
    assert len(read.ids) == (60 if hidden else 35)
    assert (record.gap is None) is not hidden


async def test_where_a_status_is_never_listed_all_that_are_missing_are_asked_for() -> None:
    account = account_of(400)
    account.capabilities = replace(account.capabilities, statuses=frozenset({ACTIVE}), unlisted=frozenset({ARCHIVED}))
    read = Read(account)
    await read.again()
    put_away = [audience(f"{number:03}", status=ARCHIVED) for number in range(150)]
    account.audiences |= {each.native_id: each for each in put_away}

    record = await read.again()

    archived = [each for each in read.index.audiences.values() if each.status is ARCHIVED]
    assert (len(read.gets), len(archived), len(read.ids), record.gap) == (150, 150, 400, None)


async def test_a_provider_that_takes_batches_is_asked_once_for_what_is_missing() -> None:
    account = account_of(10)
    account.capabilities = replace(account.capabilities, batches=frozenset({Operation.GET}))
    read = Read(account)
    await read.again()
    read.lose(["001", "002"])

    await read.again()

    assert read.gets == [("001", "002")]
    assert len(read.ids) == 8


@pytest.mark.parametrize("get", [None, emulated("reads the list")])
async def test_a_whole_list_is_enough_where_nothing_else_can_be_asked(get: object) -> None:
    account = account_of(10)
    operations = {Operation.LIST: NATIVE} | ({} if get is None else {Operation.GET: get})
    account.capabilities = replace(account.capabilities, operations=operations)  # type: ignore[arg-type]  # a capability
    read = Read(account)
    await read.again()
    read.lose(["001"])

    assert (await read.again()).gap is None
    assert read.gets == []
    assert len(read.ids) == 9


async def test_a_record_that_cannot_be_read_is_a_gap_and_no_deletion() -> None:
    read = Read(account_of(10))
    await read.again()
    read.lose(["009"])
    read.account.tricks = [unreadable_in_part]

    record = await read.again()

    assert record.gap is PROBLEM
    assert read.ids == [each.native_id for each in some(9)]


async def test_where_it_cannot_be_asked_for_a_record_that_cannot_be_read_may_be_any_that_is_missing() -> None:
    account = account_of(10)
    account.capabilities = replace(account.capabilities, operations={Operation.LIST: NATIVE})
    read = Read(account)
    await read.again()
    read.lose(["009"])
    read.account.tricks = [unreadable_in_part]

    assert (await read.again()).gap is PROBLEM
    assert len(read.ids) == 10


async def test_an_audience_that_cannot_be_kept_is_a_gap() -> None:
    read = Read(Account("one", [audience("a"), audience("nul\x00")], statuses=frozenset({ACTIVE})))

    record = await read.again()

    assert read.ids == ["a"]
    assert record.gap is not None
    assert "cannot be kept" in record.gap.message
