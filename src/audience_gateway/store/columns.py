"""Column types that mean the same on both databases."""

from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import JSON, TypeDecorator, TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MINOR_DIGITS = 2


def microseconds_of(moment: datetime) -> int:
    """Microseconds since 1970; raises ValueError for a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment in the store needs a zone")
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(microseconds: int) -> datetime:
    """The moment in UTC; raises OverflowError far from our time."""
    return _EPOCH + timedelta(microseconds=microseconds)


class Moment(TypeDecorator[datetime]):
    """An aware moment to the microsecond, read back in UTC: timestamptz on PostgreSQL, an integer on SQLite."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The database's own type."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> object:
        """To the database; raises ValueError for a moment without a zone."""
        if value is None:
            return None
        microseconds = microseconds_of(value)
        return value if dialect.name == "postgresql" else microseconds

    def process_result_value(self, value: object, dialect: Dialect) -> datetime | None:
        """From the database."""
        del dialect
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return moment_of(value) if isinstance(value, int) else None


class Money(TypeDecorator[Decimal]):
    """An amount in major units, kept as an integer of hundredths; finer amounts are rounded half to even."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """To the database."""
        del dialect
        if value is None:
            return None
        return int(value.scaleb(_MINOR_DIGITS).to_integral_value(ROUND_HALF_EVEN))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """From the database."""
        del dialect
        return None if value is None else Decimal(value).scaleb(-_MINOR_DIGITS)


IDENTIFIER = BigInteger().with_variant(Integer(), "sqlite")
"""A row's number; on SQLite only ``INTEGER`` becomes the row's own."""
DOCUMENT = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""JSON, with None as NULL."""
PLAIN_TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Text ordered by code point on both databases."""
