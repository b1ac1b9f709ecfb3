"""Reads over many providers: everyone side by side, one answer or one error for each key, nobody spoilt by another."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from audience_gateway.domain import errors
from audience_gateway.domain.audience import (
    Audience,
    AudienceRef,
    GroupKind,
    GroupRef,
    Materialization,
    SourceList,
)
from audience_gateway.domain.capability import Operation
from audience_gateway.domain.group import AudienceGroup, GroupKey, GroupMember
from audience_gateway.domain.member import Member, MemberRef
from audience_gateway.domain.page import Page
from audience_gateway.ports import MembersRequest
from audience_gateway.services.directory import Directory, MembersKey
from audience_gateway.services.group_contents import GroupMembersKey, get_groups, list_group_members
from audience_gateway.services.guard import Guarded
from tests.unit.accounts import Account, Batches, SetClock, WholeAccount, at_once, audience, member
from tests.virtual_time import virtual_time


def soon(seconds: float = 10) -> float:
    return asyncio.get_running_loop().time() + seconds


def directory(*accounts: Account) -> Directory:
    return Directory({account.key: Guarded(account, SetClock()) for account in accounts})


def failing(error: Exception) -> Callable[[str], Awaitable[None]]:
    async def fail(_: str) -> None:
        raise error

    return fail


async def stalling(_: str) -> None:
    await asyncio.sleep(3_600)


def account(key: str, before: Callable[[str], Awaitable[None]] = at_once) -> Account:
    people = [member(str(number), key) for number in range(5)]
    audiences = [audience(native_id, key, group=GroupRef("g", "Ladder", GroupKind.OTHER)) for native_id in "abc"]
    return WholeAccount(key, audiences, members=people, before=before)


async def test_answers_stand_in_the_order_of_the_keys_and_repeats_are_asked_once() -> None:
    one, two = account("one"), account("two")
    wanted = [("one", "c"), ("two", "a"), ("one", "a"), ("one", "c"), ("two", "a")]
    refs = [AudienceRef(key, native_id) for key, native_id in wanted]

    answers = await directory(one, two).get_audiences(refs, deadline=soon())

    assert [found.ref for found in answers if isinstance(found, Audience)] == refs
    assert [argument for _, argument in one.calls] == ["c", "a"]
    assert [argument for _, argument in two.calls] == ["a"]


Ask = Callable[[Directory, str, float], Awaitable[object]]


async def get_audience(directory: Directory, key: str, deadline: float) -> Audience | errors.GatewayError:
    return (await directory.get_audiences([AudienceRef(key, "a")], deadline=deadline))[0]


async def list_members(directory: Directory, key: str, deadline: float) -> Page[Member] | errors.GatewayError:
    return (await directory.list_members([MembersKey(key, MembersRequest("a", 2))], deadline=deadline))[0]


async def get_member(directory: Directory, key: str, deadline: float) -> Member | errors.GatewayError:
    return (await directory.get_members([MemberRef(key, "1")], deadline=deadline))[0]


async def list_candidates(directory: Directory, key: str, deadline: float) -> Page[Member] | errors.GatewayError:
    return (await directory.list_candidates([MembersKey(key, MembersRequest("a", 2))], deadline=deadline))[0]


async def read_materialization(
    directory: Directory, key: str, deadline: float
) -> Materialization | errors.GatewayError:
    return (await directory.read_materializations([AudienceRef(key, "a")], deadline=deadline))[0]


async def list_source_lists(
    directory: Directory, key: str, deadline: float
) -> Sequence[SourceList | errors.GatewayError] | errors.GatewayError:
    return (await directory.list_source_lists([key], deadline=deadline))[0]


async def get_group(directory: Directory, key: str, deadline: float) -> AudienceGroup | errors.GatewayError:
    return (await get_groups(directory, [GroupKey(key, "g")], deadline=deadline))[0]


async def group_members(directory: Directory, key: str, deadline: float) -> Page[GroupMember] | errors.GatewayError:
    wanted = GroupMembersKey(key, MembersRequest("g", 2), None)
    return (await list_group_members(directory, [wanted], deadline=deadline))[0]


READS = [
    get_audience,
    list_members,
    get_member,
    list_candidates,
    read_materialization,
    list_source_lists,
    get_group,
    group_members,
]


@pytest.mark.parametrize("ask", READS)
async def test_every_read_answers(ask: Ask) -> None:
    answer = await ask(directory(account("one")), "one", soon())

    assert isinstance(answer, Audience | Page | Member | Materialization | list | AudienceGroup)


@pytest.mark.parametrize("ask", READS)
async def test_an_unknown_provider_is_not_found_at_its_own_place(ask: Ask) -> None:
    assert isinstance(await ask(directory(account("one")), "two", soon()), errors.NotFound)


@pytest.mark.parametrize("ask", READS)
@virtual_time
async def test_silence_ends_at_the_deadline_as_an_error_that_names_the_provider(ask: Ask) -> None:
    deadline = soon(10)

    answer = await ask(directory(account("one", stalling)), "one", deadline)

    assert isinstance(answer, errors.DeadlineExceeded)
    assert answer.provider_key == "one"
    assert asyncio.get_running_loop().time() == pytest.approx(deadline)


@pytest.mark.parametrize("ask", READS)
@pytest.mark.parametrize("error", [errors.UpstreamAuth("no", provider_key="one"), ValueError("bug")])
async def test_a_failure_is_a_value(ask: Ask, error: Exception) -> None:
    answer = await ask(directory(account("one", failing(error))), "one", soon())

    assert isinstance(answer, errors.UpstreamAuth | errors.InternalError)
    assert answer.provider_key == "one"


@virtual_time
async def test_one_failing_and_one_silent_provider_spoil_nobody() -> None:
    providers = [
        account("good"),
        account("broken", failing(errors.UpstreamUnavailable("down", provider_key="broken"))),
        account("buggy", failing(ZeroDivisionError())),
        account("silent", stalling),
    ]
    names = ["silent", "good", "broken", "nobody", "buggy", "good"]
    refs = [AudienceRef(name, native_id) for native_id in "abx" for name in names]

    answers = await directory(*providers).get_audiences(refs, deadline=soon(5))

    kinds = [type(answer) for answer in answers]
    row = [
        errors.DeadlineExceeded,
        Audience,
        errors.UpstreamUnavailable,
        errors.NotFound,
        errors.InternalError,
        Audience,
    ]
    assert kinds[:6] == kinds[6:12] == row
    assert kinds[12:] == [errors.NotFound if kind is Audience else kind for kind in row]


@virtual_time
async def test_providers_are_asked_side_by_side() -> None:
    async def slow(_: str) -> None:
        await asyncio.sleep(1)

    began = asyncio.get_running_loop().time()
    refs = [AudienceRef(str(number), native_id) for number in range(5) for native_id in "abc"]

    await directory(*(account(str(number), slow) for number in range(5))).get_audiences(refs, deadline=soon())

    assert asyncio.get_running_loop().time() - began == pytest.approx(1)


async def test_a_provider_that_takes_batches_gets_one_call_for_all_its_keys() -> None:
    batches = frozenset({Operation.GET, Operation.LIST_MEMBERS})
    people = [member(str(number)) for number in range(9)]
    one = Account("one", [audience("a"), audience("b")], members=people, batches=batches)
    two = account("two")
    both = directory(one, two)
    refs = [AudienceRef("one", "b"), AudienceRef("two", "a"), AudienceRef("one", "x"), AudienceRef("one", "b")]
    pages = [MembersKey("one", MembersRequest("a", first)) for first in (1, 2, 1)]

    audiences = await both.get_audiences(refs, deadline=soon())
    members = await both.list_members(pages, deadline=soon())

    assert one.calls == [
        ("get_audiences", ("b", "x")),
        ("list_members_of_many", (MembersRequest("a", 1), MembersRequest("a", 2))),
    ]
    assert [type(found) for found in audiences] == [Audience, Audience, errors.NotFound, Audience]
    assert [len(page.rows) for page in members if isinstance(page, Page)] == [1, 2, 1]


@pytest.mark.parametrize("count", [0, 1, 3])
async def test_a_careless_batch_costs_its_own_provider_only(count: int) -> None:
    careless = Batches([audience("a")] * count)
    refs = [AudienceRef("one", "a"), AudienceRef("two", "a"), AudienceRef("one", "b")]

    answers = await directory(careless, account("two")).get_audiences(refs, deadline=soon())

    assert [type(answer) for answer in answers] == [errors.InternalError, Audience, errors.InternalError]


async def test_pages_of_one_audience_with_different_arguments_are_different_questions() -> None:
    one = account("one")
    requests = [
        MembersRequest("a", 2),
        MembersRequest("a", 3),
        MembersRequest("a", 2, "1"),
        MembersRequest("a", 2, None, "x"),
    ]

    pages = await directory(one).list_members([MembersKey("one", request) for request in requests], deadline=soon())

    assert [argument for _, argument in one.calls] == requests
    assert [len(page.rows) for page in pages if isinstance(page, Page)] == [2, 3, 2, 2]


async def test_nothing_asked_is_nothing_answered() -> None:
    assert await directory(account("one")).get_audiences([], deadline=soon()) == []


def test_a_provider_is_found_by_key_or_not_at_all() -> None:
    both = directory(account("one"), account("two"))

    assert both.provider("two").key == "two"
    with pytest.raises(errors.NotFound, match="'three'"):
        both.provider("three")
