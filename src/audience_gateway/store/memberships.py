"""Whether somebody is in a local audience.

E-mail addresses and phone numbers are narrowed down by the search index, which folds case as Python does, and each
one that is left is compared as :meth:`Identifier.is_of` compares. External identifiers are compared by the database.
"""

from functools import cache
from typing import Any

from sqlalchemy import Select, Text, bindparam, select

from audience_gateway.config import LOCAL_KEY
from audience_gateway.domain.identity import Identifier, IdentifierKind
from audience_gateway.store.database import Database
from audience_gateway.store.member_rows import FACTS, member_of
from audience_gateway.store.search import SearchKind, condition, parameters, storable
from audience_gateway.store.tables import audience, member, membership


async def contains(database: Database, native_id: str, identifier: Identifier) -> bool | None:
    """Whether a member of the local audience has ``identifier``, in one statement; None for an unknown audience."""
    if not storable(native_id):
        return None
    # What no text can hold nobody has: NULL equals nothing.
    value = identifier.value if storable(identifier.value) else None
    bound: dict[str, object] = {"audience": native_id, "external_id": value}
    if identifier.kind is not IdentifierKind.EXTERNAL_ID:
        bound = {"audience": native_id, **parameters(identifier.value, SearchKind.INDEXED, database.dialect, 0)}
    rows = await database.read(_statement(identifier.kind, database.dialect), bound)
    if not rows:
        return None
    return any(row.native_id is not None and identifier.is_of(member_of(row)) for row in rows)


@cache
def _statement(kind: IdentifierKind, dialect: str) -> Select[Any]:
    """Whoever could be the one; a lone row with NULLs for nobody, no row at all for an unknown audience."""
    named = (
        member.c.external_id == bindparam("external_id", type_=Text)
        if kind is IdentifierKind.EXTERNAL_ID
        else condition(SearchKind.INDEXED, dialect, 0)
    )
    own = select(audience.c.id).where(
        audience.c.provider_key == LOCAL_KEY, audience.c.native_id == bindparam("audience", type_=Text)
    )
    people = (
        select(membership.c.audience_id, *FACTS)
        .select_from(member.join(membership, membership.c.member_id == member.c.id))
        .where(membership.c.audience_id == own.scalar_subquery(), named)
        .subquery("people")
    )
    found = own.subquery("own")
    return select(people).select_from(found.outerjoin(people, people.c.audience_id == found.c.id))
