"""Judging a contact by an audience filter, in the shape that replies show it: camelCase conditions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from audience_gateway.sandbox.trackly.comparisons import moment_matches, number_matches, word_matches
from audience_gateway.sandbox.trackly.contacts import Contact

Condition: TypeAlias = dict[str, Any]
Group: TypeAlias = dict[str, Any]
"""Always with ``operator``, ``conditions`` and ``groups``."""

_TIME_FIELDS = frozenset({"last_clicked_at", "last_sent_at", "signup_date", "last_revenue_at"})
_CUSTOM_PREFIX = "custom_fields."


def group_matches(group: Group, row: Contact, rows: Mapping[int, Contact], now: datetime) -> bool:
    """Whether a contact satisfies ``group`` when judged on ``row``.

    :param rows: the rows of the same contact by list, for conditions that are tied to a list.
    """
    join = all if group["operator"] == "AND" else any
    return join(
        [
            *(_condition_matches(condition, row, rows, now) for condition in group["conditions"]),
            *(group_matches(inner, row, rows, now) for inner in group["groups"]),
        ]
    )


def _condition_matches(condition: Condition, row: Contact, rows: Mapping[int, Contact], now: datetime) -> bool:
    if "listId" not in condition:
        return _row_matches(condition, row, now)
    tied = rows.get(condition["listId"])
    return tied is not None and tied.active and _row_matches(condition, tied, now)


def _row_matches(condition: Condition, row: Contact, now: datetime) -> bool:
    kind, name = condition["conditionType"], condition["operator"]
    field, value = condition.get("field", ""), condition.get("value", 0)
    if kind in {"carrier", "timezone"}:
        return word_matches(name, getattr(row, kind), value)
    if kind == "custom_field":
        return word_matches(name, row.custom_fields.get(field.removeprefix(_CUSTOM_PREFIX)), value)
    if field in _TIME_FIELDS:
        return moment_matches(name, getattr(row, field), value, condition.get("unit"), now)
    return number_matches(name, _figure(field, row), value)


def _figure(field: str, row: Contact) -> float:
    """A count or an amount of ``row``; the average of a contact who never bought is 0."""
    if field == "has_revenue":
        return row.revenue_total > 0
    if field == "avg_revenue":
        return row.revenue_total / row.conversion_count if row.conversion_count else 0
    figure: float = getattr(row, field)
    return figure
