"""Fanfare's rules become one neutral rule; what is not documented stays in its place, as sent."""

from collections.abc import Mapping

import pytest

from audience_gateway.domain.rule import All, Any, Condition, Opaque, RuleNode, RuleOperator
from audience_gateway.providers.fanfare.rules import read_rules
from tests.providers.scripted import recording

ORDERS = {"id": "rule_1", "field": "totalOrders", "operator": "GREATER_THAN", "values": [5], "groupId": None}
ORDERS_READ = Condition("totalOrders", RuleOperator.GT, 5)


def read_one(rule: object) -> RuleNode:
    """What the only rule of an audience is read as."""
    root = read_rules([rule]).root
    assert isinstance(root, All)
    return root.children[0]


def by_email(text: str, group: object = None, position: object = None) -> Mapping[str, object]:
    return {"field": "email", "operator": "CONTAINS", "values": [text], "groupId": group, "position": position}


def has(text: str) -> Condition:
    return Condition("email", RuleOperator.CONTAINS, text)


def test_the_documented_rules_read_as_conditions_all_of_which_hold() -> None:
    request = recording(__file__, "rules_request")
    assert isinstance(request, Mapping)

    rule = read_rules(request["rules"])

    assert rule.native == tuple(request["rules"])
    assert rule.root == All(
        (
            Condition("lastOrderAt", RuleOperator.AFTER, "2026-01-01T00:00:00Z"),
            Condition("attributes.city", RuleOperator.IN, ("Lima", "Cusco")),
        )
    )


@pytest.mark.parametrize(
    ("field", "word", "values", "expected"),
    [
        ("email", "EQUALS", ["a"], Condition("email", RuleOperator.EQ, "a")),
        ("phone", "NOT_EQUALS", ["a"], Condition("phone", RuleOperator.NEQ, "a")),
        ("fullName", "CONTAINS", ["a"], Condition("fullName", RuleOperator.CONTAINS, "a")),
        ("externalId", "NOT_CONTAINS", ["a"], Condition("externalId", RuleOperator.NOT_CONTAINS, "a")),
        ("email", "IN", ["a"], Condition("email", RuleOperator.IN, ("a",))),
        ("email", "NOT_IN", ["a", "b"], Condition("email", RuleOperator.NOT_IN, ("a", "b"))),
        ("email", "EXISTS", [], Condition("email", RuleOperator.EXISTS)),
        ("email", "NOT_EXISTS", None, Condition("email", RuleOperator.NOT_EXISTS)),
        ("totalOrders", "GREATER_THAN_OR_EQUAL", [5], Condition("totalOrders", RuleOperator.GTE, 5)),
        ("totalOrders", "BETWEEN", [1, 5], Condition("totalOrders", RuleOperator.BETWEEN, (1, 5))),
        ("totalOrderValue", "LESS_THAN", [9.5], Condition("totalOrderValue", RuleOperator.LT, 9.5)),
        ("totalOrderValue", "LESS_THAN_OR_EQUAL", [9], Condition("totalOrderValue", RuleOperator.LTE, 9)),
        ("lastOrderAt", "GREATER_THAN", ["2026-01-01T02:00:00+02:00"],
         Condition("lastOrderAt", RuleOperator.AFTER, "2026-01-01T00:00:00Z")),
        ("createdAt", "LESS_THAN", ["2026-01-01"],
         Condition("createdAt", RuleOperator.BEFORE, "2026-01-01T00:00:00Z")),
        ("createdAt", "GREATER_THAN_OR_EQUAL", ["2026-01-01T00:00:00.250Z"],
         Condition("createdAt", RuleOperator.GTE, "2026-01-01T00:00:00.250000Z")),
        ("createdAt", "BETWEEN", ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"],
         Condition("createdAt", RuleOperator.BETWEEN, ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"))),
        ("metadata.city", "GREATER_THAN", ["K"], Condition("attributes.city", RuleOperator.GT, "K")),
        ("metadata.address.zip", "BETWEEN", [1, 2], Condition("attributes.address.zip", RuleOperator.BETWEEN, (1, 2))),
        ("metadata.city", "CONTAINS", ["im"], Condition("attributes.city", RuleOperator.CONTAINS, "im")),
    ],
)  # fmt: skip
def test_every_documented_operator_is_read(field: str, word: str, values: object, expected: Condition) -> None:
    assert read_one({"field": field, "operator": word, "values": values}) == expected


def test_rule_groups_are_alternatives_in_the_order_of_their_first_rule() -> None:
    native = [
        by_email("late", "b", 5),
        by_email("last", "a"),
        by_email("second", "a", 1),
        by_email("first", None, 0),
        by_email("third", "b", 2),
    ]

    assert read_rules(native).root == Any(
        (All((has("first"),)), All((has("second"), has("last"))), All((has("third"), has("late"))))
    )


def test_rules_without_positions_keep_their_order() -> None:
    assert read_rules([by_email("b"), by_email("a")]).root == All((has("b"), has("a")))


def test_no_rules_match_nobody() -> None:
    assert read_rules([]).root == Any(())


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "everyone",
        {},
        {**ORDERS, "field": "loyaltyBalance"},
        {**ORDERS, "field": "metadata."},
        {**ORDERS, "field": ["totalOrders"]},
        {**ORDERS, "operator": "CONTAINS"},
        {**ORDERS, "operator": "gt"},
        {**ORDERS, "operator": {}},
        {**ORDERS, "values": []},
        {**ORDERS, "values": [5, 6]},
        {**ORDERS, "values": 5},
        {**ORDERS, "values": ["5"]},
        {**ORDERS, "values": [True]},
        {**ORDERS, "negate": True},
        {**ORDERS, "operator": "BETWEEN"},
        {**ORDERS, "operator": "IN", "values": []},
        {**ORDERS, "operator": "EXISTS"},
        {"field": "email", "operator": "EQUALS", "values": [5]},
        {"field": "email", "operator": "GREATER_THAN", "values": ["a"]},
        {"field": "createdAt", "operator": "LESS_THAN", "values": ["last week"]},
        {"field": "createdAt", "operator": "IN", "values": ["2026-01-01"]},
        {"field": "metadata.city", "operator": "EQUALS", "values": [["Lima"]]},
    ],
)
def test_an_undocumented_rule_stays_in_its_place_as_sent(raw: object) -> None:
    assert read_rules([ORDERS, raw, ORDERS]).root == All((ORDERS_READ, Opaque(raw), ORDERS_READ))


@pytest.mark.parametrize("group", [7, ["a"], {"id": "a"}])
def test_an_odd_group_mark_still_keeps_rules_apart(group: object) -> None:
    assert read_rules([ORDERS, {**ORDERS, "groupId": group}]).root == Any((All((ORDERS_READ,)), All((ORDERS_READ,))))


def test_rules_that_are_no_array_are_opaque() -> None:
    rule = read_rules({"field": "email"})

    assert (rule.root, rule.native) == (Opaque({"field": "email"}), None)
