"""The page that a caller gets of a stretch: its rows, each with its cursor."""

from itertools import pairwise

from audience_gateway.domain.errors import UpstreamBadResponse
from audience_gateway.domain.page import Page, Row
from audience_gateway.upstream.anchors import Anchor, moved, thinned
from audience_gateway.upstream.numbered.pages import T
from audience_gateway.upstream.numbered.positions import Position
from audience_gateway.upstream.numbered.stretches import Stretch

_OWN_DISTANCES = (0, 1, 2, 3, 7, 15, 31, 63)


def page_of(stretch: Stretch[T], first: int) -> Page[T]:
    """Up to ``first`` rows, and the problems among them; those behind the last row are left to the next page."""
    readable = [place for place, each in enumerate(stretch.fingerprints) if each is not None][:first]
    stop = readable[-1] + 1 if len(readable) == first else len(stretch.outcomes)
    ours = stretch.outcomes[stretch.told : stop]
    return Page(
        rows=_rows(stretch, readable, stop),
        has_next=True if stop < len(stretch.outcomes) else stretch.has_next,
        total=stretch.page.total,
        problems=tuple(each for each in ours if isinstance(each, UpstreamBadResponse)),
    )


def _rows(stretch: Stretch[T], readable: list[int], stop: int) -> tuple[Row[T], ...]:
    """Each cursor goes on at the next readable row, so that no problem is told twice."""
    rows: list[Row[T]] = []
    fingerprints = [stretch.fingerprints[place] or "" for place in readable]
    for number, (place, following) in enumerate(pairwise([*readable, stop])):
        outcome = stretch.outcomes[place]
        if not isinstance(outcome, UpstreamBadResponse):
            own = [Anchor(n, fingerprints[number - n]) for n in _OWN_DISTANCES if n <= number]
            trail = thinned((*own, *moved(stretch.ahead, number)))
            position = Position(stretch.start + following, following - place - 1, stretch.page.total, trail)
            rows.append(Row(outcome, position.cursor))
    return tuple(rows)
