"""Reading people: pages of many audiences at once, candidates, and one person."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Text, bindparam, select

from audience_gateway.domain.errors import BadCursor
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page
from audience_gateway.domain.page import Row as PageRow
from audience_gateway.ports import MembersRequest
from audience_gateway.store.database import Database
from audience_gateway.store.member_pages import BEYOND, candidates_statement, members_statement
from audience_gateway.store.member_rows import FACTS, member_of
from audience_gateway.store.positions import Positions
from audience_gateway.store.search import SearchKind, fold, kind_of, parameters, storable
from audience_gateway.store.tables import member

_MOST_ARMS = 256
"""SQLite joins at most 500 selects into one."""
_STATEMENTS_KEPT = 32
_BY_NATIVE_ID = select(*FACTS).where(member.c.native_id == bindparam("native_id", type_=Text))


@dataclass(frozen=True, slots=True)
class _Question:
    """A request as the statements take it; ``native_id`` is None where it can name nothing, ``folded`` the search."""

    native_id: str | None
    first: int
    kind: SearchKind
    folded: str
    before: int
    positions: Positions


_NOTHING = _Question(None, 0, SearchKind.NONE, "", BEYOND, Positions(""))


class Members:
    """The people of one database; statements are built once for each shape of a batch."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pages = lru_cache(_STATEMENTS_KEPT)(partial(members_statement, dialect=database.dialect))
        self._candidates = lru_cache(len(SearchKind))(partial(candidates_statement, dialect=database.dialect))

    async def list_members(self, requests: Sequence[MembersRequest]) -> list[Page[Member] | None]:
        """A page per request, in order, one statement for every 256; None for an unknown audience.

        Raises BadCursor for a cursor of another list, and BadInput for a search that no text can hold.
        """
        questions = [_question("members", request) for request in requests]
        pages: list[Page[Member] | None] = []
        for start in range(0, len(questions), _MOST_ARMS):
            pages.extend(await self._read(questions[start : start + _MOST_ARMS]))
        return pages

    async def list_candidates(self, request: MembersRequest) -> Page[Member] | None:
        """A page of the people not in the audience; None for an unknown audience. Raises as :meth:`list_members`."""
        question = _question("candidates", request)
        rows = await self._database.read(self._candidates(question.kind), self._parameters(0, question))
        return _page(question, rows)

    async def get_member(self, native_id: str) -> Member | None:
        """One person."""
        if not storable(native_id):
            return None
        rows = await self._database.read(_BY_NATIVE_ID, {"native_id": native_id})
        return member_of(rows[0]) if rows else None

    async def _read(self, questions: Sequence[_Question]) -> Iterator[Page[Member] | None]:
        """The pages of one statement, whose arms are padded to a power of two so that few shapes are ever built."""
        arms = [*questions, *[_NOTHING] * (_next_power_of_two(len(questions)) - len(questions))]
        statement = self._pages(tuple(arm.kind for arm in arms))
        bound: dict[str, object] = {}
        for place, arm in enumerate(arms):
            bound |= self._parameters(place, arm)
        shares: dict[int, list[Row[Any]]] = defaultdict(list)
        for row in await self._database.read(statement, bound):
            shares[row.place].append(row)
        return (_page(question, shares[place]) for place, question in enumerate(questions))

    def _parameters(self, place: int, question: _Question) -> dict[str, object]:
        return {
            f"native_id_{place}": question.native_id,
            f"before_{place}": question.before,
            f"rows_{place}": question.first + 1,
            **parameters(question.folded, question.kind, self._database.dialect, place),
        }


def _question(list_name: str, request: MembersRequest) -> _Question:
    folded = fold(request.search or "")
    positions = Positions.of(list_name, request.native_id, folded)
    before = BEYOND
    if request.after is not None:
        (position,) = positions.read(request.after, 1)
        if position is None:
            raise BadCursor("This cursor is damaged.")
        before = position
    native_id = request.native_id if storable(request.native_id) else None
    return _Question(native_id, request.first, kind_of(folded), folded, before, positions)


def _page(question: _Question, rows: Sequence[Row[Any]]) -> Page[Member] | None:
    if not rows:
        return None
    found = sorted((row for row in rows if row.id is not None), key=attrgetter("id"), reverse=True)
    return Page(
        rows=tuple(PageRow(member_of(row), question.positions.write(row.id)) for row in found[: question.first]),
        has_next=len(found) > question.first,
        total=rows[0].total,
    )


def _next_power_of_two(number: int) -> int:
    return 1 << (number - 1).bit_length()
