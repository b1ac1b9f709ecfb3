"""The values of conditions as they are compared, the same for whoever judges a rule.

Text: the letters A to Z compare without case, every other character only with itself, and order is that of code
points. Databases fold other letters each in their own way; these they fold alike.
Numbers compare by value. Money compares in hundredths, both sides rounded half to even. Moments compare as instants.
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from string import ascii_lowercase, ascii_uppercase

from audience_gateway.domain.rule import TimeUnit
from audience_gateway.domain.rule_fields import FieldType

Comparable = str | bool | int | float | Decimal | datetime
"""A value ready to be compared with another of the same type; numbers without a fraction are int."""

LONGEST_TEXT = 1_024
"""Characters of a text in a rule."""
LARGEST_NUMBER = 10**15
"""The greatest magnitude of a number in a rule: up to here all numbers are told apart everywhere."""
LONGEST_WINDOW = timedelta(days=36_525)
"""How far back a relative time may reach: a hundred years."""

_FOLDING = str.maketrans(ascii_uppercase, ascii_lowercase)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII
)  # RFC 3339, seconds optional
_MINOR_DIGITS = 2
_UNITS = {TimeUnit.MINUTES: timedelta(minutes=1), TimeUnit.HOURS: timedelta(hours=1), TimeUnit.DAYS: timedelta(days=1)}


def comparable(kind: FieldType, value: object) -> Comparable | None:
    """A rule's single value for a field of type ``kind``; None when it is none of that type, or beyond the limits."""
    match value_type(kind, value):
        case FieldType.STRING:
            return _text(value)
        case FieldType.BOOLEAN:
            return value if isinstance(value, bool) else None
        case FieldType.NUMBER:
            return _number(value)
        case FieldType.MONEY:
            number = _number(value)
            return None if number is None else in_hundredths(Decimal(str(number)))
    return _moment(value)


def value_type(kind: FieldType, value: object) -> FieldType:
    """As what ``value`` is compared with a field of type ``kind``: ANY becomes the type of the value itself."""
    if kind is not FieldType.ANY:
        return kind
    if isinstance(value, bool):
        return FieldType.BOOLEAN
    return FieldType.STRING if isinstance(value, str) else FieldType.NUMBER


def window(value: object, unit: TimeUnit) -> timedelta | None:
    """How long ``value`` units are; None unless it is a whole number from 1 to a hundred years."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LONGEST_WINDOW // _UNITS[unit]:
        return None
    return value * _UNITS[unit]


def fold_letters(text: str) -> str:
    """Text as it is compared: with the letters A to Z in lower case."""
    return text.translate(_FOLDING)


def in_hundredths(amount: Decimal) -> Decimal:
    """An amount as it is kept: rounded to hundredths, half to even."""
    return amount.scaleb(_MINOR_DIGITS).to_integral_value(ROUND_HALF_EVEN).scaleb(-_MINOR_DIGITS)


def _text(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or _UNSTORABLE.search(value):
        return None
    return fold_letters(value)


def _number(value: object) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not abs(value) <= LARGEST_NUMBER:  # so that what is no number at all fails, too
        return None
    return int(value) if value == int(value) else value


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
