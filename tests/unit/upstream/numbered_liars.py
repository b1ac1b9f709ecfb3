"""Readers of numbered pages that trust what must not be trusted, so that the promise is known to notice.

They take pages of one size only. Those that verify keep the promise as long as nothing happens between their calls.
"""

import json

from audience_gateway.domain.errors import BadCursor
from audience_gateway.domain.page import Page, Row
from audience_gateway.upstream.numbered import NumberedPage, read_numbered
from tests.changing_list import ChangingList, Person


async def trusts_page_numbers(people: ChangingList, first: int, after: str | None) -> Page[Person]:
    """Goes on with the next page, whatever has happened."""
    number, _ = _mark(after)
    return _page(await people.numbered(number + 1, first), number)


async def trusts_the_length(people: ChangingList, first: int, after: str | None) -> Page[Person]:
    """Believes that nothing has happened as long as the list is as long as it was."""
    return await read_numbered(people.numbered, provider_key="vendor", first=first, after=after, verify=False)


async def remembers_one_row(people: ChangingList, first: int, after: str | None) -> Page[Person]:
    """Looks for the last row wherever it is; when it is gone, believes that no other is."""
    number, last = _mark(after)
    size = 100
    pages = [await people.numbered(each + 1, size) for each in range(number * first // size + 3)]
    everybody = [person for page in pages for person in page.outcomes]
    place = number * first - 1 if after else 0
    if Person(last) in everybody:
        place = everybody.index(Person(last)) + 1
    return _page(NumberedPage(tuple(everybody[place : place + first]), None), number)


async def verifies_before_reading(people: ChangingList, first: int, after: str | None) -> Page[Person]:
    """Makes sure that the last row stands in front, and then reads."""
    number, last = _mark(after)
    if after is not None:
        await _verify(people, number * first, last)
    return _page(await people.numbered(number + 1, first), number)


async def verifies_the_number_only(people: ChangingList, first: int, after: str | None) -> Page[Person]:
    """Reads, and then makes sure that the last row stands in front, where it need not have stood a moment before."""
    number, last = _mark(after)
    page = await people.numbered(number + 1, first)
    if after is not None:
        await _verify(people, number * first, last)
    return _page(page, number)


async def _verify(people: ChangingList, offset: int, native_id: str) -> None:
    look = await people.numbered(offset, 1)
    if look.outcomes != (Person(native_id),):
        raise BadCursor("It moved; start over.", provider_key="vendor")


def _mark(after: str | None) -> tuple[int, str]:
    number, last = json.loads(after or '[0, ""]')
    return int(number), str(last)


def _page(page: NumberedPage[Person], number: int) -> Page[Person]:
    people = [outcome for outcome in page.outcomes if isinstance(outcome, Person)]
    rows = tuple(Row(person, json.dumps([number + 1, person.native_id])) for person in people)
    return Page(rows=rows, has_next=None)
