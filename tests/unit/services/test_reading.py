"""A reading takes over what a provider lists, and never half a list, or one that moves while it is read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from audience_gateway.domain.audience import Audience, AudienceRef
from audience_gateway.domain.errors import BadCursor, UpstreamBadResponse, UpstreamUnavailable
from audience_gateway.domain.page import Page, Row
from tests.unit.accounts import NOW, Account, audience
from tests.unit.services.one_reading import (
    ACTIVE,
    ARCHIVED,
    Read,
    account_of,
    as_it_is,
    cut_short,
    some,
    with_another_total,
)


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
