"""Whatever happens between two pages, a walk meets every audience that stands still once, in order.

The world changes through real readings of accounts in memory; the list is read from both databases. Each mutant is
caught by the same property that the honest index keeps.
"""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings

from audience_gateway.store import SqlStore, open_store
from tests.databases import BOTH, empty_database
from tests.examples import some
from tests.store import walk_mutants
from tests.store.index_pair import emptied
from tests.store.walk_examples import STORIES, Story
from tests.store.walk_world import Making, World
from tests.store.walking import opened, walk

Keeps = Callable[[Story, Making], None]
HONEST = Making()
MUTANTS = {
    "no tie-breaker": Making(index=walk_mutants.HasNoTieBreaker),
    "nulls ordered by the engine": Making(index=walk_mutants.LeavesNullsToTheEngine),
    "offsets instead of keys": Making(index=walk_mutants.CountsRows),
    "a refresh that erases own writes": Making(index=walk_mutants.ErasesOwnWrites),
    "half a reading retired": Making(index=walk_mutants.RetiresHalfARead),
    "a cursor accepted from another query": Making(cursors=walk_mutants.AcceptsAnyCursor),
}


@pytest.fixture(params=BOTH)
def keeps(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Keeps]:
    """Lives through a story on a database, and raises AssertionError when the promise is broken."""
    with empty_database(request.param, tmp_path) as url, asyncio.Runner() as runner:
        store = open_store(url)
        runner.run(store.migrate())
        try:
            yield lambda story, making: runner.run(live(story, store, making))
        finally:
            runner.run(store.close())


async def live(story: Story, store: SqlStore, making: Making) -> None:
    world = World.over(await emptied(store), making)
    try:
        await opened(world, story.local, story.remote, story.down)
        await walk(world, story.query, story.sort, story.steps, story.way_back)
    finally:
        await world.close()


@some(0.2)
@given(story=STORIES)
def test_a_walk_meets_whatever_stands_still_once_and_in_order(keeps: Keeps, story: Story) -> None:
    keeps(story, HONEST)


@pytest.mark.parametrize("mutant", MUTANTS)
@pytest.mark.parametrize("keeps", ["sqlite"], indirect=True)
def test_every_mutant_is_noticed(keeps: Keeps, mutant: str) -> None:
    """Once is enough: what a mutant does may hang on when a reading in the background ends."""
    noticed = False

    @settings(some(1), phases=[Phase.generate], database=None)
    @given(story=STORIES)
    def promise(story: Story) -> None:
        nonlocal noticed
        if not noticed:
            try:
                keeps(story, MUTANTS[mutant])
            except AssertionError:
                noticed = True

    promise()

    assert noticed
