"""The rows that follow a cursor, put together from pages by the rows that stand in two of them."""

from dataclasses import dataclass, replace
from typing import Generic

from audience_gateway.domain.errors import UpstreamBadResponse
from audience_gateway.upstream.anchors import Anchor, in_front, last_known, moved, thinned
from audience_gateway.upstream.numbered.addresses import SIZE_LIMIT
from audience_gateway.upstream.numbered.pages import ReadPage, T
from audience_gateway.upstream.numbered.positions import Position

_ROOM = 4


@dataclass(frozen=True, slots=True)
class Stretch(Generic[T]):
    """Everything that follows a place in the list, up to the end of ``page``; offsets are those of ``page``.

    :param ahead: rows in front of the place, nearest first; none means that it is the start of the list.
    :param trail: what the cursor remembers; all of it is in front of what is wanted.
    :param doubtful: among how many rows at the beginning some of the trail may still turn up.
    :param unreadable: how many unreadable records at the beginning were told before.
    :param is_last: whether nothing follows, whatever ``page`` says.
    """

    outcomes: tuple[T | UpstreamBadResponse, ...]
    fingerprints: tuple[str | None, ...]
    page: ReadPage[T]
    ahead: tuple[Anchor, ...] = ()
    trail: tuple[Anchor, ...] = ()
    doubtful: int = 0
    unreadable: int = 0
    is_last: bool = False

    @classmethod
    def from_start(cls, page: ReadPage[T]) -> "Stretch[T]":
        """The beginning of the list, of which ``page`` is the first page."""
        return cls(page.outcomes, page.fingerprints, page, is_last=not page.outcomes)

    @classmethod
    def behind(cls, position: Position, page: ReadPage[T]) -> "Stretch[T] | None":
        """What follows the last row that ``position`` remembers in ``page``; None when none of them is there."""
        found = last_known(page.fingerprints, position.trail)
        if found is None:
            return None
        place, anchor = found
        near = in_front(page.fingerprints[:place])
        known = {each.fingerprint for each in near}
        farther = [each for each in position.trail if each.fingerprint not in known and each.distance > anchor.distance]
        return cls(
            page.outcomes[place:],
            page.fingerprints[place:],
            page,
            thinned((*near, *moved(farther, 1 - anchor.distance))),
            position.trail,
            _doubt(anchor),
            0 if anchor.distance else position.unreadable,
        )

    @classmethod
    def by_number(cls, position: Position, page: ReadPage[T]) -> "Stretch[T]":
        """What stands in ``page`` from the offset of ``position`` on, where the list is as long as it was."""
        place = position.offset - page.start
        ahead = tuple(moved(position.trail, position.offset - position.front))
        return cls(page.outcomes[place:], page.fingerprints[place:], page, ahead, position.trail)

    @property
    def start(self) -> int:
        """The offset of the first row."""
        return self.page.end - len(self.outcomes)

    @property
    def hold(self) -> int:
        """The offset of the last readable row, or of the one in front of the place when there is none."""
        behind = next((n for n, each in enumerate(reversed(self.fingerprints), 1) if each is not None), None)
        return max(0, self.start - 1) if behind is None else self.page.end - behind

    @property
    def has_next(self) -> bool | None:
        """Whether rows follow; None when only asking for them would tell."""
        return False if self.is_last else self.page.has_next

    @property
    def told(self) -> int:
        """How many unreadable records at the beginning to leave out."""
        readable = next((n for n, each in enumerate(self.fingerprints) if each is not None), len(self.outcomes))
        return min(self.unreadable, readable)

    def missing(self, first: int) -> int:
        """How many more records are wanted for a page of ``first``; as many as can be until one can be read."""
        rest = self.fingerprints[self.told :]
        return max(first - len(rest), self.doubtful - len(rest), 0 if any(rest) else SIZE_LIMIT)

    def joined(self, page: ReadPage[T]) -> "Stretch[T] | None":
        """As far as ``page`` goes on behind a row that both know; None when there is none, or it reaches less far."""
        longer = self._continued(page) or self._begun_again(page)
        return None if longer is None or len(longer.outcomes) < len(self.outcomes) else longer.without_trail()

    def _continued(self, page: ReadPage[T]) -> "Stretch[T] | None":
        """Our rows up to the last that stands in ``page`` too, then what follows it there."""
        own = [Anchor(place, each) for place, each in enumerate(self.fingerprints) if each is not None]
        found = last_known(page.fingerprints, own)
        return None if found is None else self._up_to(found[1].distance + 1, page, found[0])

    def _begun_again(self, page: ReadPage[T]) -> "Stretch[T] | None":
        """What follows the rows in front of us in ``page``, none of ours being there."""
        if not self.ahead:
            return self.from_start(page) if page.start == 0 else None
        found = last_known(page.fingerprints, self.ahead)
        if found is None:
            return None
        place, anchor = found
        return replace(self._up_to(0, page, place), unreadable=self.unreadable if anchor == self.ahead[0] else 0)

    def appended(self, page: ReadPage[T]) -> "Stretch[T]":
        """With what ``page`` holds from our end on, by number alone."""
        longer = self._up_to(len(self.outcomes), page, self.page.end - page.start)
        return replace(longer, is_last=page.end <= self.page.end)

    def _up_to(self, count: int, page: ReadPage[T], place: int) -> "Stretch[T]":
        outcomes = self.outcomes[:count] + page.outcomes[place:]
        fingerprints = self.fingerprints[:count] + page.fingerprints[place:]
        return replace(self, outcomes=outcomes, fingerprints=fingerprints, page=page)

    def without_trail(self) -> "Stretch[T]":
        """What follows the last row that the cursor remembers, should it stand among ours."""
        found = last_known(self.fingerprints, self.trail)
        if found is None:
            return self
        place, anchor = found
        return replace(
            self,
            outcomes=self.outcomes[place:],
            fingerprints=self.fingerprints[place:],
            ahead=thinned((*in_front(self.fingerprints[:place]), *moved(self.ahead, place))),
            doubtful=_doubt(anchor),
            unreadable=0,
        )


def _doubt(found: Anchor) -> int:
    """Among how many rows behind the remembered row ``found`` those nearer to the cursor would stand."""
    return found.distance and found.distance + _ROOM
