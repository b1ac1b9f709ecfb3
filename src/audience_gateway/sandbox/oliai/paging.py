"""OliAI's pages: numbered from 1, of 20 rows unless told, of 100 at most (OliAI contract, Operations)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audience_gateway.sandbox.oliai.errors import RefusalError
from audience_gateway.sandbox.oliai.objects import Contact

_DEFAULT_LIMIT = 20
_MAXIMUM_LIMIT = 100


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page, from 1, of how many rows."""

    page: int
    limit: int


def page_request(query: Mapping[str, str]) -> PageRequest:
    """The page ``query`` asks for.

    :raises RefusalError: 400 with one message for each value out of bounds.
    """
    problems: list[str] = []
    page = _integer(query, "page", 1, problems)
    limit = _integer(query, "limit", _DEFAULT_LIMIT, problems)
    if limit > _MAXIMUM_LIMIT:
        problems.append(f"limit must not be greater than {_MAXIMUM_LIMIT}")
    if problems:
        raise RefusalError(400, problems)
    return PageRequest(page, limit)


def page_of(rows: Sequence[Mapping[str, Any]], wanted: PageRequest) -> dict[str, Any]:
    """The reply holding the wanted page of ``rows``; a page past the end is empty."""
    start = (wanted.page - 1) * wanted.limit
    return {
        "data": list(rows[start : start + wanted.limit]),
        "total": len(rows),
        "page": wanted.page,
        "limit": wanted.limit,
        "totalPages": -(-len(rows) // wanted.limit),
    }


def matching(contacts: Sequence[Contact], search: str) -> Sequence[Contact]:
    """The contacts with ``search`` in their name or number, without case; order kept."""
    wanted = search.casefold()
    return [found for found in contacts if wanted in found["name"].casefold() or wanted in found["phoneNumber"]]


def _integer(query: Mapping[str, str], name: str, default: int, problems: list[str]) -> int:
    text = query.get(name)
    if text is None:
        return default
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        problems.append(f"{name} must be an integer number")
        return default
    number = int(text)
    if number < 1:
        problems.append(f"{name} must not be less than 1")
    return number
