"""A rule is shown three ways that agree: as a tree, as a list of leaves with their paths, and in plain words."""

import json
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.domain.rule import (
    All,
    Any,
    Condition,
    Not,
    Opaque,
    RuleNode,
    RuleOperator,
    TimeUnit,
)
from audience_gateway.domain.rule_fields import FIELDS
from audience_gateway.domain.rule_views import conditions, portable, text, tree

SCALARS = st.none() | st.booleans() | st.integers() | st.text()
CONDITIONS = st.builds(
    Condition,
    field=st.sampled_from(sorted(FIELDS)) | st.text(min_size=1).map("attributes.{}".format),
    operator=st.sampled_from(RuleOperator),
    value=SCALARS | st.lists(st.text() | st.integers(), min_size=1).map(tuple),
    unit=st.none() | st.sampled_from(TimeUnit),
    source_list=st.none() | st.text(min_size=1),
)
LEAVES: st.SearchStrategy[RuleNode] = CONDITIONS | st.builds(Opaque, raw=st.dictionaries(st.text(), SCALARS))
RULES: st.SearchStrategy[RuleNode] = st.recursive(
    LEAVES,
    lambda part: (
        st.builds(All, st.lists(part, max_size=4).map(tuple))
        | st.builds(Any, st.lists(part, max_size=4).map(tuple))
        | st.builds(Not, part)
    ),
    max_leaves=12,
)
CITY = Condition("attributes.city", RuleOperator.EQ, "Lima")
ORDERS = Condition("totalOrders", RuleOperator.GTE, 5)
LIMA, FIVE = 'attributes.city is "Lima"', "totalOrders is at least 5"


def at(shown: object, path: Sequence[str]) -> object:
    """What stands in a tree at a path."""
    for step in path:
        shown = shown[int(step)] if isinstance(shown, list) else shown[step] if isinstance(shown, Mapping) else None
    return shown


@given(RULES)
def test_every_path_leads_through_the_tree_to_its_leaf(rule: RuleNode) -> None:
    shown = tree(rule)

    for placed in conditions(rule):
        if isinstance(placed.leaf, Opaque):
            assert at(shown, placed.path) == placed.leaf.raw
        else:
            found = at(shown, placed.path)
            assert isinstance(found, dict)
            assert (found["field"], found["operator"]) == (placed.leaf.field, placed.leaf.operator.value)


@given(RULES)
def test_no_leaf_is_shown_twice_or_left_out(rule: RuleNode) -> None:
    paths = [placed.path for placed in conditions(rule)]
    shown = json.dumps(tree(rule))

    assert len(set(paths)) == len(paths)
    assert shown.count('"condition": {') + shown.count('"opaque": {') >= len(paths)
    assert portable(rule) is all(path[-1] == "condition" for path in paths)


@given(RULES)
def test_every_rule_has_words(rule: RuleNode) -> None:
    assert text(rule).strip()


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (All(()), "everybody"),
        (Any(()), "nobody"),
        (CITY, LIMA),
        (All((CITY, ORDERS)), f"{LIMA} and {FIVE}"),
        (All((ORDERS, Any((CITY, ORDERS)))), f"{FIVE} and ({LIMA} or {FIVE})"),
        (All((Any((CITY,)), ORDERS)), f"{LIMA} and {FIVE}"),
        (Any((All(()), Any(()))), "everybody or nobody"),
        (Not(All((CITY, ORDERS))), f"not ({LIMA} and {FIVE})"),
        (Opaque({"a": 1}), "a condition that only the provider understands"),
        (Condition("hasRevenue", RuleOperator.EQ, value=True), "hasRevenue is true"),
        (Condition("email", RuleOperator.EXISTS), "email is known"),
        (Condition("carrier", RuleOperator.IN, ("a", "b")), 'carrier is one of "a", "b"'),
        (Condition("totalOrders", RuleOperator.BETWEEN, (1, 5)), "totalOrders is between 1 and 5"),
        (Condition("lastSentAt", RuleOperator.WITHIN_LAST, 7, TimeUnit.DAYS), "lastSentAt was within the last 7 days"),
        (Condition("sendCount", RuleOperator.GT, 1, source_list="9"), "sendCount is more than 1 on sending list 9"),
    ],
)  # fmt: skip
def test_words_say_what_the_rule_means(rule: RuleNode, words: str) -> None:
    assert text(rule) == words


@pytest.mark.parametrize("operator", RuleOperator)
def test_every_operator_has_words_of_its_own(operator: RuleOperator) -> None:
    words = {text(Condition("email", each, 1)) for each in RuleOperator}

    assert len(words) == len(RuleOperator)
    assert operator.value not in text(Condition("email", operator, 1))


def test_a_condition_shows_only_what_it_has() -> None:
    assert tree(CITY) == {"condition": {"field": "attributes.city", "operator": "EQ", "value": "Lima"}}
    assert tree(Condition("lastSentAt", RuleOperator.OLDER_THAN, 2, TimeUnit.HOURS, "9")) == {
        "condition": {
            "field": "lastSentAt",
            "operator": "OLDER_THAN",
            "value": 2,
            "unit": "HOURS",
            "sourceList": "9",
        }
    }
    assert tree(Condition("carrier", RuleOperator.IN, ("a",)))["condition"] == {
        "field": "carrier",
        "operator": "IN",
        "value": ["a"],
    }
