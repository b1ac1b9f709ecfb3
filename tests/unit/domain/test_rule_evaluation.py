"""What rules mean for one person."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from audience_gateway.domain.errors import InternalError
from audience_gateway.domain.rule import All, Any, Condition, Not, Opaque, RuleNode, RuleOperator, TimeUnit
from audience_gateway.domain.rule_check import problems_of
from audience_gateway.domain.rule_evaluation import Person, matches
from audience_gateway.domain.rule_fields import FIELDS, NEGATIONS, OPERATORS, RELATIVE, FieldType

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NOBODY = Person({})
TRUE, FALSE = All(()), Any(())
WEEK = (7, TimeUnit.DAYS)
SAMPLES: Mapping[FieldType, object] = {
    FieldType.STRING: "a",
    FieldType.NUMBER: 1,
    FieldType.MONEY: 1,
    FieldType.BOOLEAN: True,
    FieldType.DATETIME: "2026-03-01T12:00:00Z",
    FieldType.ANY: "a",
}


def holds(field: str, operator: str, value: object, known: object) -> bool:
    """Whether a condition holds for somebody of whom ``known`` is known, an attribute's value by its key."""
    condition = Condition(field, RuleOperator(operator), value)
    assert problems_of(condition, sending_lists=False) == ()
    is_attribute = field.startswith("attributes.")
    person = Person({}, {"a": known}) if is_attribute else Person({field: known})
    return matches(condition, person, NOW)


def in_time(operator: str, moment: datetime) -> bool:
    """Whether a condition on the last 7 days holds for a moment."""
    return matches(Condition("lastSentAt", RuleOperator(operator), *WEEK), Person({"lastSentAt": moment}), NOW)


def sample(field: str, operator: RuleOperator) -> Condition:
    """Some condition without problems."""
    value, positive = SAMPLES[FIELDS.get(field, FieldType.ANY)], NEGATIONS.get(operator, operator)
    if operator in RELATIVE:
        return Condition(field, operator, *WEEK)
    if positive is RuleOperator.EXISTS:
        return Condition(field, operator)
    if positive in {RuleOperator.IN, RuleOperator.BETWEEN}:
        return Condition(field, operator, (value, value))
    return Condition(field, operator, value)


@pytest.mark.parametrize("field", [*FIELDS, "attributes.a", "attributes.a.b"])
def test_of_the_unknown_exactly_the_negative_operators_hold(field: str) -> None:
    unknown = [NOBODY, Person({field: None}), Person({}, {}), Person({}, {"a": None}), Person({}, {"a": {"b": None}})]
    people = unknown if field != "attributes.a" else unknown[:-1]
    for operator in OPERATORS[FIELDS.get(field, FieldType.ANY)]:
        condition = sample(field, operator)
        assert problems_of(condition, sending_lists=False) == ()
        assert {matches(condition, person, NOW) for person in people} == {operator in NEGATIONS}


@pytest.mark.parametrize(
    ("rule", "result"),
    [
        (All((TRUE, TRUE)), True),
        (All((TRUE, FALSE)), False),
        (Any((TRUE, FALSE)), True),
        (Any((FALSE, FALSE)), False),
        (Not(TRUE), False),
        (Not(FALSE), True),
        (Not(Condition("email", RuleOperator.EQ, "a")), True),
        (Not(Condition("email", RuleOperator.NEQ, "a")), False),
    ],
)
def test_groups_join_what_their_parts_say(rule: RuleNode, result: bool) -> None:
    assert matches(rule, NOBODY, NOW) is result


@pytest.mark.parametrize(
    ("operator", "value", "known", "result"),
    [
        ("EQ", "Ana", "aNA", True),
        ("EQ", "Ana", "Ana ", False),
        ("EQ", "", "", True),
        ("EQ", "É", "é", False),
        ("EQ", "é", "e\u0301", False),
        ("EQ", "i", "I", True),
        ("EQ", "İ", "i̇", False),
        ("EQ", "\u0131", "I", False),
        ("EQ", "ß", "SS", False),
        ("EQ", "k", "\u212a", False),
        ("NEQ", "Ana", "ANA", False),
        ("IN", ("x", "ANA"), "ana", True),
        ("NOT_IN", ("x", "ANA"), "ana", False),
        ("CONTAINS", "RUIZ", "Ana Ruiz", True),
        ("CONTAINS", "%", "Ana", False),
        ("CONTAINS", "_", "Ana", False),
        ("CONTAINS", "0%_", "100%_", True),
        ("CONTAINS", "\U0001f600", "a\U0001f600", True),
        ("NOT_CONTAINS", "x", "Ana", True),
        ("STARTS_WITH", "an", "ANA", True),
        ("STARTS_WITH", "na", "ANA", False),
    ],
)
def test_text_compares_without_the_case_of_a_to_z_and_otherwise_exactly(
    operator: str, value: object, known: str, result: bool
) -> None:
    assert holds("fullName", operator, value, known) is result
    assert holds("attributes.a", operator, value, known) is result


@pytest.mark.parametrize(
    ("operator", "value", "known", "result"),
    [
        ("EQ", 5, 5, True),
        ("EQ", 5.0, 5, True),
        ("NEQ", 5, 5, False),
        ("GT", 4.5, 5, True),
        ("GT", 5, 5, False),
        ("GTE", 5, 5, True),
        ("LT", 5, 5, False),
        ("LTE", 5, 5, True),
        ("BETWEEN", (5, 7), 5, True),
        ("BETWEEN", (5, 7), 7, True),
        ("BETWEEN", (5, 7), 8, False),
        ("IN", (1, 5.0), 5, True),
        ("NOT_IN", (1, 5.5), 5, True),
    ],
)
def test_numbers_compare_by_value_and_ranges_include_their_ends(
    operator: str, value: object, known: int, result: bool
) -> None:
    assert holds("totalOrders", operator, value, known) is result
    assert holds("attributes.a", operator, value, known) is result
    assert holds("revenueTotal", operator, value, Decimal(known)) is result


@pytest.mark.parametrize(
    ("operator", "value", "known", "result"),
    [
        ("EQ", 9.99, "9.99", True),
        ("EQ", 0.1, "0.10", True),
        ("EQ", 9.995, "10", True),
        ("EQ", 10.005, "10", True),
        ("EQ", 10, "10.005", True),
        ("GT", 10, "10.005", False),
        ("GTE", 10, "9.995", True),
        ("GT", 9.98, "9.99", True),
        ("EQ", -0.005, "0", True),
        ("LT", 10**15, "999999999999999.99", True),
    ],
)
def test_money_compares_in_hundredths_rounded_half_to_even(
    operator: str, value: object, known: str, result: bool
) -> None:
    assert holds("totalOrderValue", operator, value, Decimal(known)) is result


@pytest.mark.parametrize(
    ("operator", "value", "result"),
    [
        ("EQ", "2026-03-01T12:00:00Z", True),
        ("EQ", "2026-03-01T17:30:00+05:30", True),
        ("NEQ", "2026-03-01T07:00-05:00", False),
        ("EQ", "2026-03-01T12:00:00.000001Z", False),
        ("BEFORE", "2026-03-01T12:00:00Z", False),
        ("BEFORE", "2026-03-01T12:00:00.000001Z", True),
        ("AFTER", "2026-03-01T12:00:00Z", False),
        ("AFTER", "2026-03-01T17:29:59+05:30", True),
        ("GTE", "2026-03-01T12:00:00Z", True),
        ("LTE", "2026-03-01T12:00:00Z", True),
        ("BETWEEN", ("2026-03-01T12:00:00Z", "2026-03-01T07:00:00-05:00"), True),
    ],
)
def test_moments_compare_as_instants_to_the_microsecond(operator: str, value: object, result: bool) -> None:
    assert holds("createdAt", operator, value, NOW.astimezone(timezone(timedelta(hours=-3)))) is result


@pytest.mark.parametrize(
    ("moment", "operators"),
    [
        (NOW - timedelta(days=7) - MICROSECOND, {"NOT_WITHIN_LAST", "OLDER_THAN"}),
        (NOW - timedelta(days=7), {"WITHIN_LAST"}),
        (NOW - timedelta(days=7) + MICROSECOND, {"WITHIN_LAST", "NEWER_THAN"}),
        (NOW, {"WITHIN_LAST", "NEWER_THAN"}),
        (NOW + MICROSECOND, {"NOT_WITHIN_LAST", "NEWER_THAN"}),
    ],
)
def test_relative_times_end_now_and_their_edge_belongs_to_the_window(moment: datetime, operators: set[str]) -> None:
    assert {operator.value for operator in RELATIVE if in_time(operator.value, moment)} == operators


@pytest.mark.parametrize(("value", "unit"), [(7 * 24, TimeUnit.HOURS), (7 * 24 * 60, TimeUnit.MINUTES)])
def test_units_are_of_fixed_length(value: int, unit: TimeUnit) -> None:
    condition = Condition("lastSentAt", RuleOperator.WITHIN_LAST, value, unit)

    assert matches(condition, Person({"lastSentAt": NOW - timedelta(days=7)}), NOW)
    assert not matches(condition, Person({"lastSentAt": NOW - timedelta(days=7) - MICROSECOND}), NOW)


@pytest.mark.parametrize("known", [True, False])
def test_truth_is_known_or_not(known: bool) -> None:
    assert holds("hasRevenue", "EQ", True, known) is known
    assert holds("hasRevenue", "NEQ", True, known) is not known
    assert holds("hasRevenue", "EXISTS", None, known)


@pytest.mark.parametrize("known", ["88", "88x", True, [88], {"88": 88}, "", [], {}])
def test_an_attribute_of_another_type_is_there_and_compares_with_nothing(known: object) -> None:
    assert holds("attributes.a", "EXISTS", None, known)
    assert not holds("attributes.a", "EQ", 88, known)
    assert not holds("attributes.a", "LT", 89, known)
    assert not holds("attributes.a", "BETWEEN", (0, 100), known)
    assert holds("attributes.a", "NEQ", 88, known)
    assert holds("attributes.a", "NOT_IN", (88, 1, 0), known)


def test_a_list_of_values_may_hold_several_types() -> None:
    values = ("88", 1, False)

    assert [holds("attributes.a", "IN", values, known) for known in ("88", 1, 1.0, False)] == [True] * 4
    assert [holds("attributes.a", "IN", values, known) for known in (88, "1", True, 0, "false")] == [False] * 5


@pytest.mark.parametrize("number", [1e308, 10**400, 2**63])
def test_numbers_beyond_all_rules_are_still_numbers(number: float) -> None:
    assert holds("attributes.a", "GT", 10**15, number)
    assert not holds("attributes.a", "GT", 10**15, -number)


def test_keys_lead_through_objects_only() -> None:
    condition = Condition("attributes.a.0", RuleOperator.EXISTS)

    assert matches(condition, Person({}, {"a": {"0": 1}}), NOW)
    assert not matches(condition, Person({}, {"a": [1]}), NOW)
    assert not matches(condition, Person({}, {"a.0": 1}), NOW)


def test_a_tied_condition_is_judged_by_what_that_list_has_and_is_false_off_the_list() -> None:
    on_nine = Person({"sendCount": 5}, {"plan": "pro"})
    person = Person({"sendCount": 1}, {"plan": "free"}, {"9": on_nine})
    five = Condition("sendCount", RuleOperator.EQ, 5, source_list="9")
    not_five = Condition("sendCount", RuleOperator.NEQ, 5, source_list="9")
    pro = Condition("attributes.plan", RuleOperator.EQ, "pro", source_list="9")
    elsewhere = Condition("sendCount", RuleOperator.NEQ, 5, source_list="8")

    assert problems_of(All((five, not_five, pro, elsewhere)), sending_lists=True) == ()
    assert [matches(rule, person, NOW) for rule in (five, not_five, pro, elsewhere)] == [True, False, True, False]
    assert not matches(not_five, NOBODY, NOW)
    assert matches(Not(not_five), NOBODY, NOW)


@pytest.mark.parametrize(
    "rule",
    [
        Opaque({}),
        Condition("email", RuleOperator.EQ, 1),
        Condition("lastSentAt", RuleOperator.WITHIN_LAST, 7),
        Condition("lastSentAt", RuleOperator.WITHIN_LAST, 0, TimeUnit.DAYS),
    ],
)
def test_a_rule_with_problems_is_never_judged(rule: RuleNode) -> None:
    with pytest.raises(InternalError):
        matches(rule, Person({"email": "a", "lastSentAt": NOW}), NOW)
