"""What may happen to a list during a walk: nothing, few things near the reader and elsewhere, or everything at once."""

from hypothesis import strategies as st

from tests.changing_list import Change, Near, Story

COUNTS = st.integers(0, 450)
_SIZES = st.lists(st.integers(1, 100), min_size=1, max_size=4).map(tuple)


def _changes(most_rows: int, shifts: st.SearchStrategy[int]) -> st.SearchStrategy[Change]:
    rows = st.integers(0, most_rows)
    return st.builds(Change, st.sampled_from(Near), shifts, rows, rows)


_BURSTS = _changes(130, st.integers(-140, 140))
_NEIGHBOURS = st.builds(Change, st.sampled_from(Near), st.integers(-5, 5), st.integers(0, 1), st.integers(0, 1))
_EXCHANGES = st.builds(
    lambda rows, behind, turned: (
        Change(Near.READER, behind, rows * (1 - turned), rows * turned),
        Change(Near.START, 0, rows * turned, rows * (1 - turned)),
    ),
    st.integers(1, 60),
    st.integers(1, 150),
    st.integers(0, 1),
)
FEW = st.lists(_NEIGHBOURS.filter(lambda change: change.added + change.removed == 1), max_size=3).map(tuple)
MANY = st.lists(_NEIGHBOURS | _BURSTS, max_size=4).map(tuple) | _EXCHANGES
_SPRINKLED = (
    st.lists(st.integers(0, 4).map(lambda each: each == 0), min_size=1, max_size=30)
    .filter(lambda broken: not all(broken))
    .map(tuple)
)


def happening(changes: st.SearchStrategy[tuple[Change, ...]]) -> st.SearchStrategy[tuple[tuple[Change, ...], ...]]:
    """``changes`` again and again."""
    return st.lists(changes, max_size=8).map(tuple)


STORIES = st.builds(
    Story,
    COUNTS,
    _SIZES,
    happening(MANY),
    happening(FEW | MANY),
    _SPRINKLED | st.just((False,)),
    st.booleans(),
)
QUIET_STORIES = st.builds(Story, COUNTS, _SIZES, broken=_SPRINKLED)
CALM_STORIES = st.builds(Story, COUNTS, _SIZES, happening(FEW), broken=_SPRINKLED)
RESTLESS_STORIES = st.builds(Story, COUNTS, _SIZES, between_calls=happening(FEW))
