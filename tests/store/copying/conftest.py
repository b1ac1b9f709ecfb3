"""A filled store and an empty database, of different kinds, in both directions."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from audience_gateway.store import SqlStore, open_store
from tests.databases import BOTH, empty_postgresql
from tests.store.copying.copies import fill


@pytest.fixture(params=BOTH)
async def pair(request: pytest.FixtureRequest, urls: dict[str, str]) -> tuple[str, str]:
    """The addresses of a filled store of each kind in turn, and of an empty database of the other."""
    source = urls.pop(request.param)
    await fill(source)
    return source, urls.popitem()[1]


@pytest.fixture
def urls(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An empty database of each kind."""
    with empty_postgresql() as postgresql:
        yield {"sqlite": f"sqlite:///{tmp_path / 'store.db'}", "postgresql": postgresql}


@pytest.fixture
async def stores(pair: tuple[str, str]) -> AsyncIterator[tuple[SqlStore, SqlStore]]:
    """Stores over both; the second is not up to date before something is copied there."""
    opened = open_store(pair[0]), open_store(pair[1])
    yield opened
    for store in opened:
        await store.close()
