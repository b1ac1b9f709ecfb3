"""Fanfare's cursor pages: no total and no flag for more (Fanfare contract, Paging)."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audience_gateway.sandbox.fanfare.errors import validation_failed
from audience_gateway.sandbox.fanfare.objects import Row, in_order

DEFAULT_SIZE = 20
_MAXIMUM_SIZE = 100


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows of a list are wanted, and in which order.

    ``size`` None means all. ``after`` and ``before`` are ids; ``backward`` takes the rows nearest to the end.
    """

    size: int | None
    backward: bool
    after: str | None
    before: str | None
    sort_by: str
    descending: bool


def window(query: Mapping[str, str], known: Mapping[str, Any], sortable: Sequence[str], size: int | None) -> Window:
    """What ``query`` asks of a list whose cursors name ids in ``known``; ``size`` is the default.

    :raises RefusalError: 400 naming each parameter that cannot be understood.
    """
    problems: list[tuple[str, str]] = []
    first, last = _count(query, "first", problems), _count(query, "last", problems)
    after, before = _cursor(query, "after", known, problems), _cursor(query, "before", known, problems)
    sort_by, direction = query.get("sortBy", "createdAt"), query.get("sortDir", "desc")
    if "first" in query and "last" in query:
        problems.append(("last", "Cannot be combined with first"))
    if sort_by not in sortable:
        problems.append(("sortBy", f"Must be one of {', '.join(sortable)}"))
    if direction not in {"asc", "desc"}:
        problems.append(("sortDir", "Must be asc or desc"))
    if problems:
        raise validation_failed(*problems)
    backward = last is not None or (before is not None and first is None)
    return Window(first or last or size, backward, after, before, sort_by, direction == "desc")


def rows_in(wanted: Window, rows: Sequence[Row], known: Mapping[str, Row]) -> list[Row]:
    """The wanted ones of ``rows``; a cursor keeps its place after its own row has left the list."""
    present = {row["id"]: row for row in rows}
    anchors = {anchor: known[anchor] for anchor in (wanted.after, wanted.before) if anchor is not None}
    ordered = in_order((present | anchors).values(), wanted.sort_by, descending=wanted.descending)
    ids = [row["id"] for row in ordered]
    start = ids.index(wanted.after) + 1 if wanted.after is not None else 0
    stop = ids.index(wanted.before) if wanted.before is not None else len(ids)
    between = [row for row in ordered[start:stop] if row["id"] in present]
    if wanted.size is None:
        return between
    return between[-wanted.size :] if wanted.backward else between[: wanted.size]


def page_of(rows: Sequence[Row], show: Callable[[Row], Mapping[str, Any]]) -> dict[str, Any]:
    """The reply holding ``rows``, each as ``show`` puts it, with the cursors of the first and the last."""
    ends = (_encoded(rows[0]["id"]), _encoded(rows[-1]["id"])) if rows else (None, None)
    return {"data": [show(row) for row in rows], "pageInfo": {"startCursor": ends[0], "endCursor": ends[1]}}


def _count(query: Mapping[str, str], name: str, problems: list[tuple[str, str]]) -> int | None:
    text = query.get(name)
    if text is None:
        return None
    if text.isascii() and text.isdigit() and 1 <= int(text) <= _MAXIMUM_SIZE:
        return int(text)
    problems.append((name, f"Must be a whole number from 1 to {_MAXIMUM_SIZE}"))
    return None


def _cursor(
    query: Mapping[str, str], name: str, known: Mapping[str, Any], problems: list[tuple[str, str]]
) -> str | None:
    text = query.get(name)
    if text is None:
        return None
    decoded = _decoded(text)
    if decoded is None or decoded not in known:
        problems.append((name, "Cursor is not valid"))
        return None
    return decoded


def _encoded(identifier: str) -> str:
    return base64.b64encode(json.dumps({"id": identifier}, separators=(",", ":")).encode()).decode()


def _decoded(cursor: str) -> str | None:
    try:
        content = json.loads(base64.b64decode(cursor, validate=True))
    except (binascii.Error, ValueError):
        return None
    identifier = content.get("id") if isinstance(content, dict) else None
    return identifier if isinstance(identifier, str) else None
