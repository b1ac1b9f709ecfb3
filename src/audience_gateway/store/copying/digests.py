"""Checksums over rows that are equal exactly when the values are, whichever database they were read from.

A row is its values in MessagePack, one after the other. JSON is compared by what it means: keys in order, numbers by
their value, because PostgreSQL writes neither back as it got them.
"""

import json
from decimal import Decimal
from hashlib import blake2b
from typing import Any

import msgspec
from sqlalchemy import Table

from audience_gateway.store.copying.contents import Batch, is_document

_BYTES = 16


class Digest:
    """The checksum of a table's rows, added in the order of their keys."""

    def __init__(self, table: Table) -> None:
        self.rows = 0
        self._documents = [place for place, column in enumerate(table.columns) if is_document(column)]
        self._hash = blake2b(digest_size=_BYTES)
        self._encode = msgspec.msgpack.Encoder().encode

    def add(self, batch: Batch) -> None:
        """Take the next rows in; how many come at a time makes no difference."""
        self.rows += len(batch)
        rows = map(self._comparable, batch) if self._documents else batch
        self._hash.update(b"".join(map(self._encode, rows)))

    @property
    def checksum(self) -> str:
        """The checksum of what was added so far, in hexadecimal."""
        return self._hash.hexdigest()

    def _comparable(self, row: tuple[Any, ...]) -> list[Any]:
        values = list(row)
        for place in self._documents:
            if values[place] is not None:
                values[place] = _meaning(values[place])
        return values


def _meaning(document: str) -> str:
    """The document in one way of writing it: numbers as ``{"n": ...}``, and so objects as ``{"o": ...}``."""
    parsed = json.loads(document, parse_int=_number, parse_float=_number, object_hook=lambda inner: {"o": inner})
    return json.dumps(parsed, sort_keys=True, separators=(",", ":"))


def _number(text: str) -> dict[str, str]:
    sign, digits, exponent = Decimal(text).as_tuple()
    written = "".join(map(str, digits))
    significant = written.rstrip("0")
    shift = int(exponent) + len(written) - len(significant)
    return {"n": f"{'-' if sign else ''}{significant.lstrip('0')}e{shift}" if significant else "0"}
