"""Pages: what all connections share."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeGuard, TypeVar

import strawberry
from strawberry import UNSET

from audience_gateway.domain.errors import BadInput
from audience_gateway.domain.page import PAGE_DEFAULT, PAGE_LIMIT

_Value = TypeVar("_Value")

First = Annotated[
    int | None, strawberry.argument(description=f"How many rows, 1 to {PAGE_LIMIT}; {PAGE_DEFAULT} when left out.")
]
After = Annotated[str | None, strawberry.argument(description="Go on after this cursor; from the start when left out.")]


def given(value: _Value | None) -> TypeGuard[_Value]:
    """Whether an argument was given, and not as null."""
    return value is not None and value is not UNSET


def page_size(first: int | None) -> int:
    """How many rows are wanted; raises BadInput outside 1 to 100 rather than cutting it silently."""
    if not given(first):
        return PAGE_DEFAULT
    if not 1 <= first <= PAGE_LIMIT:
        raise BadInput(f"first: must be 1 to {PAGE_LIMIT}, not {first}.")
    return first


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Where a page lies in its list.

    ``more`` says whether rows follow; it may have to ask the provider.
    """

    more: strawberry.Private[Callable[[], Awaitable[bool]]]
    has_previous_page: bool = strawberry.field(description="Whether rows come before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first row; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last row; null on an empty page.")

    @strawberry.field(description="Whether rows follow this page. Some providers must be asked once more to know.")
    async def has_next_page(self) -> bool:
        """Whether rows follow this page."""
        return await self.more()
