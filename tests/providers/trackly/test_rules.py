"""Trackly's filters become neutral rules; what is not documented stays in its place, as sent."""

from collections.abc import Mapping

import pytest

from audience_gateway.domain.rule import All, Any, Condition, Opaque, RuleNode, RuleOperator, TimeUnit
from audience_gateway.providers.trackly.rules import read_filter
from tests.providers.scripted import recording

GOOD = {"conditionType": "count", "field": "click_count", "operator": "gte", "value": 3}
GOOD_READ = Condition("clickCount", RuleOperator.GTE, 3)


def read_one(condition: object) -> RuleNode:
    """What the only condition of a filter is read as."""
    root = read_filter({"operator": "AND", "conditions": [condition]}).root
    assert isinstance(root, All)
    return root.children[0]


def test_the_documented_filter_of_a_request_reads_as_a_tree_in_snake_case() -> None:
    request = recording(__file__, "create_audience_request")
    assert isinstance(request, Mapping)

    rule = read_filter(request["filter"])

    assert rule.native == request["filter"]
    assert rule.root == All(
        (
            Condition("attributes.state", RuleOperator.IN, ("TX", "Texas")),
            Any(
                (
                    Condition("hasRevenue", RuleOperator.EQ, value=True),
                    Condition("clickCount", RuleOperator.GT, 5),
                )
            ),
        )
    )


UNITS = {"minutes": TimeUnit.MINUTES, "hours": TimeUnit.HOURS, "days": TimeUnit.DAYS}
READABLE = [
    ("time", "last_clicked_at", "within", 7, "days", "lastClickedAt", RuleOperator.WITHIN_LAST),
    ("time", "last_sent_at", "not_within", 3, "hours", "lastSentAt", RuleOperator.NOT_WITHIN_LAST),
    ("time", "signup_date", "before", 90, "minutes", "signedUpAt", RuleOperator.OLDER_THAN),
    ("time", "signup_date", "after", 1, "days", "signedUpAt", RuleOperator.NEWER_THAN),
    ("time", "last_sent_at", "exists", None, None, "lastSentAt", RuleOperator.EXISTS),
    ("time", "last_sent_at", "not_exists", None, None, "lastSentAt", RuleOperator.NOT_EXISTS),
    ("count", "send_count", "eq", 0, None, "sendCount", RuleOperator.EQ),
    ("count", "click_count", "neq", 1, None, "clickCount", RuleOperator.NEQ),
    ("count", "conversion_count", "lt", 2, None, "conversionCount", RuleOperator.LT),
    ("count", "click_count", "lte", 2, None, "clickCount", RuleOperator.LTE),
    ("custom_field", "custom_fields.state", "eq", "TX", None, "attributes.state", RuleOperator.EQ),
    ("custom_field", "city", "contains", "os", None, "attributes.city", RuleOperator.CONTAINS),
    ("custom_field", "city", "not_contains", "os", None, "attributes.city", RuleOperator.NOT_CONTAINS),
    ("custom_field", "city", "starts_with", "L", None, "attributes.city", RuleOperator.STARTS_WITH),
    ("custom_field", "city", "not_in", ["a", 1], None, "attributes.city", RuleOperator.NOT_IN),
    ("custom_field", "age", "gt", 40, None, "attributes.age", RuleOperator.GT),
    ("custom_field", "age", "not_exists", None, None, "attributes.age", RuleOperator.NOT_EXISTS),
    ("carrier", None, "eq", "T-Mobile", None, "carrier", RuleOperator.EQ),
    ("carrier", None, "not_in", ["T-Mobile"], None, "carrier", RuleOperator.NOT_IN),
    ("timezone", None, "neq", "America/Los_Angeles", None, "timezone", RuleOperator.NEQ),
    ("timezone", None, "in", ["UTC"], None, "timezone", RuleOperator.IN),
    ("revenue", "has_revenue", "eq", False, None, "hasRevenue", RuleOperator.EQ),
    ("revenue", "revenue_total", "gte", 12.5, None, "revenueTotal", RuleOperator.GTE),
    ("revenue", "avg_revenue", "lt", 10, None, "revenueAverage", RuleOperator.LT),
    ("revenue", "conversion_count", "gt", 1, None, "conversionCount", RuleOperator.GT),
    ("revenue", "last_revenue_at", "within", 30, "days", "lastRevenueAt", RuleOperator.WITHIN_LAST),
    ("revenue", "last_revenue_at", "exists", None, None, "lastRevenueAt", RuleOperator.EXISTS),
]  # fmt: skip


@pytest.mark.parametrize("spelling", ["conditionType", "condition_type"])
@pytest.mark.parametrize(("kind", "field", "word", "value", "unit", "neutral", "operator"), READABLE)
def test_every_documented_condition_is_read_in_both_spellings(
    spelling: str,
    kind: str,
    field: str | None,
    word: str,
    value: object,
    unit: str | None,
    neutral: str,
    operator: RuleOperator,
) -> None:
    parts = {spelling: kind, "field": field, "operator": word, "value": value, "unit": unit}

    assert read_one({name: part for name, part in parts.items() if part is not None}) == Condition(
        neutral, operator, tuple(value) if isinstance(value, list) else value, UNITS.get(unit or "")
    )


@pytest.mark.parametrize("name", ["listId", "list_id"])
def test_a_condition_on_one_sending_list_keeps_it(name: str) -> None:
    assert read_one({**GOOD, name: 42}) == Condition("clickCount", RuleOperator.GTE, 3, source_list="42")


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "clicked",
        {},
        {**GOOD, "conditionType": "location"},
        {**GOOD, "conditionType": ["count"]},
        {**GOOD, "condition_type": "time"},
        {**GOOD, "field": "open_count"},
        {**GOOD, "field": {}},
        {**GOOD, "operator": "contains"},
        {**GOOD, "operator": ["gte"]},
        {**GOOD, "value": "3"},
        {**GOOD, "value": True},
        {**GOOD, "value": None},
        {**GOOD, "unit": "days"},
        {**GOOD, "negate": True},
        {**GOOD, "listId": "42"},
        {**GOOD, "listId": 42, "list_id": 43},
        {"conditionType": "time", "field": "last_sent_at", "operator": "within", "value": 7, "unit": "weeks"},
        {"conditionType": "time", "field": "last_sent_at", "operator": "within", "value": 0, "unit": "days"},
        {"conditionType": "time", "field": "last_sent_at", "operator": "within", "value": 7},
        {"conditionType": "time", "field": "last_sent_at", "operator": "exists", "value": 7},
        {"conditionType": "custom_field", "field": "custom_fields.", "operator": "eq", "value": "x"},
        {"conditionType": "custom_field", "field": "x", "operator": "in", "value": []},
        {"conditionType": "custom_field", "field": "x", "operator": "in", "value": [[1]]},
        {"conditionType": "carrier", "field": "carrier", "operator": "eq", "value": "T-Mobile"},
        {"conditionType": "carrier", "operator": "gt", "value": "T-Mobile"},
        {"conditionType": "revenue", "field": "has_revenue", "operator": "gt", "value": True},
        {"conditionType": "revenue", "field": "has_revenue", "operator": "eq", "value": 1},
        {"conditionType": "revenue", "field": "revenue_average", "operator": "gt", "value": 1},
    ],
)
def test_an_undocumented_condition_stays_in_its_place_as_sent(raw: object) -> None:
    rule = read_filter({"operator": "OR", "conditions": [GOOD, raw, GOOD], "groups": []})

    assert rule.root == Any((GOOD_READ, Opaque(raw), GOOD_READ))


@pytest.mark.parametrize(
    "group",
    [
        None,
        [GOOD],
        {"operator": "and", "conditions": [GOOD]},
        {"conditions": [GOOD]},
        {"operator": "AND"},
        {"operator": "AND", "conditions": [], "groups": []},
        {"operator": "AND", "conditions": {"0": GOOD}},
        {"operator": "AND", "conditions": [GOOD], "groups": "none"},
        {"operator": "AND", "conditions": [GOOD], "not": True},
    ],
)
def test_an_undocumented_group_stays_in_its_place_as_sent(group: object) -> None:
    rule = read_filter({"operator": "AND", "conditions": [GOOD], "groups": [group]})

    assert rule.root == All((GOOD_READ, Opaque(group)))


@pytest.mark.parametrize(("depth", "readable"), [(20, True), (21, False), (5000, False)])
def test_groups_deeper_than_twenty_are_kept_whole(depth: int, *, readable: bool) -> None:
    native: dict[str, object] = {"operator": "AND", "conditions": [GOOD]}
    for _ in range(depth - 1):
        native = {"operator": "AND", "groups": [native]}

    node: RuleNode = read_filter(native).root
    levels = 1
    while isinstance(node, All) and isinstance(node.children[0], All | Opaque):
        node = node.children[0]
        levels += 1

    assert isinstance(node, Opaque) is not readable
    assert levels == min(depth, 21)


def test_a_filter_that_is_no_object_is_opaque() -> None:
    rule = read_filter("everyone")

    assert (rule.root, rule.native) == (Opaque("everyone"), None)
