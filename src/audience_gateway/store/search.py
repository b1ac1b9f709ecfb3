"""What a search means, the same on both databases: a substring of the case-folded name, e-mail and phone.

Folding is Python's ``str.casefold``, done before anything is stored or sought; both databases then compare exactly,
and their own notions of case never matter. Terms of three characters and more go through a trigram index.
"""

from enum import Enum

from sqlalchemy import ColumnElement, Text, and_, bindparam, func, select

from audience_gateway.domain.errors import BadInput
from audience_gateway.store.tables import member, member_search

_INDEXED_LENGTH = 3
_ESCAPE = "!"


class SearchKind(Enum):
    """How a term is sought: not at all, by reading every candidate, or through the index."""

    NONE = "NONE"
    READING = "READING"
    INDEXED = "INDEXED"


def fold(text: str) -> str:
    """Text as it is compared when case does not matter."""
    return text.casefold()


def search_text(*parts: str | None) -> str:
    """What is searched of one person: the known parts, folded, a line each."""
    return "\n".join(fold(part) for part in parts if part)


def storable(text: str) -> bool:
    """Whether both databases can hold ``text``: PostgreSQL knows no NUL, and UTF-8 no half characters."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def kind_of(folded: str) -> SearchKind:
    """How a folded term is sought, not at all when empty; raises BadInput for one that no text can hold."""
    if not folded:
        return SearchKind.NONE
    if not storable(folded):
        raise BadInput("search: holds a character that no text may hold.")
    return SearchKind.INDEXED if len(folded) >= _INDEXED_LENGTH else SearchKind.READING


def condition(kind: SearchKind, dialect: str, place: int) -> ColumnElement[bool]:
    """Whether a person of ``member`` holds the term bound at ``place``; ``kind`` is not NONE.

    On SQLite the index only narrows down, and the text itself decides: FTS5 takes some characters for others.
    """
    text, term = member.c.search_text, bindparam(f"term_{place}", type_=Text)
    if dialect == "sqlite":
        holds = func.instr(text, term) > 0
        if kind is SearchKind.READING:
            return holds
        phrase = bindparam(f"pattern_{place}", type_=Text)
        hits = select(member_search.c.rowid).where(member_search.c.member_search.op("MATCH")(phrase))
        return and_(member.c.id.in_(hits), holds)
    if kind is SearchKind.READING:
        return func.strpos(text, term) > 0
    return text.like(bindparam(f"pattern_{place}", type_=Text), escape=_ESCAPE)


def parameters(folded: str, kind: SearchKind, dialect: str, place: int) -> dict[str, str]:
    """The values that :func:`condition` binds for a folded term."""
    if kind is SearchKind.NONE:
        return {}
    return {f"term_{place}": folded, f"pattern_{place}": _phrase(folded) if dialect == "sqlite" else _like(folded)}


def _phrase(folded: str) -> str:
    """An FTS5 string: every character for itself. See https://sqlite.org/fts5.html#fts5_strings."""
    return '"' + folded.replace('"', '""') + '"'


def _like(folded: str) -> str:
    for character in (_ESCAPE, "%", "_"):
        folded = folded.replace(character, _ESCAPE + character)
    return f"%{folded}%"
