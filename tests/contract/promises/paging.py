"""What every list promises, whatever it lists."""

from audience_gateway.domain.errors import BadCursor
from tests.contract.harness import Harness
from tests.contract.lists import KnownList, every_kind_of_list
from tests.contract.promises.promise import expect

_SIZES = (1, 7, 100)
_FOREIGN = (
    "",
    " ",
    "nonsense",
    "null",
    "[]",
    "{}",
    "[-1, 0, 0]",
    '["1", "2", "3", "4"]',
    "[[[[[[",
    "Ünïcödé 雪",
    "\x00",
    "9" * 5_000,
    "eyJpZCI6MX0=",
)


async def has_every_row_once(_: Harness, known: KnownList) -> None:
    """In any page size, every row comes once, all of them do, and all in the same order."""
    orders = []
    for size in _SIZES:
        walked = await walk(known, size)

        assert sorted(known.native_ids) == sorted(walked), f"in pages of {size}"
        orders.append(walked)
    assert all(order == orders[0] for order in orders)


async def has_full_pages(_: Harness, known: KnownList) -> None:
    """A page holds as many rows as were asked for, or all that are left; its flag and total are true."""
    for size in _SIZES:
        after, left = None, len(known.native_ids)
        while left:
            page = await known.read(size, after)
            left -= len(page.rows)

            assert len(page.rows) == min(size, left + len(page.rows))
            assert page.has_next in {left > 0, None}
            assert page.total in {len(known.native_ids), None}
            assert page.problems == ()
            after = page.end_cursor


async def says_where_it_ends(_: Harness, known: KnownList) -> None:
    """Behind the last row there is an empty page that says so; below the page limit the last page says so itself."""
    whole = await walk(known, 99)
    page = await known.read(99, None)
    while page.has_next:
        page = await known.read(99, page.end_cursor)
    if len(whole) % 99:
        assert page.has_next is False
    if whole:
        page = await known.read(5, page.end_cursor)

    assert page.rows == ()
    assert page.has_next is False


async def resumes_at_every_cursor(_: Harness, known: KnownList) -> None:
    """The list goes on right behind every row, whatever page the row came with and however much is asked for next."""
    order = await walk(known, 100)
    for size in (4, 100):
        after: str | None = None
        for start in range(0, len(order), size):
            page = await known.read(size, after)
            for place, row in enumerate(page.rows, start + 1):
                following = await known.read(3, row.cursor)

                assert tuple(order[place : place + 3]) == following.values, f"after row {place} of {known.name}"
            after = page.end_cursor
        if len(order) > 40:
            break


async def refuses_foreign_cursors(harness: Harness, known: KnownList) -> None:
    """A cursor that the provider cannot have given out is BadCursor, never a silent start from the beginning."""
    own = (await known.read(2, None)).end_cursor or ""
    for cursor in (*_FOREIGN, f"{own}x", f"x{own}", f"{own[: len(own) // 2]}é"):
        await expect(BadCursor, harness, known.read(5, cursor))


async def refuses_cursors_of_other_lists(harness: Harness) -> None:
    """A cursor goes on only in the list that gave it out; in any other one it is BadCursor."""
    lists = every_kind_of_list(harness)
    cursors = [(known.name, (await known.read(2, None)).end_cursor) for known in lists]
    for known in lists:
        for name, cursor in cursors:
            if cursor is not None and name != known.name:
                await expect(BadCursor, harness, known.read(5, cursor))


async def walk(known: KnownList, size: int) -> list[str]:
    """All identifiers in pages of ``size``; fails on a list that has too many or never ends."""
    found: list[str] = []
    after = None
    while True:
        page = await known.read(size, after)
        found.extend(page.values)

        assert len(found) <= len(known.native_ids), f"{known.name} has more rows than there are"
        assert len(page.rows) <= size
        if not page.rows or page.has_next is False:
            return found
        after = page.end_cursor
