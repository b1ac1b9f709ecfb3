"""What each provider says its rules can hold is what its rules are read as, in the words of all."""

from collections.abc import Iterable, Mapping

import pytest

from audience_gateway.domain.capability import Capabilities
from audience_gateway.domain.rule import Condition
from audience_gateway.domain.rule_fields import ANY_ATTRIBUTE, FIELDS, OPERATORS, FieldType
from audience_gateway.domain.rule_views import conditions
from audience_gateway.providers.commbox.provider import CAPABILITIES as COMMBOX
from audience_gateway.providers.fanfare.provider import CAPABILITIES as FANFARE
from audience_gateway.providers.fanfare.rules import read_rules
from audience_gateway.providers.local.provider import CAPABILITIES as LOCAL
from audience_gateway.providers.oliai.provider import CAPABILITIES as OLIAI
from audience_gateway.providers.trackly.provider import CAPABILITIES as TRACKLY
from audience_gateway.providers.trackly.rules import read_filter

TYPES: Mapping[str, FieldType] = {**FIELDS, ANY_ATTRIBUTE: FieldType.ANY}


@pytest.mark.parametrize("capabilities", [LOCAL, TRACKLY, COMMBOX, OLIAI, FANFARE])
def test_every_provider_names_fields_of_ours_and_operators_that_they_take(capabilities: Capabilities) -> None:
    for field, operators in capabilities.rule_fields.items():
        assert operators
        assert operators <= OPERATORS[TYPES[field]]


def test_the_local_store_holds_every_field_by_every_operator() -> None:
    assert dict(LOCAL.rule_fields) == {field: OPERATORS[kind] for field, kind in TYPES.items()}


@pytest.mark.parametrize("capabilities", [COMMBOX, OLIAI])
def test_providers_without_rules_hold_no_field(capabilities: Capabilities) -> None:
    assert dict(capabilities.rule_fields) == {}


TRACKLY_VALUES = (3, 3.5, "x", ["x"], [3], True, None)
TRACKLY_OPERATORS = (
    "eq neq gt gte lt lte in not_in contains not_contains starts_with exists not_exists within not_within before after "
    "between"
).split()
TRACKLY_FIELDS: tuple[tuple[str, str | None], ...] = (
    *(("time", name) for name in ("last_clicked_at", "last_sent_at", "signup_date")),
    *(("count", name) for name in ("send_count", "click_count", "conversion_count")),
    ("carrier", None),
    ("timezone", None),
    *(("revenue", name) for name in ("has_revenue", "revenue_total", "avg_revenue", "conversion_count")),
    ("revenue", "last_revenue_at"),
    ("custom_field", "custom_fields.plan"),
)


def test_trackly_says_it_holds_exactly_what_can_be_read_of_it() -> None:
    read = [
        read_filter({"operator": "AND", "conditions": [{**kind, "operator": word, "value": value, "unit": unit}]})
        for kind in ({"condition_type": kind, "field": name} for kind, name in TRACKLY_FIELDS)
        for word in TRACKLY_OPERATORS
        for value in TRACKLY_VALUES
        for unit in ("days", None)
    ]

    assert _held(condition.leaf for rule in read for condition in conditions(rule.root)) == _claimed(TRACKLY)


FANFARE_FIELDS = (
    "email phone fullName externalId totalOrders totalOrderValue lastOrderAt createdAt metadata.plan".split()
)
FANFARE_OPERATORS = (
    "EQUALS NOT_EQUALS CONTAINS NOT_CONTAINS IN NOT_IN EXISTS NOT_EXISTS GREATER_THAN GREATER_THAN_OR_EQUAL LESS_THAN "
    "LESS_THAN_OR_EQUAL BETWEEN STARTS_WITH"
).split()
FANFARE_VALUES: tuple[list[object], ...] = (
    [],
    [3],
    ["x"],
    [3, 4],
    ["2026-03-01T00:00:00Z"],
    ["2026-03-01T00:00:00Z"] * 2,
)


def test_fanfare_says_it_holds_exactly_what_can_be_read_of_it() -> None:
    read = [
        read_rules([{"field": field, "operator": word, "values": values}])
        for field in FANFARE_FIELDS
        for word in FANFARE_OPERATORS
        for values in FANFARE_VALUES
    ]

    assert _held(condition.leaf for rule in read for condition in conditions(rule.root)) == _claimed(FANFARE)


def _held(leaves: Iterable[object]) -> set[tuple[str, str]]:
    found = (leaf for leaf in leaves if isinstance(leaf, Condition))
    return {(leaf.field if leaf.field in FIELDS else ANY_ATTRIBUTE, leaf.operator.value) for leaf in found}


def _claimed(capabilities: Capabilities) -> set[tuple[str, str]]:
    return {(field, each.value) for field, operators in capabilities.rule_fields.items() for each in operators}
