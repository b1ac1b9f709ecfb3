"""Reading Trackly's page parameters, which are clamped or replaced by their defaults and never refused."""

import re
from dataclasses import dataclass

from starlette.datastructures import QueryParams

_DEFAULT_PER_PAGE = 50
_MAXIMUM_PER_PAGE = 100
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was asked for: ``number`` counts from 1, ``size`` is 1 to 100."""

    number: int
    size: int

    @property
    def window(self) -> slice:
        """The part of a whole result that this page shows."""
        return slice((self.number - 1) * self.size, self.number * self.size)

    def summary(self, total: int) -> dict[str, int]:
        """The ``pagination`` object of a reply whose whole result has ``total`` rows."""
        return {"page": self.number, "per_page": self.size, "total": total, "total_pages": -(-total // self.size)}


def read_page(query: QueryParams) -> Page:
    """The page that ``query`` asks for."""
    number = _whole(query.get("page", ""), 1)
    size = _whole(query.get("per_page", ""), _DEFAULT_PER_PAGE)
    return Page(max(1, number), min(max(1, size), _MAXIMUM_PER_PAGE))


def _whole(text: str, default: int) -> int:
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else default
