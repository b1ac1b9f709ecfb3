"""One page of a list, with a cursor for every row."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from audience_gateway.domain.errors import GatewayError

T = TypeVar("T")

PAGE_LIMIT = 100
"""The most rows a caller may ask for at once."""
PAGE_DEFAULT = 20
"""The rows a caller gets who does not say."""


@dataclass(frozen=True, slots=True)
class Row(Generic[T]):
    """One value and the cursor after which the list goes on; cursors are opaque to everyone but their maker."""

    value: T
    cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """Which rows of a list are wanted: ``size`` of them from one end, between two cursors.

    :param backward: whether they are counted from the far end.
    """

    size: int = PAGE_DEFAULT
    after: str | None = None
    before: str | None = None
    backward: bool = False

    @property
    def bounds(self) -> tuple[str | None, str | None]:
        """The cursors after and before which the rows stand."""
        return self.after, self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Rows in the source's order.

    :param has_next: whether rows follow; None when the source does not say and only asking for them would tell.
    :param total: the length of the whole list, exact; None when the source does not say.
    :param problems: one error a record that could not be read and is therefore missing from ``rows``.
    """

    rows: tuple[Row[T], ...]
    has_next: bool | None
    total: int | None = None
    problems: tuple[GatewayError, ...] = ()

    @property
    def values(self) -> tuple[T, ...]:
        """The rows without their cursors."""
        return tuple(row.value for row in self.rows)

    @property
    def end_cursor(self) -> str | None:
        """The cursor of the last row; None on an empty page."""
        return self.rows[-1].cursor if self.rows else None
