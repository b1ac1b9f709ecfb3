import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.domain.rule import All, Any, Condition, Not, Opaque, Rule, RuleNode, RuleOperator, TimeUnit
from audience_gateway.domain.rule_views import tree
from audience_gateway.store.rules import read_rule, write_rule

scalars = st.one_of(st.text(max_size=5), st.integers(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False))
documents = st.recursive(
    st.none() | scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner)
)
conditions = st.builds(
    Condition,
    field=st.text(min_size=1, max_size=10),
    operator=st.sampled_from(RuleOperator),
    value=st.none() | scalars | st.lists(scalars, max_size=3).map(tuple),
    unit=st.none() | st.sampled_from(TimeUnit),
    source_list=st.none() | st.text(max_size=5),
)
trees: st.SearchStrategy[RuleNode] = st.recursive(
    conditions | st.builds(Opaque, documents),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Any, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=12,
)


@given(root=trees)
def test_a_rule_is_the_same_after_json(root: RuleNode) -> None:
    document = json.loads(json.dumps(write_rule(Rule(root))))

    assert read_rule(document) == Rule(root, document)


@pytest.mark.parametrize(
    "strange",
    [
        {},
        {"all": [], "any": []},
        {"all": {}},
        {"xor": []},
        {"condition": {"operator": "EQ", "value": 1}},
        {"condition": {"field": "email", "operator": "LIKE"}},
        {"condition": {"field": "email", "operator": "EQ", "unit": "YEARS"}},
        {"condition": {"field": "email", "operator": "EQ", "sourceList": 3}},
        {"condition": {"field": "email", "operator": "EQ", "negated": True}},
        {"condition": {"field": "email", "operator": ["EQ"]}},
    ],
)
def test_what_was_never_written_here_stays_as_an_opaque_condition(strange: Mapping[str, object]) -> None:
    document = {"all": [strange, tree(Condition("email", RuleOperator.EXISTS))]}

    assert read_rule(document).root == All((Opaque(strange), Condition("email", RuleOperator.EXISTS)))
