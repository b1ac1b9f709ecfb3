"""What an audience query admits, as conditions over ``audience``."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, literal, select

from audience_gateway.domain.catalogue import AudienceQuery, CountRange, MemberScope, MomentRange
from audience_gateway.store.audience_rows import plain
from audience_gateway.store.columns import Moment
from audience_gateway.store.search import fold, storable
from audience_gateway.store.tables import audience, member, membership


def conditions(query: AudienceQuery, provider_keys: Sequence[str], dialect: str) -> list[ColumnElement[bool]]:
    """All conditions of ``query`` over the audiences of ``provider_keys``."""
    return [*conditions_but_size(query, provider_keys, dialect), *_size(query.size)]


def conditions_but_size(query: AudienceQuery, provider_keys: Sequence[str], dialect: str) -> list[ColumnElement[bool]]:
    """All conditions but the one on the size."""
    found: list[ColumnElement[bool]] = [
        _of_providers(query, provider_keys),
        audience.c.status.in_([status.value for status in dict.fromkeys(query.statuses)]),
    ]
    if query.kinds is not None:
        found.append(audience.c.kind.in_([kind.value for kind in dict.fromkeys(query.kinds)]))
    if query.name_contains:
        found.append(_name_contains(query.name_contains, dialect))
    if query.group is not None:
        found += [
            audience.c.provider_key == query.group.provider_key,
            audience.c.group_id == plain(query.group.native_id),
        ]
    if query.member is not None:
        found.append(_has_member(query.member))
    return [*found, *_created_at(query.created_at)]


def _of_providers(query: AudienceQuery, provider_keys: Sequence[str]) -> ColumnElement[bool]:
    """One of these providers. Where nobody chose among them, no index is to be searched for each of them in turn."""
    column: ColumnElement[str] = audience.c.provider_key
    if query.provider_keys is None:
        column = func.coalesce(column, "")
    return column.in_(list(provider_keys))


def _name_contains(text: str, dialect: str) -> ColumnElement[bool]:
    """Text that no name can hold is in none."""
    if not storable(text):
        return literal(False)
    place = func.instr if dialect == "sqlite" else func.strpos
    return place(audience.c.name_folded, fold(text)) > 0


def _has_member(scope: MemberScope) -> ColumnElement[bool]:
    ref, named = scope.ref, scope.audience_ids
    if named is not None:
        return (audience.c.provider_key == ref.provider_key) & audience.c.native_id.in_(list(filter(storable, named)))
    if not storable(ref.native_id):
        return literal(False)
    person = select(member.c.id).where(member.c.native_id == ref.native_id).scalar_subquery()
    inside = select(membership.c.audience_id).where(membership.c.member_id == person)
    return (audience.c.provider_key == ref.provider_key) & audience.c.id.in_(inside)


def _created_at(wanted: MomentRange | None) -> list[ColumnElement[bool]]:
    if wanted is None:
        return []
    found: list[ColumnElement[bool]] = [audience.c.created_at.is_not(None)]
    if wanted.start is not None:
        found.append(audience.c.created_at >= literal(wanted.start, Moment))
    if wanted.end is not None:
        found.append(audience.c.created_at < literal(wanted.end, Moment))
    return found


def _size(wanted: CountRange | None) -> list[ColumnElement[bool]]:
    if wanted is None:
        return []
    found: list[ColumnElement[bool]] = [audience.c.size_value.is_not(None)]
    if wanted.least is not None:
        found.append(audience.c.size_value >= wanted.least)
    if wanted.most is not None:
        found.append(audience.c.size_value <= wanted.most)
    return found
