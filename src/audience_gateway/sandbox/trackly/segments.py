"""Short ways to write seeded audiences: conditions, groups, and a name for the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from audience_gateway.sandbox.trackly.filters import Condition, Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """An audience before it has an identifier and a history."""

    name: str
    group: Group
    lists: tuple[int, ...] = ()
    description: str | None = None


def clicked(operator: str, value: int | None = None, unit: str = "days", *, tied_to: int | None = None) -> Condition:
    """A time condition on the last click."""
    return _timed("time", "last_clicked_at", operator, value, unit, tied_to)


def sent(operator: str, value: int | None = None, unit: str = "days", *, tied_to: int | None = None) -> Condition:
    """A time condition on the last message sent."""
    return _timed("time", "last_sent_at", operator, value, unit, tied_to)


def joined(operator: str, value: int | None = None, unit: str = "days", *, tied_to: int | None = None) -> Condition:
    """A time condition on the sign-up."""
    return _timed("time", "signup_date", operator, value, unit, tied_to)


def bought(operator: str, value: int | None = None, unit: str = "days", *, tied_to: int | None = None) -> Condition:
    """A revenue condition on the last attributed purchase."""
    return _timed("revenue", "last_revenue_at", operator, value, unit, tied_to)


def count(field: str, operator: str, value: int) -> Condition:
    """A count condition."""
    return {"conditionType": "count", "field": field, "operator": operator, "value": value}


def revenue(field: str, operator: str, value: float) -> Condition:
    """A revenue condition on an amount, a count or a yes-or-no."""
    return {"conditionType": "revenue", "field": field, "operator": operator, "value": value}


def custom(field: str, operator: str, value: Any = None, *, tied_to: int | None = None) -> Condition:
    """A condition on one of the account's own fields."""
    condition: Condition = {"conditionType": "custom_field", "field": field, "operator": operator}
    return condition | _given(value=value, listId=tied_to)


def carrier(operator: str, value: str | Sequence[str]) -> Condition:
    """A condition on the mobile carrier."""
    return {"conditionType": "carrier", "operator": operator, "value": value}


def timezone(operator: str, value: str | Sequence[str]) -> Condition:
    """A condition on the time zone."""
    return {"conditionType": "timezone", "operator": operator, "value": value}


def every(*parts: Condition | Group) -> Group:
    """A group that all its parts must satisfy."""
    return _group("AND", parts)


def some(*parts: Condition | Group) -> Group:
    """A group that one of its parts must satisfy."""
    return _group("OR", parts)


def _timed(kind: str, field: str, operator: str, value: int | None, unit: str, tied_to: int | None) -> Condition:
    condition: Condition = {"conditionType": kind, "field": field, "operator": operator}
    return condition | _given(value=value, unit=None if value is None else unit, listId=tied_to)


def _given(**parts: Any) -> dict[str, Any]:
    return {name: part for name, part in parts.items() if part is not None}


def _group(operator: str, parts: Sequence[dict[str, Any]]) -> Group:
    conditions = [part for part in parts if "conditionType" in part]
    return {"operator": operator, "conditions": conditions, "groups": [part for part in parts if "groups" in part]}
