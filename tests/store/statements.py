"""Counting what is really sent to a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from audience_gateway.store import SqlStore


@contextmanager
def statements_of(store: SqlStore) -> Iterator[list[str]]:
    """The text of every statement that ``store`` reads with inside the block."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    engine = store.database._engines.reader.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
