"""Empty databases of both kinds, one a test: a SQLite file, and a database made for it on a PostgreSQL server.

The server is ``TEST_POSTGRESQL_URL``. Without one, tests are skipped, unless ``REQUIRE_SERVICES=1`` makes them fail.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

BOTH = ("sqlite", "postgresql")
_CONNECT_SECONDS = 3


def server_url() -> str:
    """The PostgreSQL server on which databases may be made."""
    return os.environ.get("TEST_POSTGRESQL_URL", "postgresql://postgres@127.0.0.1:5432/test")


@contextmanager
def empty_postgresql() -> Iterator[str]:
    """The address of a new database, which is dropped afterwards whoever is still connected."""
    name = f"audience_gateway_{uuid.uuid4().hex}"
    with _server() as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0'.encode())
        try:
            yield make_url(server_url()).set(database=name).render_as_string(hide_password=False)
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of a new database of ``kind``, one of :data:`BOTH`."""
    if kind == "postgresql":
        with empty_postgresql() as url:
            yield url
    else:
        yield f"sqlite:///{folder / 'store.db'}"


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind in turn."""
    with empty_database(request.param, tmp_path) as url:
        yield url


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    try:
        connection = psycopg.connect(server_url(), autocommit=True, connect_timeout=_CONNECT_SECONDS)
    except psycopg.OperationalError as error:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            raise
        pytest.skip(f"PostgreSQL is not running: {error}")
    with connection:
        yield connection
