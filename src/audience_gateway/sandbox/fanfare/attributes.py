"""What rules can ask of a consumer: each field's type and value (Fanfare contract, Rules; Loyalty tiers)."""

from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any

from audience_gateway.sandbox.fanfare.objects import Consumer

Read = Callable[[Consumer], Any]

METADATA_PREFIX = "metadata."


class Kind(Enum):
    """How a field's values compare."""

    STRING = "string"
    NUMBER = "number"
    CURRENCY = "currency"
    DATETIME = "datetime"
    ANY = "any"


COLUMNS: Mapping[str, Kind] = MappingProxyType(
    {
        "email": Kind.STRING,
        "phone": Kind.STRING,
        "fullName": Kind.STRING,
        "externalId": Kind.STRING,
        "totalOrders": Kind.NUMBER,
        "totalOrderValue": Kind.CURRENCY,
        "lastOrderAt": Kind.DATETIME,
        "createdAt": Kind.DATETIME,
    }
)
"""The consumer's own fields that rules may use; ``metadata.*`` comes on top, of any kind."""

TIER_ATTRIBUTES = (
    "loyaltyBalance",
    "loyaltyLifetimePoints",
    "ltv",
    "totalOrders",
    "aov",
    "activityScore",
    "purchaseFrequencyScore",
    "monetaryScore",
)
"""The attributes loyalty tiers may be cut by; all are numbers."""


def kind_of(field: str) -> Kind:
    """The type of ``field``; KeyError when rules cannot ask for it."""
    if field.startswith(METADATA_PREFIX):
        return Kind.ANY
    return COLUMNS[field] if field in COLUMNS else _tier_kind(field)


def reader(field: str) -> Read:
    """A function giving the consumer's value of ``field``, None when there is none; KeyError for no such field."""
    if field.startswith(METADATA_PREFIX):
        key = field.removeprefix(METADATA_PREFIX)
        return lambda consumer: (consumer["metadata"] or {}).get(key)
    if field in COLUMNS:
        return lambda consumer: consumer[field]  # type: ignore[literal-required]  # COLUMNS names keys of Consumer
    _tier_kind(field)
    if field == "ltv":
        return lambda consumer: consumer["totalOrderValue"]
    if field == "aov":
        return _average_order_value
    return lambda consumer: _score(consumer, field)


def _tier_kind(field: str) -> Kind:
    if field not in TIER_ATTRIBUTES:
        raise KeyError(field)
    return Kind.NUMBER


def _average_order_value(consumer: Consumer) -> float:
    orders = consumer["totalOrders"]
    return consumer["totalOrderValue"] / orders if orders else 0.0


def _score(consumer: Consumer, name: str) -> float:
    """The number of that ``name`` in the consumer's metadata, 0 when there is none."""
    value = (consumer["metadata"] or {}).get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0
