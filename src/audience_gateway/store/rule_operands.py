"""What conditions compare, as SQL: folded text, attributes as values of one type, and the types of bound values."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, Float, Numeric, Text, case, cast, func, literal
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from audience_gateway.domain.rule_fields import FieldType
from audience_gateway.domain.rule_values import Comparable
from audience_gateway.store.columns import DOCUMENT, Moment, Money
from audience_gateway.store.tables import member


class Fraction(TypeDecorator[float]):
    """A number with a fraction, to compare with JSON numbers: exact on PostgreSQL, where JSON keeps decimal digits."""

    impl = Float
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The database's own type."""
        return dialect.type_descriptor(Numeric() if dialect.name == "postgresql" else Float())

    def process_bind_param(self, value: float | None, dialect: Dialect) -> object:
        """To the database: the number as JSON writes it."""
        return Decimal(repr(value)) if dialect.name == "postgresql" and value is not None else value


_TYPES: Mapping[FieldType, type[TypeEngine[Any]]] = MappingProxyType(
    {FieldType.STRING: Text, FieldType.MONEY: Money, FieldType.BOOLEAN: Boolean, FieldType.DATETIME: Moment}
)


def bound_type(kind: FieldType, values: Sequence[Comparable]) -> type[TypeEngine[Any]]:
    """As what ``values`` are bound, so that comparing is exact and no database needs to guess."""
    if kind is not FieldType.NUMBER:
        return _TYPES[kind]
    return BigInteger if all(isinstance(value, int) for value in values) else Fraction


def folded(text: ColumnElement[str], dialect: str) -> ColumnElement[str]:
    """Text with A to Z in lower case, ordered by code point: ``rule_values.fold_letters``."""
    return func.lower(text if dialect == "sqlite" else text.collate("C"), type_=Text)


def attribute_exists(path: Sequence[str], dialect: str) -> ColumnElement[bool]:
    """Whether there is an attribute at ``path``, which a JSON null is not; NULL or false otherwise."""
    return _kind_of(path, dialect) != "null"


def attribute(path: Sequence[str], kind: FieldType, dialect: str) -> ColumnElement[Any]:
    """The attribute at ``path`` as a value of type ``kind``; NULL where it is missing or of another type."""
    by_kind = _on_sqlite(path, kind) if dialect == "sqlite" else _on_postgresql(path, kind)
    return case(by_kind, value=_kind_of(path, dialect))


def _kind_of(path: Sequence[str], dialect: str) -> ColumnElement[str]:
    if dialect == "sqlite":
        return func.json_type(member.c.attributes, _sqlite_path(path), type_=Text)
    return func.jsonb_typeof(_inner(path), type_=Text)


def _on_sqlite(path: Sequence[str], kind: FieldType) -> dict[str, ColumnElement[Any]]:
    """What to compare for each of SQLite's names of a JSON type."""
    if kind is FieldType.BOOLEAN:
        return {"true": literal(value=True), "false": literal(value=False)}
    if kind is FieldType.STRING:
        return {"text": folded(func.json_extract(member.c.attributes, _sqlite_path(path), type_=Text), "sqlite")}
    number = func.json_extract(member.c.attributes, _sqlite_path(path), type_=Float)
    return {"integer": number, "real": number}


def _on_postgresql(path: Sequence[str], kind: FieldType) -> dict[str, ColumnElement[Any]]:
    """What to compare for each of PostgreSQL's names of a JSON type; casting anything else would be an error."""
    if kind is FieldType.BOOLEAN:
        return {"boolean": cast(_inner(path), Boolean)}
    if kind is FieldType.STRING:
        text = _inner(path[:-1]).op("->>", return_type=Text())(literal(path[-1], Text))
        return {"string": folded(text, "postgresql")}
    return {"number": cast(_inner(path), Numeric)}


def _sqlite_path(path: Sequence[str]) -> ColumnElement[str]:
    return literal("".join(["$", *(f'."{key}"' for key in path)]), Text)


def _inner(path: Sequence[str]) -> ColumnElement[Any]:
    """The JSON value at ``path``; by the operator that takes a number for a key, too, and never for a place."""
    value: ColumnElement[Any] = member.c.attributes
    for key in path:
        value = value.op("->", return_type=DOCUMENT)(literal(key, Text))
    return value
