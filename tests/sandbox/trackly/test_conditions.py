"""When a condition holds for a contact (Trackly contract, The six condition types)."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tests.sandbox.trackly.contacts import BLANK, CLICKED, ago, matches, row_with


@pytest.mark.parametrize(
    ("operator", "clicked", "expected"),
    [
        ("within", ago(days=6), True),
        ("within", ago(days=7), True),
        ("within", ago(days=7, seconds=1), False),
        ("within", ago(days=-1), False),
        ("not_within", ago(days=6), False),
        ("not_within", ago(days=8), True),
        ("before", ago(days=8), True),
        ("before", ago(days=7), False),
        ("before", ago(days=6), False),
        ("after", ago(days=6), True),
        ("after", ago(days=7), False),
        ("after", ago(days=8), False),
        ("exists", ago(days=900), True),
        ("not_exists", ago(days=900), False),
    ],
)
def test_time_windows_are_counted_back_from_the_clock(operator: str, clicked: datetime, expected: bool) -> None:
    row = replace(BLANK, last_clicked_at=clicked)

    assert matches(row, **CLICKED, operator=operator, value=7, unit="days") is expected


@pytest.mark.parametrize("operator", ["within", "not_within", "before", "after", "exists", "not_exists"])
@pytest.mark.parametrize("field", ["last_clicked_at", "last_sent_at", "last_revenue_at"])
def test_a_moment_that_never_was_matches_not_within_and_not_exists_only(operator: str, field: str) -> None:
    kind = "revenue" if field == "last_revenue_at" else "time"

    found = matches(BLANK, conditionType=kind, field=field, operator=operator, value=7, unit="days")

    assert found is (operator in {"not_within", "not_exists"})


@pytest.mark.parametrize(("unit", "expected"), [("minutes", False), ("hours", True), ("days", True)])
def test_windows_are_measured_in_their_unit(unit: str, expected: bool) -> None:
    row = replace(BLANK, last_clicked_at=ago(hours=2))

    assert matches(row, **CLICKED, operator="within", value=3, unit=unit) is expected


def test_a_window_longer_than_time_itself_takes_everything_in() -> None:
    row = replace(BLANK, last_clicked_at=ago(days=900))

    assert matches(row, **CLICKED, operator="within", value=10**15, unit="days")
    assert not matches(row, **CLICKED, operator="before", value=10**15, unit="days")


@pytest.mark.parametrize(
    ("operator", "matching"),
    [
        ("eq", {5}),
        ("neq", {4, 6}),
        ("gt", {6}),
        ("gte", {5, 6}),
        ("lt", {4}),
        ("lte", {4, 5}),
    ],
)
@pytest.mark.parametrize(
    ("kind", "field", "attribute"),
    [
        ("count", "send_count", "send_count"),
        ("count", "click_count", "click_count"),
        ("count", "conversion_count", "conversion_count"),
        ("revenue", "conversion_count", "conversion_count"),
        ("revenue", "revenue_total", "revenue_total"),
    ],
)
def test_numbers_compare_by_the_six_operators(
    kind: str, field: str, attribute: str, operator: str, matching: set[int]
) -> None:
    found = {
        number
        for number in (4, 5, 6)
        if matches(row_with(attribute, number), conditionType=kind, field=field, operator=operator, value=5)
    }

    assert found == matching


@pytest.mark.parametrize(("total", "flag"), [(0.0, False), (0.01, True)])
def test_a_contact_has_revenue_when_the_total_is_above_zero(total: float, flag: bool) -> None:
    row = replace(BLANK, revenue_total=total)

    assert matches(row, conditionType="revenue", field="has_revenue", operator="eq", value=flag)
    assert not matches(row, conditionType="revenue", field="has_revenue", operator="eq", value=not flag)


def test_average_revenue_is_per_conversion_and_zero_without_one() -> None:
    row = replace(BLANK, revenue_total=90.0, conversion_count=3)

    assert matches(row, conditionType="revenue", field="avg_revenue", operator="eq", value=30)
    assert matches(BLANK, conditionType="revenue", field="avg_revenue", operator="eq", value=0)


@pytest.mark.parametrize(
    ("stored", "operator", "value", "expected"),
    [
        ("Texas", "eq", "TEXAS", True),
        ("Texas", "eq", "Tex", False),
        ("Texas", "neq", "texas", False),
        ("Texas", "neq", "Ohio", True),
        ("Texas", "in", ["tx", "texas"], True),
        ("Texas", "in", ["tx"], False),
        ("Texas", "not_in", ["tx"], True),
        ("Texas", "not_in", ["TEXAS"], False),
        ("Texas", "contains", "EXA", True),
        ("Texas", "contains", "exo", False),
        ("Texas", "not_contains", "exo", True),
        ("Texas", "not_contains", "exa", False),
        ("Texas", "starts_with", "te", True),
        ("Texas", "starts_with", "ex", False),
        ("Texas", "exists", None, True),
        ("Texas", "not_exists", None, False),
        ("12", "gt", 9, True),
        (12, "gt", "9", True),
        (12, "gte", 12, True),
        (12, "lt", 12, False),
        (12, "lte", 12, True),
        (12, "eq", "12", True),
        ("twelve", "gt", 9, False),
        ("twelve", "lt", 9, False),
        (12, "gt", "nine", False),
        ("nan", "lte", 9, False),
        ("inf", "gt", 9, False),
        (True, "gt", 0, False),
        (True, "eq", True, True),
        (True, "eq", "true", True),
    ],
)
def test_custom_fields_compare_without_letter_case_and_as_numbers_only_when_both_are(
    stored: Any, operator: str, value: Any, expected: bool
) -> None:
    row = replace(BLANK, custom_fields={"key": stored})

    assert matches(row, conditionType="custom_field", field="key", operator=operator, value=value) is expected


@pytest.mark.parametrize("fields", [{}, {"key": None}])
@pytest.mark.parametrize(
    ("operator", "value"),
    [("eq", "x"), ("in", ["x"]), ("contains", "x"), ("starts_with", "x"), ("gt", 1), ("lt", 1), ("exists", None)],
)
def test_a_custom_field_that_is_not_there_matches_nothing_affirmative(
    fields: dict[str, Any], operator: str, value: Any
) -> None:
    row = replace(BLANK, custom_fields=fields)

    assert not matches(row, conditionType="custom_field", field="key", operator=operator, value=value)


@pytest.mark.parametrize(
    ("operator", "value"), [("neq", "x"), ("not_in", ["x"]), ("not_contains", "x"), ("not_exists", None)]
)
def test_a_custom_field_that_is_not_there_matches_the_negations(operator: str, value: Any) -> None:
    assert matches(BLANK, conditionType="custom_field", field="key", operator=operator, value=value)


def test_the_prose_form_of_a_custom_field_means_its_bare_key() -> None:
    row = replace(BLANK, custom_fields={"state": "TX"})

    assert matches(row, conditionType="custom_field", field="custom_fields.state", operator="eq", value="TX")


@pytest.mark.parametrize(
    ("operator", "value", "known", "unknown"),
    [
        ("eq", "Here", True, False),
        ("neq", "Here", False, True),
        ("in", ["Here", "There"], True, False),
        ("not_in", ["Here", "There"], False, True),
    ],
)
@pytest.mark.parametrize("kind", ["carrier", "timezone"])
def test_unknown_carriers_and_time_zones_match_the_negations_only(
    kind: str, operator: str, value: Any, known: bool, unknown: bool
) -> None:
    row = row_with(kind, "Here")

    assert matches(row, conditionType=kind, operator=operator, value=value) is known
    assert matches(BLANK, conditionType=kind, operator=operator, value=value) is unknown
