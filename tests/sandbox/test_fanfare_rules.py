"""Fanfare's rules match as its contract says."""

from typing import Any

import pytest

from audience_gateway.sandbox.fanfare.documented import consumer as printed_consumer
from audience_gateway.sandbox.fanfare.drafts import new_rule
from audience_gateway.sandbox.fanfare.objects import Consumer
from audience_gateway.sandbox.fanfare.rules import matcher


def person(**changes: Any) -> Consumer:
    """The printed consumer with some attributes changed."""
    return Consumer(**{**printed_consumer(), **changes})  # type: ignore[typeddict-item]  # keys are the caller's


def holds(consumer: Consumer, *conditions: tuple[str, str, list[Any], str | None]) -> bool:
    rules = [new_rule(f"rule_{place}", "aud_1", condition, place) for place, condition in enumerate(conditions)]
    return matcher(rules)(consumer)


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("EQUALS", ["ANA RUIZ"], True),
        ("EQUALS", ["Ana"], False),
        ("NOT_EQUALS", ["Ana"], True),
        ("NOT_EQUALS", ["ana ruiz"], False),
        ("CONTAINS", ["RUI"], True),
        ("CONTAINS", ["Okafor"], False),
        ("NOT_CONTAINS", ["Okafor"], True),
        ("NOT_CONTAINS", ["rui"], False),
        ("IN", ["Ben", "ana ruiz"], True),
        ("IN", ["Ben"], False),
        ("NOT_IN", ["Ben"], True),
        ("NOT_IN", ["Ana Ruiz"], False),
        ("EXISTS", [], True),
        ("NOT_EXISTS", [], False),
    ],
)
def test_text_compares_without_case(operator: str, values: list[str], *, expected: bool) -> None:
    assert holds(person(), ("fullName", operator, values, None)) is expected


@pytest.mark.parametrize("field", ["totalOrders", "totalOrderValue"])
@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("EQUALS", [6], True),
        ("EQUALS", ["6"], True),
        ("NOT_EQUALS", [6], False),
        ("GREATER_THAN", [6], False),
        ("GREATER_THAN", [5.5], True),
        ("GREATER_THAN_OR_EQUAL", [6], True),
        ("LESS_THAN", [6], False),
        ("LESS_THAN", [10], True),
        ("LESS_THAN_OR_EQUAL", [6], True),
        ("BETWEEN", [6, 10], True),
        ("BETWEEN", [2, 6], True),
        ("BETWEEN", [7, 10], False),
        ("IN", [1, 6], True),
        ("NOT_IN", [1, 6], False),
    ],
)
def test_numbers_and_money_compare_as_numbers(field: str, operator: str, values: list[Any], *, expected: bool) -> None:
    assert holds(person(totalOrders=6, totalOrderValue=6.0), (field, operator, values, None)) is expected


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("EQUALS", ["2026-02-11T10:30:00+01:00"], True),
        ("NOT_EQUALS", ["2026-02-11T09:30:00Z"], False),
        ("GREATER_THAN", ["2026-02-11T09:29:59Z"], True),
        ("GREATER_THAN", ["2026-02-11T09:30:00Z"], False),
        ("GREATER_THAN_OR_EQUAL", ["2026-02-11T09:30:00Z"], True),
        ("LESS_THAN", ["2026-02-11T12:00:00+05:00"], False),
        ("LESS_THAN_OR_EQUAL", ["2026-02-11T09:30:00Z"], True),
        ("BETWEEN", ["2026-02-11T09:30:00Z", "2026-03-01T00:00:00Z"], True),
        ("EXISTS", [], True),
    ],
)
def test_datetimes_compare_as_moments(operator: str, values: list[str], *, expected: bool) -> None:
    assert holds(person(), ("lastOrderAt", operator, values, None)) is expected


@pytest.mark.parametrize(
    ("value", "operator", "values", "expected"),
    [
        (9, "LESS_THAN", [10], True),
        ("9", "LESS_THAN", [10], False),
        ("Lima", "EQUALS", ["lima"], True),
        ("Lima", "GREATER_THAN", ["Cusco"], True),
        ("2026-02-11T10:30:00+01:00", "EQUALS", ["2026-02-11T09:30:00Z"], True),
        ("Tuesday", "LESS_THAN", ["2026-02-11T09:30:00Z"], False),
        (True, "EQUALS", ["true"], True),
        (True, "EQUALS", [1], False),
        (12, "CONTAINS", ["2"], True),
        (5, "BETWEEN", [5, 7], True),
        ("Lima", "IN", ["Cusco", "Lima"], True),
    ],
)
def test_metadata_compares_as_what_both_sides_are(
    value: Any, operator: str, values: list[Any], *, expected: bool
) -> None:
    assert holds(person(metadata={"key": value}), ("metadata.key", operator, values, None)) is expected


@pytest.mark.parametrize(
    ("field", "values"), [("email", ["a"]), ("lastOrderAt", ["2026-01-01T00:00:00Z"]), ("metadata.shoeSize", [41])]
)
@pytest.mark.parametrize("metadata", [None, {}, {"shoeSize": None}])
def test_a_missing_attribute_matches_only_the_negations(
    field: str, values: list[Any], metadata: dict[str, Any] | None
) -> None:
    nobody = person(email=None, lastOrderAt=None, metadata=metadata)
    operators = {
        "EQUALS": values,
        "GREATER_THAN": values,
        "GREATER_THAN_OR_EQUAL": values,
        "LESS_THAN": values,
        "LESS_THAN_OR_EQUAL": values,
        "BETWEEN": values * 2,
        "CONTAINS": values,
        "IN": values,
        "EXISTS": [],
        "NOT_EQUALS": values,
        "NOT_CONTAINS": values,
        "NOT_IN": values,
        "NOT_EXISTS": [],
    }

    matching = {name for name, operands in operators.items() if holds(nobody, (field, name, operands, None))}

    assert matching == {"NOT_EQUALS", "NOT_CONTAINS", "NOT_IN", "NOT_EXISTS"}


def test_rules_of_one_group_are_joined_by_and() -> None:
    five, ten = ("totalOrders", "GREATER_THAN", [5], "g"), ("totalOrders", "GREATER_THAN", [10], "g")

    assert holds(person(totalOrders=11), five, ten)
    assert not holds(person(totalOrders=6), five, ten)


def test_groups_are_joined_by_or_and_null_is_one_of_them() -> None:
    lima, ten = ("metadata.city", "EQUALS", ["Lima"], None), ("totalOrders", "GREATER_THAN", [10], "orders")
    named_ana = ("fullName", "CONTAINS", ["ana"], None)

    assert holds(person(totalOrders=0), lima, named_ana, ten)
    assert holds(person(totalOrders=11, metadata={}), lima, named_ana, ten)
    assert not holds(person(totalOrders=0, fullName="Ben"), lima, named_ana, ten)


def test_no_rules_match_nobody() -> None:
    assert not holds(person())


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("totalOrders", 4),
        ("ltv", 100.0),
        ("aov", 25.0),
        ("loyaltyBalance", 70),
        ("loyaltyLifetimePoints", 90),
        ("activityScore", 0),
        ("purchaseFrequencyScore", 0),
        ("monetaryScore", 0),
    ],
)
def test_tier_attributes_come_from_orders_and_metadata(attribute: str, value: float) -> None:
    metadata = {"loyaltyBalance": 70, "loyaltyLifetimePoints": 90, "monetaryScore": "much"}
    somebody = person(totalOrders=4, totalOrderValue=100.0, metadata=metadata)

    assert holds(somebody, (attribute, "EQUALS", [value], None))


def test_nobody_without_orders_has_an_average_order() -> None:
    assert holds(person(totalOrders=0, totalOrderValue=50.0), ("aov", "EQUALS", [0], None))


@pytest.mark.parametrize("field", ["shoeSize", "id", "metadata"])
def test_an_unknown_field_is_an_error_not_a_silent_mismatch(field: str) -> None:
    with pytest.raises(KeyError):
        holds(person(), (field, "EQUALS", ["x"], None))
