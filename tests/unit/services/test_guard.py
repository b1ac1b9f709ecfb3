"""Whatever a provider is or does, the guard lets through what it claims and refuses the rest."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from audience_gateway.domain import errors
from audience_gateway.domain.audience import AudienceStatus
from audience_gateway.domain.capability import Operation
from audience_gateway.domain.health import HealthState
from audience_gateway.ports import MembersRequest
from audience_gateway.services.guard import Guarded
from tests.unit.accounts import Account, Batches, SetClock, audience, member
from tests.virtual_time import virtual_time

FAULT = errors.UpstreamTimeout("slow", provider_key="one")
MEMBERS = MembersRequest("a", 10)
CALLS: dict[Operation, Callable[[Guarded], Awaitable[object]]] = {
    Operation.LIST: lambda guarded: guarded.list_audiences(status=AudienceStatus.ACTIVE, first=10, after=None),
    Operation.GET: lambda guarded: guarded.get_audience("a"),
    Operation.READ_SIZE: lambda guarded: guarded.read_size("a"),
    Operation.LIST_MEMBERS: lambda guarded: guarded.list_members(MEMBERS),
    Operation.GET_MEMBER: lambda guarded: guarded.get_member("1"),
    Operation.LIST_CANDIDATES: lambda guarded: guarded.list_candidates(MEMBERS),
    Operation.READ_MATERIALIZATION: lambda guarded: guarded.read_materialization("a"),
    Operation.READ_GROUPS: lambda guarded: guarded.get_group("g"),
    Operation.LIST_SOURCE_LISTS: lambda guarded: guarded.list_source_lists(),
}
WORKING = [name for name in CALLS if name not in {Operation.READ_MATERIALIZATION, Operation.READ_GROUPS}]


def account(**options: object) -> Account:
    """An account with one audience of one person."""
    return Account("one", [audience("a")], members=[member("1")], **options)  # type: ignore[arg-type]  # passed through


def guarded(inner: Account) -> Guarded:
    return Guarded(inner, SetClock())


@pytest.mark.parametrize("operation", CALLS)
async def test_what_is_not_claimed_is_refused_without_a_call(operation: Operation) -> None:
    inner = account(can=[name for name in Operation if name is not operation])

    with pytest.raises(errors.UnsupportedOperation) as refused:
        await CALLS[operation](guarded(inner))

    assert inner.calls == []
    assert (refused.value.provider_key, refused.value.retryable) == ("one", False)


@pytest.mark.parametrize("operation", WORKING)
async def test_what_is_claimed_is_called_once(operation: Operation) -> None:
    inner = account(can=[operation])

    await CALLS[operation](guarded(inner))

    assert len(inner.calls) == 1


@pytest.mark.parametrize("operation", [Operation.READ_MATERIALIZATION, Operation.READ_GROUPS])
async def test_a_false_claim_is_still_only_a_refusal(operation: Operation) -> None:
    """The inherited body of an optional method refuses too."""
    with pytest.raises(errors.UnsupportedOperation):
        await CALLS[operation](guarded(account()))


@pytest.mark.parametrize("batch", ["get_audiences", "list_members_of_many"])
async def test_batches_need_the_same_claim_as_their_single_form(batch: str) -> None:
    inner = account(can=[Operation.LIST])
    argument: list[object] = ["a"] if batch == "get_audiences" else [MEMBERS]

    with pytest.raises(errors.UnsupportedOperation):
        await getattr(guarded(inner), batch)(argument)

    assert inner.calls == []


@pytest.mark.parametrize("method", ["list_members", "list_candidates", "list_members_of_many"])
async def test_a_search_needs_its_own_claim(method: str) -> None:
    inner = account(can=[name for name in Operation if name is not Operation.SEARCH_MEMBERS])
    wanted = MembersRequest("a", 10, search="ann")
    call = getattr(guarded(inner), method)

    with pytest.raises(errors.UnsupportedOperation):
        await call([wanted] if method == "list_members_of_many" else wanted)

    assert inner.calls == []


async def test_a_search_in_a_group_needs_its_own_claim() -> None:
    guard = guarded(account(can=[name for name in Operation if name is not Operation.SEARCH_MEMBERS]))

    with pytest.raises(errors.UnsupportedOperation, match="SEARCH_MEMBERS"):
        await guard.list_group_members(MembersRequest("g", 10, search="ann"), audience_id=None)


async def test_a_status_that_is_not_listed_is_refused_without_a_call() -> None:
    inner = account(statuses=frozenset({AudienceStatus.ACTIVE}))

    with pytest.raises(errors.UnsupportedOperation):
        await guarded(inner).list_audiences(status=AudienceStatus.ARCHIVED, first=10, after=None)

    assert inner.calls == []


async def test_pages_are_cut_to_the_providers_limit() -> None:
    inner = account(page_limit=25)
    guard = guarded(inner)

    await guard.list_audiences(status=AudienceStatus.ACTIVE, first=100, after=None)
    await guard.list_members(MembersRequest("a", 100, "3", None))
    await guard.list_candidates(MembersRequest("a", 24))
    await guard.list_members_of_many([MembersRequest("a", 100), MembersRequest("a", 1)])

    assert [argument for _, argument in inner.calls] == [
        (AudienceStatus.ACTIVE, 25, None),
        MembersRequest("a", 25, "3", None),
        MembersRequest("a", 24),
        (MembersRequest("a", 25), MembersRequest("a", 1)),
    ]


@virtual_time
async def test_sixteen_calls_run_at_once_and_all_get_their_turn() -> None:
    running, most = 0, 0

    async def count(_: str) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(1)
        running -= 1

    guard = guarded(account(before=count))

    found = await asyncio.gather(*(guard.get_audience("a") for _ in range(100)))

    assert (most, len(found)) == (16, 100)


@virtual_time
async def test_a_failed_or_cancelled_call_gives_its_place_back() -> None:
    async def first_stall_then_fail(_: str) -> None:
        await asyncio.sleep(60)
        raise errors.UpstreamTimeout("slow")

    inner = account(before=first_stall_then_fail)
    guard = guarded(inner)
    calls = [asyncio.create_task(guard.get_audience("a")) for _ in range(40)]
    await asyncio.sleep(1)
    for call in calls[:20]:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    inner.before = _nothing

    assert (await guard.get_audience("a")).native_id == "a"


async def _nothing(_: str) -> None:
    """Let the call pass."""


async def test_a_surprise_becomes_an_error_of_ours_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    async def surprise(_: str) -> None:
        raise KeyError("canary@person.test")

    guard = guarded(account(before=surprise))

    with caplog.at_level(logging.ERROR), pytest.raises(errors.InternalError) as failure:
        await guard.get_audience("a")

    assert failure.value.provider_key == "one"
    assert "canary" not in failure.value.message
    assert "one failed in GET: KeyError at" in caplog.text
    assert "canary" not in caplog.text


async def test_a_configuration_that_breaks_at_run_time_is_a_failure_that_callers_learn_nothing_from() -> None:
    async def damaged(_: str) -> None:
        raise errors.ConfigurationError(["gateway.database_url: the file is not a database"])

    guard = guarded(account(before=damaged))

    with pytest.raises(errors.InternalError) as failure:
        await guard.get_audience("a")

    assert "database" not in failure.value.message
    assert guard.health.state is HealthState.DOWN


@virtual_time
async def test_a_call_that_hung_until_nobody_waited_counts_as_a_timeout() -> None:
    async def stall(_: str) -> None:
        await asyncio.Event().wait()

    guard = guarded(account(before=stall))

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.5):
            await guard.get_audience("a")

    assert isinstance(guard.health.problem, errors.UpstreamTimeout)
    assert guard.health.state is HealthState.DOWN


async def test_cancellation_is_not_swallowed_and_is_no_failure() -> None:
    async def stall(_: str) -> None:
        await asyncio.Event().wait()

    guard = guarded(account(before=stall))
    call = asyncio.create_task(guard.get_audience("a"))
    await asyncio.sleep(0)
    call.cancel()

    with pytest.raises(asyncio.CancelledError):
        await call
    assert guard.health.state is HealthState.UNKNOWN


@pytest.mark.parametrize("count", [0, 1, 3])
async def test_a_batch_answered_with_another_number_is_an_error_of_ours(count: int) -> None:
    guard = guarded(Batches([FAULT] * count))

    with pytest.raises(errors.InternalError):
        await guard.get_audiences(["a", "b"])
    with pytest.raises(errors.InternalError):
        await guard.list_members_of_many([MEMBERS, MEMBERS])


async def test_closing_closes_the_provider() -> None:
    inner = account()

    await guarded(inner).close()

    assert inner.closed
