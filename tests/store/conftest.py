"""Stores of both kinds: empty and up to date for each test, or filled once for all tests that only read."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from audience_gateway.store import SqlStore, open_store
from audience_gateway.store.seed import seed
from tests.databases import BOTH, database_url, empty_database
from tests.store.population import audiences, people

__all__ = ["database_url"]


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    """An empty store, up to date."""
    store = open_store(database_url)
    try:
        await store.migrate()
        yield store
    finally:
        await store.close()


@pytest.fixture(scope="package", params=BOTH)
def filled_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database that holds the population; for reading only."""
    with empty_database(request.param, tmp_path_factory.mktemp("filled")) as url:
        asyncio.run(_fill(url))
        yield url


@pytest.fixture
async def filled(filled_url: str) -> AsyncIterator[SqlStore]:
    """A store that holds the population; for reading only."""
    store = open_store(filled_url)
    try:
        yield store
    finally:
        await store.close()


async def _fill(url: str) -> None:
    store = open_store(url)
    try:
        await store.migrate()
        everyone = people()
        await seed(store, everyone, audiences(everyone))
    finally:
        await store.close()
