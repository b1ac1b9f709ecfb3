"""The table of fields takes all that providers' rules can say, and names of attributes are as stated."""

import json
from itertools import product

import pytest

from audience_gateway.domain.rule import Condition, Not, RuleOperator, TimeUnit
from audience_gateway.domain.rule_check import problems_of
from audience_gateway.domain.rule_fields import (
    FIELDS,
    NEGATIONS,
    OPERATORS,
    RELATIVE,
    FieldType,
    attribute_path,
    type_of,
)
from audience_gateway.domain.rule_views import conditions
from audience_gateway.providers.fanfare.rules import read_rules
from audience_gateway.providers.trackly.rules import read_filter

WINDOW = {"value": 7, "unit": "days"}
TRACKLY = [
    *(
        {"conditionType": kind, "field": field, "operator": word, **WINDOW}
        for kind, field in [
            ("time", "last_clicked_at"),
            ("time", "last_sent_at"),
            ("time", "signup_date"),
            ("revenue", "last_revenue_at"),
        ]
        for word in ("within", "not_within", "before", "after")
    ),
    *(
        {"conditionType": "time", "field": "last_sent_at", "operator": word, "listId": 9}
        for word in ("exists", "not_exists")
    ),
    *(
        {"conditionType": kind, "field": field, "operator": word, "value": 3}
        for kind, field in [
            ("count", "send_count"),
            ("count", "click_count"),
            ("count", "conversion_count"),
            ("revenue", "revenue_total"),
            ("revenue", "avg_revenue"),
            ("revenue", "conversion_count"),
            ("custom_field", "score"),
        ]
        for word in ("eq", "neq", "gt", "gte", "lt", "lte")
    ),
    *(
        {"conditionType": "custom_field", "field": "state", "operator": word, "value": "CA"}
        for word in ("eq", "neq", "contains", "not_contains", "starts_with", "gt", "lte")
    ),
    *({"conditionType": "custom_field", "field": "state", "operator": word} for word in ("exists", "not_exists")),
    *(
        {"conditionType": kind, "field": field, "operator": word, "value": ["CA", "NY"]}
        for kind, field in [("custom_field", "state"), ("carrier", None), ("timezone", None)]
        for word in ("in", "not_in")
    ),
    *(
        {"conditionType": kind, "operator": word, "value": "T-Mobile"}
        for kind in ("carrier", "timezone")
        for word in ("eq", "neq")
    ),
    {"conditionType": "revenue", "field": "has_revenue", "operator": "eq", "value": True},
]
MOMENT = "2026-01-01T00:00:00Z"
EQUALITY, PRESENCE, MEMBERSHIP = ("EQUALS", "NOT_EQUALS"), ("EXISTS", "NOT_EXISTS"), ("IN", "NOT_IN")
ORDER = ("GREATER_THAN", "GREATER_THAN_OR_EQUAL", "LESS_THAN", "LESS_THAN_OR_EQUAL", "BETWEEN")
TEXTUAL = ("CONTAINS", "NOT_CONTAINS")
FANFARE = [
    *product(("email", "phone", "fullName", "externalId"), EQUALITY + TEXTUAL + MEMBERSHIP + PRESENCE, ["a"]),
    *product(("totalOrders", "totalOrderValue"), EQUALITY + ORDER + MEMBERSHIP + PRESENCE, [3, 2.5]),
    *product(("lastOrderAt", "createdAt"), EQUALITY + ORDER + PRESENCE, [MOMENT]),
    *product(("metadata.city",), EQUALITY + TEXTUAL + ORDER + MEMBERSHIP + PRESENCE, ["Lima"]),
    *product(("metadata.score.last",), EQUALITY + ORDER + MEMBERSHIP + PRESENCE, [3, 2.5]),
]


@pytest.mark.parametrize("native", TRACKLY, ids=json.dumps)
def test_whatever_trackly_can_say_is_a_rule_without_problems(native: dict[str, object]) -> None:
    group = {"operator": "OR", "conditions": [native], "groups": [{"operator": "AND", "conditions": [native]}]}

    rule = read_filter(group).root

    assert all(isinstance(placed.leaf, Condition) for placed in conditions(rule))
    assert problems_of(Not(rule), sending_lists=True) == ()


@pytest.mark.parametrize(("field", "word", "value"), FANFARE)
def test_whatever_fanfare_can_say_is_a_rule_without_problems(field: str, word: str, value: object) -> None:
    values = [value] * (0 if word in PRESENCE else 2 if word == "BETWEEN" else 1)

    rule = read_rules([{"field": field, "operator": word, "values": values}]).root

    assert all(isinstance(placed.leaf, Condition) for placed in conditions(rule))
    assert problems_of(Not(rule), sending_lists=False) == ()


def test_every_operator_is_taken_by_some_type_and_relative_ones_by_moments_only() -> None:
    takers = {word: {kind for kind, words in OPERATORS.items() if word in words} for word in RuleOperator}

    assert all(takers.values())
    assert {word for word, kinds in takers.items() if kinds == {FieldType.DATETIME}} == RELATIVE | {
        RuleOperator.BEFORE,
        RuleOperator.AFTER,
    }
    assert set(OPERATORS) == set(FieldType)


def test_a_type_takes_a_negative_operator_exactly_when_it_takes_the_positive_one() -> None:
    for words, (negative, positive) in product(OPERATORS.values(), NEGATIONS.items()):
        assert (negative in words) is (positive in words)


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("attributes.city", ("city",)),
        ("attributes.a.b.c.d.e.f", ("a", "b", "c", "d", "e", "f")),
        ("attributes." + "k" * 64, ("k" * 64,)),
        ("attributes.two words", ("two words",)),
        ("attributes.दिल्ली", ("दिल्ली",)),
        ("attributes.a[0]", ("a[0]",)),
        ("attributes.'; DROP TABLE member;--", ("'; DROP TABLE member;--",)),
        ("attributes", None),
        ("attributes.", None),
        ("attributes..a", None),
        ("attributes.a.", None),
        ("attributes.a.b.c.d.e.f.g", None),
        ("attributes." + "k" * 65, None),
        ('attributes.a"b', None),
        ("attributes.a\\b", None),
        ("attributes.a\nb", None),
        ("attributes.a\x00b", None),
        ("attributes.\ud800", None),
        ("attribute.city", None),
        ("email", None),
    ],
)
def test_attributes_are_named_by_one_to_six_printable_keys(field: str, path: tuple[str, ...] | None) -> None:
    assert attribute_path(field) == path
    assert (type_of(field) is FieldType.ANY) is (path is not None)


def test_a_field_has_the_type_of_the_table_and_other_names_have_none() -> None:
    assert {name: type_of(name) for name in FIELDS} == dict(FIELDS)
    assert [type_of(name) for name in ("", "Email", "email ", "total_orders", "attributes.")] == [None] * 5


def test_units_are_for_relative_operators_only() -> None:
    for word in OPERATORS[FieldType.DATETIME] - RELATIVE - {RuleOperator.BETWEEN}:
        value = None if word in {RuleOperator.EXISTS, RuleOperator.NOT_EXISTS} else MOMENT
        assert problems_of(Condition("createdAt", word, value), sending_lists=False) == ()
        assert problems_of(Condition("createdAt", word, value, TimeUnit.DAYS), sending_lists=False) != ()
