"""Pages: what all connections share."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeGuard, TypeVar

import strawberry
from strawberry import UNSET

from audience_gateway.domain.errors import BadInput
from audience_gateway.domain.page import PAGE_DEFAULT, PAGE_LIMIT, PageRequest

_Value = TypeVar("_Value")

First = Annotated[
    int | None, strawberry.argument(description=f"How many rows, 1 to {PAGE_LIMIT}; {PAGE_DEFAULT} when left out.")
]
After = Annotated[str | None, strawberry.argument(description="Go on after this cursor; from the start when left out.")]

Last = Annotated[
    int | None,
    strawberry.argument(description=f"How many rows from the far end, 1 to {PAGE_LIMIT}, instead of `first`."),
]
Before = Annotated[str | None, strawberry.argument(description="Only rows before this cursor.")]


def given(value: _Value | None) -> TypeGuard[_Value]:
    """Whether an argument was given, and not as null."""
    return value is not None and value is not UNSET


def page_size(first: int | None, default: int = PAGE_DEFAULT) -> int:
    """How many rows are wanted; raises BadInput outside 1 to 100 rather than cutting it silently."""
    return _size("first", first) if given(first) else default


def page_request(first: int | None, after: str | None, last: int | None, before: str | None) -> PageRequest:
    """Which rows are wanted; with nothing but ``before``, those in front of it.

    Raises BadInput for sizes outside 1 to 100, and for both sizes at once.
    """
    if given(first) and given(last):
        raise BadInput("last: cannot be given together with first.")
    backward = given(last) or (given(before) and not given(first) and not given(after))
    size = _size("last", last) if given(last) else page_size(first)
    return PageRequest(
        size=size,
        after=after if given(after) else None,
        before=before if given(before) else None,
        backward=backward,
    )


def _size(name: str, size: int) -> int:
    if not 1 <= size <= PAGE_LIMIT:
        raise BadInput(f"{name}: must be 1 to {PAGE_LIMIT}, not {size}.")
    return size


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Where a page lies in its list.

    ``more`` says whether rows follow, ``earlier`` whether rows come before; either may have to look once more.
    """

    more: strawberry.Private[Callable[[], Awaitable[bool]]]
    earlier: strawberry.Private[Callable[[], Awaitable[bool]]]
    start_cursor: str | None = strawberry.field(description="The cursor of the first row; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last row; null on an empty page.")

    @strawberry.field(description="Whether rows follow this page. Some providers must be asked once more to know.")
    async def has_next_page(self) -> bool:
        """Whether rows follow this page."""
        return await self.more()

    @strawberry.field(
        description="Whether rows come before this page; in lists that can only be read forward, whether `after` was "
        "given."
    )
    async def has_previous_page(self) -> bool:
        """Whether rows come before this page."""
        return await self.earlier()


def known(answer: bool) -> Callable[[], Awaitable[bool]]:
    """An answer that is in hand, for :class:`PageInfo`."""

    async def tell() -> bool:
        return answer

    return tell
