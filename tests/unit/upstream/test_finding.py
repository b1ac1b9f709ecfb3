"""Somebody is found among the members by their own identifier, and a no is said only when nobody was missed."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.domain.errors import CostExceeded, GatewayError, UpstreamBadResponse
from audience_gateway.domain.identity import Identifier, IdentifierKind
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page, Row
from audience_gateway.ports import MembersRequest
from audience_gateway.upstream.finding import is_found

PHONE = Identifier.of(IdentifierKind.PHONE, "+14155550101")


class Search:
    """A vendor's search: a substring of e-mail or phone as they are written, without the case of ASCII letters.

    :param broken: which of the found, by place, cannot be read.
    """

    def __init__(self, members: Sequence[Member], *, broken: frozenset[int] = frozenset()) -> None:
        self._members = members
        self._broken = broken
        self.requests: list[MembersRequest] = []

    async def __call__(self, request: MembersRequest) -> Page[Member]:
        self.requests.append(request)
        wanted = ascii_folded(request.search or "")
        found = [each for each in self._members if wanted in ascii_folded(f"{each.email}\n{each.phone}")]
        start = int(request.after or 0)
        stop = start + request.first
        rows = [Row(each, str(start + place)) for place, each in enumerate(found[start:stop], 1)]
        readable = tuple(row for row in rows if int(row.cursor) - 1 not in self._broken)
        problems = tuple(UpstreamBadResponse("unreadable") for _ in range(len(rows) - len(readable)))
        return Page(rows=readable, has_next=stop < len(found), problems=problems)


def ascii_folded(text: str) -> str:
    return "".join(character.lower() if character.isascii() else character for character in text)


def member(number: int, *, phone: str | None = None, email: str | None = None) -> Member:
    return Member(provider_key="one", native_id=str(number), phone=phone, email=email)


async def asked(search: Search, identifier: Identifier = PHONE) -> bool:
    return await is_found(search, "a", identifier, provider_key="one")


def others(count: int) -> list[Member]:
    """People whom a search for the phone number finds too."""
    return [member(number, phone=f"+91{number:05d}0101") for number in range(count)]


@pytest.mark.parametrize("written", ["+14155550101", "+1 415 555 0101", "+1 (415) 555-0101", "+1.415.555.0101"])
async def test_a_phone_number_is_found_however_the_vendor_writes_it(written: str) -> None:
    search = Search([*others(3), member(9, phone=written)])

    assert await asked(search) is True
    assert len(search.requests) == 1


@given(st.from_regex(r"[a-zäéßﬁ]{1,6}@[a-zöü]{1,8}\.de", fullmatch=True))
async def test_an_e_mail_address_is_found_where_the_vendor_folds_no_case_but_ascii(address: str) -> None:
    search = Search([member(1, email="".join(each.upper() if each.isascii() else each for each in address))])

    assert await asked(search, Identifier.of(IdentifierKind.EMAIL, address)) is True


async def test_somebody_alike_is_not_the_one() -> None:
    longer = Search([member(1, email="joana@example.com"), member(2, email="ana@example.com.au")])

    assert await asked(Search(others(3))) is False
    assert await asked(longer, Identifier.of(IdentifierKind.EMAIL, "ana@example.com")) is False


async def test_pages_are_walked_until_somebody_is_the_one_and_no_further() -> None:
    people = [*others(120), member(900, phone="+14155550101"), *others(500)]
    search = Search(people)

    assert await asked(search) is True
    assert [request.after for request in search.requests] == [None, "50", "100"]
    assert {request.native_id for request in search.requests} == {"a"}


async def test_a_thousand_people_without_the_one_are_a_no_and_more_are_an_error() -> None:
    search = Search(others(1_001))

    assert await asked(Search(others(1_000))) is False
    with pytest.raises(CostExceeded) as caught:
        await asked(search)
    assert len(search.requests) == 20
    assert caught.value.provider_key == "one"


async def test_a_record_that_cannot_be_read_makes_a_no_an_error_and_spoils_no_yes() -> None:
    people = [*others(60), member(99, phone="+14155550101")]

    assert await asked(Search(people, broken=frozenset({7}))) is True
    with pytest.raises(UpstreamBadResponse):
        await asked(Search(people, broken=frozenset({60})))


async def test_a_list_that_promises_more_and_sends_none_is_an_error() -> None:
    async def ends_early(_: MembersRequest) -> Page[Member]:
        return Page(rows=(), has_next=True)

    with pytest.raises(GatewayError, match="sends none"):
        await is_found(ends_early, "a", PHONE, provider_key="one")
