"""A reading takes over what a provider lists, and never takes half a list, or a list that moves, for deletions."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from audience_gateway.domain.audience import Audience, AudienceRef, AudienceStatus
from audience_gateway.domain.capability import NATIVE, Operation, emulated
from audience_gateway.domain.catalogue import SourceRecord
from audience_gateway.domain.errors import BadCursor, UpstreamBadResponse, UpstreamUnavailable
from audience_gateway.domain.page import Page, Row
from audience_gateway.services.guard import Guarded
from audience_gateway.services.reading import Reader
from tests.unit.accounts import NOW, Account, SetClock, audience
from tests.unit.memory_index import MemoryIndex

ACTIVE, ARCHIVED = AudienceStatus.ACTIVE, AudienceStatus.ARCHIVED
PROBLEM = UpstreamBadResponse("audiences[3].id", provider_key="one")
Trick = Callable[[Page[Audience]], Page[Audience]]


def some(count: int, start: int = 0) -> list[Audience]:
    return [audience(f"{number:03}") for number in range(start, start + count)]


def as_it_is(page: Page[Audience]) -> Page[Audience]:
    return page


def with_another_total(page: Page[Audience]) -> Page[Audience]:
    return replace(page, total=(page.total or 0) + 1)


def cut_short(page: Page[Audience]) -> Page[Audience]:
    """Fewer than it says it has, and no more to come."""
    return replace(page, rows=page.rows[:1], has_next=False)


def unreadable_in_part(page: Page[Audience]) -> Page[Audience]:
    return replace(page, rows=page.rows[1:], problems=(PROBLEM,))


class Read:
    """One account and the index of it; every reading begins a second after the last."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.index = MemoryIndex()
        self._clock = SetClock()
        self._guarded = Guarded(account, self._clock)

    async def again(self) -> SourceRecord:
        """Read, and say how far the index follows then."""
        now = self._clock.now()
        reading = await self.index.begin("one", wanted_since=now, now=now, lease_seconds=30)
        assert reading is not None
        self._clock.moment += timedelta(seconds=1)
        before = (await self.index.sources(["one"], now=now))["one"]
        await Reader(self._guarded, self.index, self._clock, reading).read(before.suspicion)
        return (await self.index.sources(["one"], now=now))["one"]

    @property
    def ids(self) -> list[str]:
        return sorted(ref.native_id for ref in self.index.audiences)

    @property
    def gets(self) -> list[object]:
        return [argument for method, argument in self.account.calls if method.startswith("get_")]

    def lose(self, native_ids: Iterable[str]) -> None:
        for native_id in native_ids:
            del self.account.audiences[native_id]


def account_of(count: int) -> Account:
    return Account("one", some(count), statuses=frozenset({ACTIVE}))


async def test_every_page_of_every_status_is_read() -> None:
    old = audience("old", status=ARCHIVED)
    read = Read(Account("one", [*some(205), old]))

    record = await read.again()

    assert read.ids == sorted([*(each.native_id for each in some(205)), "old"])
    assert (record.read_at, record.gap, record.failure) == (NOW, None, None)
    asked = [argument for _, argument in read.account.calls]
    assert asked == [(ACTIVE, 100, None), (ACTIVE, 100, "100"), (ACTIVE, 100, "200"), (ARCHIVED, 100, None)]


async def test_an_audience_that_is_archived_meanwhile_is_archived() -> None:
    read = Read(Account("one", [audience("a")]))

    def archive(page: Page[Audience]) -> Page[Audience]:
        read.account.audiences["a"] = audience("a", status=ARCHIVED)
        return page

    read.account.tricks = [archive]
    await read.again()

    assert read.index.audiences[AudienceRef("one", "a")].status is ARCHIVED


@pytest.mark.parametrize("failures", [1, 2])
@pytest.mark.parametrize("how", ["total moves", "repeats"])
async def test_a_list_that_moves_while_it_is_read_is_read_again(how: str, failures: int) -> None:
    read = Read(account_of(150))
    first = (await read.account.list_audiences(status=ACTIVE, first=100, after=None)).rows

    def repeating(page: Page[Audience]) -> Page[Audience]:
        return replace(page, rows=(first[0], *page.rows))

    read.account.calls.clear()
    read.account.tricks = [as_it_is, with_another_total if how == "total moves" else repeating] * failures
    record = await read.again()

    assert len(read.ids) == 150
    assert record.gap is None
    assert len(read.account.calls) == 2 * (failures + 1)


async def test_a_place_in_the_list_that_is_lost_meanwhile_has_it_read_again() -> None:
    read = Read(account_of(150))
    lost: list[str] = []

    async def lose_the_place(_: str) -> None:
        if len(read.account.calls) == 2:
            lost.append("once")
            raise BadCursor("This row is gone.")

    read.account.before = lose_the_place
    record = await read.again()

    assert lost == ["once"]
    assert record.gap is None
    assert len(read.ids) == 150


async def test_a_place_that_is_lost_in_every_try_retires_nothing_and_says_so() -> None:
    read = Read(account_of(150))
    await read.again()
    read.lose(["149"])

    async def lose_the_place(_: str) -> None:
        if read.account.calls[-1][1] == (ACTIVE, 100, "100"):
            raise BadCursor("This row is gone.")

    read.account.before = lose_the_place
    record = await read.again()

    assert isinstance(record.gap, UpstreamBadResponse)
    assert len(read.ids) == 150


async def test_what_an_earlier_try_has_met_is_forgotten() -> None:
    read = Read(account_of(150))

    def deleting(page: Page[Audience]) -> Page[Audience]:
        del read.account.audiences["000"]
        return with_another_total(page)

    read.account.tricks = [as_it_is, deleting]
    await read.again()

    assert read.ids == [each.native_id for each in some(149, 1)]


async def test_a_list_that_never_stands_still_retires_nothing_and_says_so() -> None:
    read = Read(account_of(150))
    await read.again()
    read.lose(["149"])
    read.account.audiences["new"] = audience("new")

    read.account.tricks = [as_it_is, with_another_total] * 3
    record = await read.again()

    assert read.ids == sorted([*(each.native_id for each in some(150)), "new"])
    assert isinstance(record.gap, UpstreamBadResponse)
    assert "change places" in record.gap.message
    assert record.read_at == NOW + timedelta(seconds=1)
    assert read.gets == []
    assert (await read.again()).gap is None
    assert "149" not in read.ids


async def test_a_list_cut_short_never_retires_anything_however_often_it_comes() -> None:
    read = Read(account_of(30))
    await read.again()

    for _ in range(4):
        read.account.tricks = [cut_short] * 3
        record = await read.again()

        assert len(read.ids) == 30
        assert isinstance(record.gap, UpstreamBadResponse)
        assert "more audiences than it lists" in record.gap.message
    assert (await read.again()).gap is None


async def test_a_list_that_breaks_off_between_pages_is_cut_short() -> None:
    read = Read(account_of(30))

    def says_more_and_gives_nothing(page: Page[Audience]) -> Page[Audience]:
        return replace(page, rows=(), has_next=True, total=None)

    read.account.tricks = [says_more_and_gives_nothing] * 3
    record = await read.again()

    assert record.gap is not None


async def test_a_list_without_end_fails() -> None:
    read = Read(account_of(30))

    def going_round(page: Page[Audience]) -> Page[Audience]:
        return replace(page, has_next=True, rows=tuple(Row(each, "0") for each in page.values))

    read.account.tricks = [going_round] * 20

    with pytest.raises(UpstreamBadResponse, match="without end"):
        await read.again()

    assert read.ids == []


async def test_a_failing_page_fails_the_reading_and_nothing_of_it_shows() -> None:
    read = Read(account_of(150))
    await read.again()
    read.lose(["000"])

    async def fail(_: str) -> None:
        if read.account.calls[-1][1] == (ACTIVE, 100, "100"):
            raise UpstreamUnavailable("down", provider_key="one")

    read.account.before = fail
    with pytest.raises(UpstreamUnavailable):
        await read.again()

    assert len(read.ids) == 150


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


async def test_what_cannot_be_asked_for_now_stays() -> None:
    read = Read(account_of(10))
    await read.again()
    read.lose(["003"])

    async def fail(method: str) -> None:
        if method == "get_audience":
            raise UpstreamUnavailable("down", provider_key="one")

    read.account.before = fail
    assert (await read.again()).gap is None
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
