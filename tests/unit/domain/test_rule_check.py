"""Every problem of a rule is told, each where it stands, and no tree is too deep or too large to be checked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.domain.errors import BadInput, ErrorCode, RuleTooComplex, UnsupportedRule
from audience_gateway.domain.rule import All, Any, Condition, Not, Opaque, RuleNode, RuleOperator, TimeUnit
from audience_gateway.domain.rule_check import DEEPEST, MOST_NODES, MOST_VALUES_IN_ALL, problems_of, refuse_unsound
from audience_gateway.domain.rule_fields import FIELDS
from audience_gateway.domain.rule_problems import MOST_VALUES
from audience_gateway.domain.rule_views import tree

SOUND = Condition("email", RuleOperator.EXISTS)
RANGE, TOO_COMPLEX, UNSUPPORTED = RuleOperator.BETWEEN, ErrorCode.RULE_TOO_COMPLEX, ErrorCode.UNSUPPORTED_RULE
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())
CONDITIONS = st.builds(
    Condition,
    field=st.sampled_from([*FIELDS, "attributes.a"]) | st.text(),
    operator=st.sampled_from(RuleOperator),
    value=SCALARS | st.lists(SCALARS).map(tuple),
    unit=st.none() | st.sampled_from(TimeUnit),
    source_list=st.none() | st.text(),
)  # fmt: skip
RULES: st.SearchStrategy[RuleNode] = st.recursive(
    CONDITIONS | st.builds(Opaque, SCALARS),
    lambda part: (
        st.builds(All, st.lists(part, max_size=3).map(tuple))
        | st.builds(Any, st.lists(part, max_size=3).map(tuple))
        | st.builds(Not, part)
    ),
    max_leaves=8,
)


def places(rule: RuleNode, *, sending_lists: bool = False) -> list[tuple[str, ErrorCode]]:
    """Where the problems of a rule stand, and of which kind they are."""
    return [(".".join(problem.path), problem.code) for problem in problems_of(rule, sending_lists=sending_lists)]


def nested(levels: int, innermost: RuleNode = SOUND) -> RuleNode:
    """A tree of so many levels."""
    rule = innermost
    for level in range(levels - 1):
        rule = (All((rule,)), Any((rule,)), Not(rule))[level % 3]
    return rule


@pytest.mark.parametrize(
    ("condition", "part"),
    [
        (Condition("shoeSize", RuleOperator.EQ, 1), "field"),
        (Condition("attributes.", RuleOperator.EXISTS), "field"),
        (Condition('attributes.a"b', RuleOperator.EXISTS), "field"),
        (Condition("email", RuleOperator.GT, "a"), "operator"),
        (Condition("sendCount", RuleOperator.CONTAINS, "1"), "operator"),
        (Condition("createdAt", RuleOperator.GT, "2026-01-01T00:00:00Z"), "operator"),
        (Condition("hasRevenue", RuleOperator.IN, (True,)), "operator"),
        (Condition("attributes.a", RuleOperator.WITHIN_LAST, 3, TimeUnit.DAYS), "operator"),
        (Condition("email", RuleOperator.EXISTS, "a"), "value"),
        (Condition("email", RuleOperator.NOT_EXISTS, value=False), "value"),
        (Condition("email", RuleOperator.EQ), "value"),
        (Condition("email", RuleOperator.EQ, 1), "value"),
        (Condition("email", RuleOperator.EQ, ("a",)), "value"),
        (Condition("email", RuleOperator.EQ, "a" * 1_025), "value"),
        (Condition("email", RuleOperator.EQ, "a\x00"), "value"),
        (Condition("email", RuleOperator.EQ, "\ud800"), "value"),
        (Condition("email", RuleOperator.CONTAINS, ""), "value"),
        (Condition("attributes.a", RuleOperator.STARTS_WITH, ""), "value"),
        (Condition("attributes.a", RuleOperator.CONTAINS, 1), "value"),
        (Condition("attributes.a", RuleOperator.GT, value=True), "value"),
        (Condition("attributes.a", RuleOperator.EQ, {"b": 1}), "value"),
        (Condition("attributes.a", RuleOperator.EQ), "value"),
        (Condition("sendCount", RuleOperator.EQ, "1"), "value"),
        (Condition("sendCount", RuleOperator.EQ, value=True), "value"),
        (Condition("sendCount", RuleOperator.EQ, float("nan")), "value"),
        (Condition("sendCount", RuleOperator.EQ, float("inf")), "value"),
        (Condition("sendCount", RuleOperator.EQ, 10**400), "value"),
        (Condition("revenueTotal", RuleOperator.GT, 10**15 + 1), "value"),
        (Condition("revenueTotal", RuleOperator.GT, "9.99"), "value"),
        (Condition("hasRevenue", RuleOperator.EQ, 1), "value"),
        (Condition("sendCount", RuleOperator.IN, 1), "value"),
        (Condition("sendCount", RuleOperator.IN, ()), "value"),
        (Condition("sendCount", RuleOperator.NOT_IN, (1,) * (MOST_VALUES + 1)), "value"),
        (Condition("sendCount", RuleOperator.IN, (1, 2, "3")), "value.2"),
        (Condition("sendCount", RANGE, 1), "value"),
        (Condition("sendCount", RANGE, (1,)), "value"),
        (Condition("sendCount", RANGE, (1, 2, 3)), "value"),
        (Condition("sendCount", RANGE, (2, 1)), "value"),
        (Condition("sendCount", RANGE, (1, "2")), "value.1"),
        (Condition("attributes.a", RANGE, (1, "2")), "value"),
        (Condition("createdAt", RANGE, ("2026-01-01T01:00:00+02:00", "2025-12-31T22:59:59Z")), "value"),
        (Condition("createdAt", RuleOperator.AFTER, "2026-01-01"), "value"),
        (Condition("createdAt", RuleOperator.AFTER, "2026-01-01T00:00:00"), "value"),
        (Condition("createdAt", RuleOperator.AFTER, "2026-02-30T00:00:00Z"), "value"),
        (Condition("createdAt", RuleOperator.AFTER, "0001-01-01T00:00:00+01:00"), "value"),
        (Condition("createdAt", RuleOperator.AFTER, "2026-01-01T00:00:00.1234567Z"), "value"),
        (Condition("createdAt", RuleOperator.AFTER, 1_767_225_600), "value"),
        (Condition("createdAt", RuleOperator.WITHIN_LAST, 0, TimeUnit.DAYS), "value"),
        (Condition("createdAt", RuleOperator.WITHIN_LAST, 1.5, TimeUnit.DAYS), "value"),
        (Condition("createdAt", RuleOperator.WITHIN_LAST, value=True, unit=TimeUnit.DAYS), "value"),
        (Condition("createdAt", RuleOperator.OLDER_THAN, 36_526, TimeUnit.DAYS), "value"),
        (Condition("createdAt", RuleOperator.OLDER_THAN, 10**30, TimeUnit.MINUTES), "value"),
        (Condition("createdAt", RuleOperator.NEWER_THAN, unit=TimeUnit.DAYS), "value"),
        (Condition("createdAt", RuleOperator.NEWER_THAN, 3), "unit"),
        (Condition("sendCount", RuleOperator.GT, 3, TimeUnit.DAYS), "unit"),
    ],
)  # fmt: skip
def test_each_mistake_in_a_condition_is_one_problem_at_its_part(condition: Condition, part: str) -> None:
    rule = Any((SOUND, Not(condition)))

    assert places(rule) == [(f"any.1.not.condition.{part}", ErrorCode.BAD_INPUT)]


def test_true_and_false_have_no_order() -> None:
    assert places(Condition("attributes.a", RANGE, (False, True))) == [
        ("condition.value.0", ErrorCode.BAD_INPUT),
        ("condition.value.1", ErrorCode.BAD_INPUT),
    ]
    assert places(Condition("attributes.a", RuleOperator.IN, (False, True))) == []


def test_all_problems_are_told_in_reading_order() -> None:
    rule = All(
        (
            Condition("email", RuleOperator.WITHIN_LAST, "x", source_list="9"),
            Any(()),
            Opaque({"a": 1}),
            Not(All((SOUND, Condition("sendCount", RuleOperator.IN, ("a", 1, None), TimeUnit.DAYS)))),
            Condition("shoeSize", RuleOperator.WITHIN_LAST),
        )
    )

    assert places(rule) == [
        ("all.0.condition.sourceList", UNSUPPORTED),
        ("all.0.condition.operator", ErrorCode.BAD_INPUT),
        ("all.0.condition.unit", ErrorCode.BAD_INPUT),
        ("all.1.any", ErrorCode.BAD_INPUT),
        ("all.2.opaque", UNSUPPORTED),
        ("all.3.not.all.1.condition.value.0", ErrorCode.BAD_INPUT),
        ("all.3.not.all.1.condition.value.2", ErrorCode.BAD_INPUT),
        ("all.3.not.all.1.condition.unit", ErrorCode.BAD_INPUT),
        ("all.4.condition.field", ErrorCode.BAD_INPUT),
        ("all.4.condition.unit", ErrorCode.BAD_INPUT),
    ]


@given(RULES)
def test_every_path_leads_through_the_tree_as_far_as_the_tree_goes(rule: RuleNode) -> None:
    for problem in problems_of(rule, sending_lists=False):
        shown: object = tree(rule)
        for step in problem.path:
            if isinstance(shown, dict) and step in {"value", "unit", "operator", "field", "sourceList"}:
                break
            shown = shown[int(step)] if isinstance(shown, list) else shown[step]  # type: ignore[index]  # or it fails


def test_a_tie_to_a_sending_list_is_a_problem_only_where_there_are_none() -> None:
    rule = Condition("sendCount", RuleOperator.GT, 1, source_list="9")

    assert places(rule, sending_lists=True) == []
    assert places(rule, sending_lists=False) == [("condition.sourceList", UNSUPPORTED)]


@pytest.mark.parametrize("rule", [All(()), Any(())])
def test_everybody_and_nobody_are_rules_but_no_parts_of_rules(rule: RuleNode) -> None:
    assert places(rule) == []
    assert places(Not(rule)) == [(f"not.{'all' if isinstance(rule, All) else 'any'}", ErrorCode.BAD_INPUT)]


@pytest.mark.parametrize("levels", [DEEPEST + 1, DEEPEST + 2, 100_000])
def test_a_tree_of_any_depth_is_refused_at_its_twelfth_level(levels: int) -> None:
    ((place, code),) = places(nested(levels))

    assert code is TOO_COMPLEX
    assert sum(step in {"all", "any", "not"} for step in place.split(".")) == DEEPEST


def test_twelve_levels_are_allowed() -> None:
    assert places(nested(DEEPEST)) == []


def test_two_hundred_nodes_are_allowed_and_one_more_is_not() -> None:
    assert places(All((SOUND,) * (MOST_NODES - 1))) == []
    assert places(All((SOUND,) * MOST_NODES)) == [("", TOO_COMPLEX)]
    assert places(All((Any((SOUND,) * 1_000_000),) * 1_000_000)) == [("", TOO_COMPLEX)]


def test_the_values_of_all_conditions_are_counted_together() -> None:
    many = Condition("sendCount", RuleOperator.IN, tuple(range(MOST_VALUES)))
    lists = MOST_VALUES_IN_ALL // MOST_VALUES

    assert places(All((many,) * lists)) == []
    assert places(All((many,) * lists + (SOUND,))) == [("", TOO_COMPLEX)]
    assert places(Condition("sendCount", RuleOperator.IN, ("a",) * 10**6)) == [("", TOO_COMPLEX)]


@pytest.mark.parametrize(
    ("rule", "error"),
    [
        (Condition("shoeSize", RuleOperator.EQ, "ana@example.com"), BadInput),
        (Opaque({"email": "ana@example.com"}), UnsupportedRule),
        (nested(99), RuleTooComplex),
    ],
)
def test_the_first_problem_is_raised_with_its_place_and_without_values(
    rule: RuleNode, error: type[BadInput | UnsupportedRule]
) -> None:
    with pytest.raises(error) as refused:
        refuse_unsound(rule, sending_lists=False)

    (problem,) = problems_of(rule, sending_lists=False)
    assert refused.type is error
    assert refused.value.code is problem.code
    assert refused.value.message == f"rule.{'.'.join(problem.path)}: {problem.message}"
    assert "ana@" not in refused.value.message


def test_all_problems_come_with_the_first_their_paths_beginning_at_the_argument() -> None:
    rule = All((SOUND, Any(()), Condition("shoeSize", RuleOperator.EQ, 1, TimeUnit.DAYS), Opaque(1)))

    with pytest.raises(BadInput) as refused:
        refuse_unsound(rule, sending_lists=False)

    told = [(problem.path, problem.message, problem.code) for problem in refused.value.input_problems]
    found = [
        (("rule", *problem.path), problem.message, problem.code) for problem in problems_of(rule, sending_lists=False)
    ]
    assert told == found
    assert len(told) == 4


def test_a_rule_without_problems_is_not_refused() -> None:
    refuse_unsound(All((SOUND,)), sending_lists=False)
