"""What a rule may ask about: every field with its type, and the operators that each type takes."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from audience_gateway.domain.rule import RuleOperator


class FieldType(Enum):
    """What kind of value a field holds.

    MONEY is an amount in major units, kept in hundredths. ANY is a JSON value, compared as text, number or boolean
    according to the value it is compared with.
    """

    STRING = "STRING"
    NUMBER = "NUMBER"
    MONEY = "MONEY"
    BOOLEAN = "BOOLEAN"
    DATETIME = "DATETIME"
    ANY = "ANY"


FIELDS: Mapping[str, FieldType] = MappingProxyType(
    {
        "email": FieldType.STRING,
        "phone": FieldType.STRING,
        "fullName": FieldType.STRING,
        "externalId": FieldType.STRING,
        "carrier": FieldType.STRING,
        "timezone": FieldType.STRING,
        "sendCount": FieldType.NUMBER,
        "clickCount": FieldType.NUMBER,
        "conversionCount": FieldType.NUMBER,
        "totalOrders": FieldType.NUMBER,
        "totalOrderValue": FieldType.MONEY,
        "revenueTotal": FieldType.MONEY,
        "revenueAverage": FieldType.MONEY,
        "hasRevenue": FieldType.BOOLEAN,
        "lastClickedAt": FieldType.DATETIME,
        "lastSentAt": FieldType.DATETIME,
        "signedUpAt": FieldType.DATETIME,
        "lastRevenueAt": FieldType.DATETIME,
        "lastOrderAt": FieldType.DATETIME,
        "createdAt": FieldType.DATETIME,
    }
)
"""The closed list of field names; anything an account defines itself is ``attributes.<path>``."""

NEGATIONS: Mapping[RuleOperator, RuleOperator] = MappingProxyType(
    {
        RuleOperator.NEQ: RuleOperator.EQ,
        RuleOperator.NOT_CONTAINS: RuleOperator.CONTAINS,
        RuleOperator.NOT_IN: RuleOperator.IN,
        RuleOperator.NOT_EXISTS: RuleOperator.EXISTS,
        RuleOperator.NOT_WITHIN_LAST: RuleOperator.WITHIN_LAST,
    }
)
"""The negative operators: each is true exactly where its positive one is not, an unknown value included."""

RELATIVE = frozenset(
    {RuleOperator.WITHIN_LAST, RuleOperator.NOT_WITHIN_LAST, RuleOperator.OLDER_THAN, RuleOperator.NEWER_THAN}
)
"""The operators that need a unit of time."""

_EQUALITY = frozenset({RuleOperator.EQ, RuleOperator.NEQ})
_PRESENCE = frozenset({RuleOperator.EXISTS, RuleOperator.NOT_EXISTS})
_MEMBERSHIP = frozenset({RuleOperator.IN, RuleOperator.NOT_IN})
_BOUNDS = frozenset({RuleOperator.GTE, RuleOperator.LTE, RuleOperator.BETWEEN})
_ORDER = _BOUNDS | {RuleOperator.GT, RuleOperator.LT}
_TEXTUAL = frozenset({RuleOperator.CONTAINS, RuleOperator.NOT_CONTAINS, RuleOperator.STARTS_WITH})

OPERATORS: Mapping[FieldType, frozenset[RuleOperator]] = MappingProxyType(
    {
        FieldType.STRING: _EQUALITY | _MEMBERSHIP | _TEXTUAL | _PRESENCE,
        FieldType.NUMBER: _EQUALITY | _MEMBERSHIP | _ORDER | _PRESENCE,
        FieldType.MONEY: _EQUALITY | _MEMBERSHIP | _ORDER | _PRESENCE,
        FieldType.BOOLEAN: _EQUALITY | _PRESENCE,
        FieldType.DATETIME: _EQUALITY | _BOUNDS | _PRESENCE | RELATIVE | {RuleOperator.BEFORE, RuleOperator.AFTER},
        FieldType.ANY: _EQUALITY | _MEMBERSHIP | _ORDER | _TEXTUAL | _PRESENCE,
    }
)
"""The operators that a field of each type takes; moments know BEFORE and AFTER instead of LT and GT."""

ANY_ATTRIBUTE = "attributes.<path>"
"""Stands for all attributes where fields are listed by name."""

_ATTRIBUTES = "attributes."
_MOST_SEGMENTS = 6
_LONGEST_SEGMENT = 64
_FORBIDDEN = frozenset('"\\')


def type_of(field: str) -> FieldType | None:
    """The type of a field; None when there is no such field."""
    if attribute_path(field) is not None:
        return FieldType.ANY
    return FIELDS.get(field)


def attribute_path(field: str) -> tuple[str, ...] | None:
    """The keys that lead to an attribute, from the outermost object inwards; None for every other name.

    After ``attributes.`` come 1 to 6 segments divided by dots, each of 1 to 64 printable characters of any script,
    spaces included, quotation marks and backslashes not. A segment is always a key, never a place in an array.
    """
    if not field.startswith(_ATTRIBUTES):
        return None
    segments = tuple(field.removeprefix(_ATTRIBUTES).split(".", _MOST_SEGMENTS))
    return segments if len(segments) <= _MOST_SEGMENTS and all(map(_is_segment, segments)) else None


def _is_segment(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_SEGMENT and text.isprintable() and _FORBIDDEN.isdisjoint(text)
