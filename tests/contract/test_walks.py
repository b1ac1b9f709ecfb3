"""Whole walks: everything a provider lists, from end to end, is everything there is."""

import pytest

from tests.contract.dialects import Backdrop, backdrops
from tests.contract.harness import Harness, large_world, small_world
from tests.contract.lists import all_lists
from tests.contract.promises.paging import walk

_ALL = backdrops()


@pytest.mark.parametrize("size", [100, 50])
@pytest.mark.parametrize("backdrop", _ALL, ids=lambda backdrop: backdrop.name)
async def test_a_whole_walk_in_large_pages_finds_everything(backdrop: Backdrop, size: int) -> None:
    async with backdrop.open(large_world()) as harness:
        await _assert_all_found(harness, size)


@pytest.mark.parametrize("size", [1, 7])
@pytest.mark.parametrize("backdrop", _ALL, ids=lambda backdrop: backdrop.name)
async def test_a_whole_walk_in_small_pages_finds_everything(backdrop: Backdrop, size: int) -> None:
    async with backdrop.open(small_world()) as harness:
        await _assert_all_found(harness, size)


async def _assert_all_found(harness: Harness, size: int) -> None:
    for known in all_lists(harness):
        assert sorted(known.native_ids) == sorted(await walk(known, size)), known.name
