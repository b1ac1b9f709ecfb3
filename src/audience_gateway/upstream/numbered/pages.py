"""Numbered pages: as the provider sends them, and as they are read here."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from audience_gateway.domain.errors import UpstreamBadResponse
from audience_gateway.upstream.anchors import fingerprint
from audience_gateway.upstream.numbered.addresses import PageAddress


class Identified(Protocol):
    """Anything a provider gives an identifier of its own."""

    @property
    def native_id(self) -> str:
        """The provider's identifier."""
        ...


T = TypeVar("T", bound=Identified)


@dataclass(frozen=True, slots=True)
class NumberedPage(Generic[T]):
    """One page as the provider sent it, an error in the place of each unreadable record.

    :param total: the announced length of the whole list; None when the provider does not say.
    :param size: the page size the provider says it used; None when it does not say.
    """

    outcomes: tuple[T | UpstreamBadResponse, ...]
    total: int | None
    size: int | None = None


FetchPage = Callable[[int, int], Awaitable[NumberedPage[T]]]
"""Reads one page: its number, from 1, and its size, 1 to 100."""


@dataclass(frozen=True, slots=True)
class ReadPage(Generic[T]):
    """A page that was read: what stands from offset ``start`` on, when up to ``size`` rows were asked for.

    :param fingerprints: of each row's identifier; None for an unreadable record.
    :param announced: the length the provider announced.
    """

    start: int
    size: int
    outcomes: tuple[T | UpstreamBadResponse, ...]
    fingerprints: tuple[str | None, ...]
    announced: int | None

    @classmethod
    def of(cls, address: PageAddress, page: NumberedPage[T]) -> "ReadPage[T]":
        """What ``page``, read at ``address``, holds."""
        outcomes = page.outcomes[: address.size]
        fingerprints = tuple(
            None if isinstance(outcome, UpstreamBadResponse) else fingerprint(outcome.native_id) for outcome in outcomes
        )
        return cls(address.start, address.size, outcomes, fingerprints, page.total)

    @property
    def end(self) -> int:
        """The offset behind the last row."""
        return self.start + len(self.outcomes)

    @property
    def is_short(self) -> bool:
        """Whether it holds fewer rows than were asked for, as only a last page should."""
        return len(self.outcomes) < self.size

    @property
    def total(self) -> int | None:
        """The announced length, unless more rows than that are in hand."""
        disproved = self.outcomes and self.announced is not None and self.announced < self.end
        return None if disproved else self.announced

    @property
    def has_next(self) -> bool | None:
        """Whether rows follow; None when the provider leaves that open."""
        if self.total is None:
            return False if self.is_short else None
        return self.total > self.end

    def begins_as(self, other: "ReadPage[T]") -> bool:
        """Whether the same row stands first, and the list is as long, as in ``other``."""
        first = self.fingerprints[:1]
        return any(first) and first == other.fingerprints[:1] and self.announced == other.announced
