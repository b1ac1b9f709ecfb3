"""All audiences of one provider are read to the end, once each, and a list without end is an error."""

from collections.abc import Callable, Sequence

import pytest

from audience_gateway.domain.audience import Audience, AudienceStatus
from audience_gateway.domain.errors import GatewayError, UpstreamBadResponse, UpstreamTimeout
from audience_gateway.domain.page import Page, Row
from audience_gateway.services.listing import read_listing
from tests.unit.accounts import Account, audience

Answer = Callable[[str | None], Page[Audience]]


class Pages(Account):
    """Answers each page from a function of its cursor."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("one")
        self._answer = answer

    async def list_audiences(self, *, status: AudienceStatus, first: int, after: str | None) -> Page[Audience]:
        self.calls.append((status.value, (first, after)))
        return self._answer(after)


def page(
    ids: Sequence[str], *, cursor: str = "next", more: bool | None = True, problems: tuple[GatewayError, ...] = ()
) -> Page[Audience]:
    """A page of audiences, the last of which has ``cursor``."""
    rows = tuple(Row(audience(native_id), f"{cursor}-{native_id}") for native_id in ids[:-1])
    last = tuple(Row(audience(native_id), cursor) for native_id in ids[-1:])
    return Page(rows=rows + last, has_next=more, problems=problems)


async def ids(answer: Answer) -> list[str]:
    listing = await read_listing(Pages(answer), AudienceStatus.ACTIVE)
    return [found.native_id for found in listing.audiences]


async def test_every_page_is_read_in_order_from_cursor_to_cursor() -> None:
    pages = {None: page("abc", cursor="1"), "1": page("de", cursor="2"), "2": page("f", more=False)}
    provider = Pages(lambda after: pages[after])

    listing = await read_listing(provider, AudienceStatus.ARCHIVED)

    assert "".join(found.native_id for found in listing.audiences) == "abcdef"
    assert provider.calls == [("ARCHIVED", (100, after)) for after in (None, "1", "2")]


async def test_a_provider_that_does_not_say_is_asked_until_nothing_comes() -> None:
    pages = {None: page("ab", cursor="1", more=None), "1": page("", more=None)}

    assert await ids(lambda after: pages[after]) == ["a", "b"]


async def test_whoever_stands_on_two_pages_is_one_audience() -> None:
    pages = {None: page("abb", cursor="1"), "1": page("bca", more=False)}

    assert await ids(lambda after: pages[after]) == ["a", "b", "c"]


async def test_unreadable_records_are_reported_and_the_rest_is_kept() -> None:
    problems = tuple(UpstreamBadResponse(f"record {number}") for number in range(3))
    pages = {None: page("a", cursor="1", problems=problems[:1]), "1": page("b", more=False, problems=problems[1:])}

    listing = await read_listing(Pages(lambda after: pages[after]), AudienceStatus.ACTIVE)

    assert listing.problems == problems
    assert len(listing.audiences) == 2


async def test_a_list_that_stops_short_is_not_passed_off_as_whole() -> None:
    pages = {None: page("a", cursor="1"), "1": page("", more=True)}

    listing = await read_listing(Pages(lambda after: pages[after]), AudienceStatus.ACTIVE)

    assert [found.native_id for found in listing.audiences] == ["a"]
    assert [type(problem) for problem in listing.problems] == [UpstreamBadResponse]


@pytest.mark.parametrize("cycle", [1, 2, 7])
async def test_a_cursor_that_comes_again_ends_the_reading(cycle: int) -> None:
    provider = Pages(lambda after: page("ab", cursor=str((int(after or -1) + 1) % cycle)))

    with pytest.raises(UpstreamBadResponse, match="one lists audiences without end"):
        await read_listing(provider, AudienceStatus.ACTIVE)

    assert len(provider.calls) == cycle + 1


async def test_a_list_that_invents_cursors_for_ever_is_cut_off() -> None:
    provider = Pages(lambda after: page("ab", cursor=str(int(after or 0) + 1)))

    with pytest.raises(UpstreamBadResponse):
        await read_listing(provider, AudienceStatus.ACTIVE)

    assert len(provider.calls) == 10_000


async def test_a_page_that_fails_fails_the_whole_reading() -> None:
    """Half a list must never look like all there is."""

    def answer(after: str | None) -> Page[Audience]:
        if after:
            raise UpstreamTimeout("slow", provider_key="one")
        return page("ab")

    with pytest.raises(UpstreamTimeout):
        await ids(answer)
