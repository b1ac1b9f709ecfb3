"""What conditions compare, as SQL: folded text, attributes as values of one type, and the types of bound values."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Float,
    Numeric,
    Text,
    case,
    cast,
    func,
    literal,
    true,
)
from sqlalchemy.dialects.postgresql import JSONPATH
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


# One object for each type: SQLAlchemy remembers of these, not of their equals, what they are on a database.
_TEXT, _BOOLEAN, _WHOLE, _FRACTION, _NUMERIC, _FLOAT = Text(), Boolean(), BigInteger(), Fraction(), Numeric(), Float()
_JSON_PATH = JSONPATH()
_TYPES: Mapping[FieldType, TypeEngine[Any]] = MappingProxyType(
    {FieldType.STRING: _TEXT, FieldType.MONEY: Money(), FieldType.BOOLEAN: _BOOLEAN, FieldType.DATETIME: Moment()}
)


def bound_type(kind: FieldType, values: Sequence[Comparable]) -> TypeEngine[Any]:
    """As what ``values`` are bound, so that comparing is exact and no database needs to guess."""
    if kind is not FieldType.NUMBER:
        return _TYPES[kind]
    return _WHOLE if all(isinstance(value, int) for value in values) else _FRACTION


def folded(text: ColumnElement[str], dialect: str) -> ColumnElement[str]:
    """Text with A to Z in lower case, ordered by code point: ``rule_values.fold_letters``."""
    return func.lower(text if dialect == "sqlite" else text.collate("C"), type_=_TEXT)


def attribute_exists(path: Sequence[str], dialect: str) -> ColumnElement[bool]:
    """Whether there is an attribute at ``path``, which a JSON null is not; NULL or false otherwise."""
    return _kind_of(path, dialect) != "null"


def attribute(path: Sequence[str], kind: FieldType, dialect: str) -> ColumnElement[Any]:
    """The attribute at ``path`` as a value of type ``kind``; NULL where it is missing or of another type."""
    by_kind = _on_sqlite(path, kind) if dialect == "sqlite" else _on_postgresql(path, kind)
    return case(by_kind, value=_kind_of(path, dialect))


def _kind_of(path: Sequence[str], dialect: str) -> ColumnElement[str]:
    if dialect == "sqlite":
        return func.json_type(member.c.attributes, _place(path), type_=_TEXT)
    return func.jsonb_typeof(_inner(path), type_=_TEXT)


def _on_sqlite(path: Sequence[str], kind: FieldType) -> dict[str, ColumnElement[Any]]:
    """What to compare for each of SQLite's names of a JSON type."""
    if kind is FieldType.BOOLEAN:
        return {"true": literal(value=True), "false": literal(value=False)}
    if kind is FieldType.STRING:
        return {"text": folded(func.json_extract(member.c.attributes, _place(path), type_=_TEXT), "sqlite")}
    number = func.json_extract(member.c.attributes, _place(path), type_=_FLOAT)
    return {"integer": number, "real": number}


def _on_postgresql(path: Sequence[str], kind: FieldType) -> dict[str, ColumnElement[Any]]:
    """What to compare for each of PostgreSQL's names of a JSON type; casting anything else would be an error."""
    if kind is FieldType.BOOLEAN:
        return {"boolean": cast(_inner(path), _BOOLEAN)}
    if kind is FieldType.STRING:
        text = _inner(path[:-1]).op("->>", return_type=_TEXT)(literal(path[-1], _TEXT))
        return {"string": folded(text, "postgresql")}
    return {"number": cast(_inner(path), _NUMERIC)}


def _place(path: Sequence[str]) -> ColumnElement[str]:
    return literal(_json_path(path), _TEXT)


def _inner(path: Sequence[str]) -> ColumnElement[Any]:
    """PostgreSQL's JSON value at ``path``, whose keys are never taken for places in arrays.

    One key is fastest by its operator; longer paths, written with that, would take long to compile.
    """
    attributes = member.c.attributes
    if len(path) > 1:
        strict = cast(literal(f"strict {_json_path(path)}", _TEXT), _JSON_PATH)
        return func.jsonb_path_query_first(attributes, strict, literal({}, DOCUMENT), true(), type_=DOCUMENT)
    return attributes.op("->", return_type=DOCUMENT)(literal(path[0], _TEXT)) if path else attributes


def _json_path(path: Sequence[str]) -> str:
    """A path as both databases write it; keys hold nothing that would need escaping."""
    return "".join(["$", *(f'."{key}"' for key in path)])
