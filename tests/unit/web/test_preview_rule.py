"""Rules through GraphQL: what is written arrives as it is, every problem is told, and no shape of input does harm."""

import gc
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audience_gateway.domain.rule import All, Condition, Not, Rule, RuleNode, RuleOperator, TimeUnit
from tests.store.rule_trees import trees
from tests.unit.accounts import NOW, Account, audience, member
from tests.unit.memory_rules import Finding
from tests.unit.web.gateway import Gateway

QUERY = "query ($rule: RuleInput!) { previewRule(rule: $rule) { count sample { nativeId } } }"
KNOWN = {"condition": {"field": "email", "operator": "EXISTS"}}
TOO_LARGE = (
    "The rules of an operation are at most 24 levels deep, with 400 groups and conditions and 10,000 values in all."
)
MOST_SECONDS = 0.05
BATCH = 50


def gateway(finding: Finding) -> Gateway:
    return Gateway(Account("local"), Account("one"), preview_rule=finding)


async def problems(rule: object) -> list[dict[str, object]]:
    """Everything that is wrong with a rule, as callers hear of it."""
    error = await gateway(Finding()).refused(QUERY, rule=rule)
    assert error["path"] == ["previewRule"]
    extensions = cast("dict[str, Any]", error["extensions"])
    first = extensions["problems"][0]
    assert extensions["code"] == first["code"]
    assert error["message"] == f"{'.'.join(first['path'])}: {first['message']}"
    return cast("list[dict[str, object]]", extensions["problems"])


@settings(max_examples=max(1, settings().max_examples // BATCH))
@given(seed=st.integers(0, 2**60))
async def test_what_a_tree_shows_is_read_back_as_the_same_rule(seed: int) -> None:
    rules = trees(seed, BATCH)
    shown = [replace(audience(str(place), days_old=place), rule=Rule(rule)) for place, rule in enumerate(rules)]
    finding = Finding()
    asked = Gateway(Account("local"), Account("one", shown), preview_rule=finding)
    answer = await asked.ask("{ audiences(first: 100) { nodes { rule { tree } } } }")
    nodes = cast("dict[str, dict[str, list[dict[str, Any]]]]", answer["data"])["audiences"]["nodes"]

    for node in nodes:
        await asked.ask(QUERY, rule=node["rule"]["tree"])

    assert finding.asked == [(rule, NOW, 10) for rule in rules]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("{all: []}", All(())),
        (
            '{not: {condition: {field: "lastClickedAt", operator: WITHIN_LAST, value: 7, unit: DAYS}}}',
            Not(Condition("lastClickedAt", RuleOperator.WITHIN_LAST, 7, TimeUnit.DAYS)),
        ),
        (
            '{condition: {field: "attributes.a.b", operator: IN, value: ["x", 1, 2.5, true], unit: null}}',
            Condition("attributes.a.b", RuleOperator.IN, ("x", 1, 2.5, True)),
        ),
    ],
)
async def test_a_rule_may_stand_in_the_document(text: str, rule: RuleNode) -> None:
    finding = Finding(*map(member, "123"))

    answer = await gateway(finding).ask(f"{{ previewRule(rule: {text}, first: 2) {{ count sample {{ nativeId }} }} }}")

    assert answer["data"] == {"previewRule": {"count": 3, "sample": [{"nativeId": "1"}, {"nativeId": "2"}]}}
    assert finding.asked == [(rule, NOW, 2)]


async def test_how_long_it_took_is_told_in_milliseconds() -> None:
    answer = await gateway(Finding()).ask("{ previewRule(rule: {any: []}) { tookMs } }")

    took = cast("dict[str, dict[str, object]]", answer["data"])["previewRule"]["tookMs"]
    assert isinstance(took, int)
    assert 0 <= took < 10_000


async def test_every_problem_is_told_with_its_path_into_the_input() -> None:
    tied = {"condition": {"field": "email", "operator": "EXISTS", "sourceList": "9"}}
    mixed = {"condition": {"field": "totalOrders", "operator": "IN", "value": [1, "a", None]}}

    found = await problems({"all": [KNOWN, {"any": []}, {"not": mixed}, tied]})

    assert [(problem["code"], problem["path"]) for problem in found] == [
        ("BAD_INPUT", ["rule", "all", "1", "any"]),
        ("BAD_INPUT", ["rule", "all", "2", "not", "condition", "value", "1"]),
        ("BAD_INPUT", ["rule", "all", "2", "not", "condition", "value", "2"]),
        ("UNSUPPORTED_RULE", ["rule", "all", "3", "condition", "sourceList"]),
    ]
    assert all(problem["message"] for problem in found)


async def test_a_rule_that_is_a_little_too_large_is_told_so_along_with_its_other_problems() -> None:
    wrong = {"condition": {"field": "shoeSize", "operator": "EXISTS"}}

    found = await problems({"any": [wrong, *[KNOWN] * 199]})

    assert [(problem["code"], problem["path"]) for problem in found] == [
        ("BAD_INPUT", ["rule", "any", "0", "condition", "field"]),
        ("RULE_TOO_COMPLEX", ["rule"]),
    ]
    (deep,) = await problems(nested("not", 12))
    assert (deep["code"], deep["path"]) == ("RULE_TOO_COMPLEX", ["rule", *["not"] * 12])


@pytest.mark.parametrize("first", [0, -1, 101])
async def test_a_sample_has_1_to_100_people(first: int) -> None:
    query = "query ($first: Int) { previewRule(rule: {all: []}, first: $first) { count } }"

    error = await gateway(Finding()).refused(query, first=first)

    assert error["message"] == f"first: must be 1 to 100, not {first}."


async def test_a_sample_that_is_left_to_us_has_ten() -> None:
    finding = Finding()

    await gateway(finding).ask("{ a: previewRule(rule: {all: []}) { count } }")
    await gateway(finding).ask("{ previewRule(rule: {all: []}, first: null) { count } }")

    assert [first for *_, first in finding.asked] == [10, 10]


async def test_other_providers_preview_nothing_and_say_who_does() -> None:
    finding = Finding()

    error = await gateway(finding).refused('{ previewRule(rule: {all: []}, providerKey: "one") { count } }')

    assert error == {
        "message": "one cannot preview rules; local can.",
        "path": ["previewRule"],
        "extensions": {"code": "UNSUPPORTED_OPERATION", "provider": "one", "retryable": False},
    }
    assert finding.asked == []


@pytest.mark.parametrize(
    "rule",
    [{}, {"all": [], "any": []}, {"not": None}, {"opaque": 1}, {"condition": {"field": "email"}}, {"all": [None]}, 7],
)
async def test_what_is_no_rule_is_bad_input(rule: object) -> None:
    error = await gateway(Finding()).refused(QUERY, rule=rule)

    assert error["extensions"] == {"code": "BAD_INPUT", "retryable": False}


def nested(word: str, levels: int) -> object:
    """A condition within so many groups."""
    rule: object = KNOWN
    for _ in range(levels):
        rule = {word: rule if word == "not" else [rule]}
    return rule


def written(word: str, levels: int) -> bytes:
    """The body of an operation whose variable is a condition within so many groups."""
    opening, closing = ('{"not":', "}") if word == "not" else (f'{{"{word}":[', "]}")
    rule = opening * levels + json.dumps(KNOWN) + closing * levels
    return f'{{"query": {json.dumps(QUERY)}, "variables": {{"rule": {rule}}}}}'.encode()


def literal(word: str, levels: int) -> str:
    opening, closing = ("{not: ", "}") if word == "not" else (f"{{{word}: [", "]}")
    rule = opening * levels + '{condition: {field: "email", operator: EXISTS}}' + closing * levels
    return f"{{ previewRule(rule: {rule}) {{ count }} }}"


@cache
def unasked() -> tuple[Finding, Gateway]:
    """One for all tests in which nobody is asked."""
    finding = Finding()
    return finding, gateway(finding)


async def refusal(body: bytes) -> tuple[str, str]:
    """Code and message of the only error, which must come at little cost and before anybody is asked."""
    finding, shared = unasked()
    await shared.ask("{ __typename }")
    gc.collect()
    began = time.process_time()

    answer = await shared.post(body)

    assert time.process_time() - began < MOST_SECONDS
    assert answer.status in {200, 400}
    assert finding.asked == []
    (error,) = cast("dict[str, list[dict[str, Any]]]", answer.json())["errors"]
    return error["extensions"]["code"], error["message"]


@pytest.mark.parametrize("word", ["not", "all", "any"])
@pytest.mark.parametrize("levels", [24, 100, 300, 450])
async def test_a_variable_far_too_deep_is_refused_before_it_is_walked_down(word: str, levels: int) -> None:
    assert await refusal(written(word, levels)) == ("RULE_TOO_COMPLEX", TOO_LARGE)


@pytest.mark.parametrize("word", ["not", "all"])
async def test_a_variable_ten_thousand_levels_deep_is_bad_input(word: str) -> None:
    assert await refusal(written(word, 10_000)) == ("BAD_INPUT", "The body is nested too deeply.")


@pytest.mark.parametrize("word", ["not", "all", "any"])
@pytest.mark.parametrize("levels", [24, 50, 100, 150, 200, 240])
async def test_a_literal_far_too_deep_is_refused(word: str, levels: int) -> None:
    code, message = await refusal(json.dumps({"query": literal(word, levels)}).encode())

    assert (code, message) in {
        ("RULE_TOO_COMPLEX", TOO_LARGE),
        ("BAD_INPUT", "Syntax Error: Document is nested too deeply. Parsing aborted."),
    }


@pytest.mark.parametrize("levels", [10, 100, 300, 900])
async def test_a_value_of_any_depth_is_no_value(levels: int) -> None:
    value = "[" * levels + "1" + "]" * levels
    rule = f'{{"condition": {{"field": "attributes.a", "operator": "EQ", "value": {value}}}}}'
    body = f'{{"query": {json.dumps(QUERY)}, "variables": {{"rule": {rule}}}}}'

    code, message = await refusal(body.encode())

    assert code == "BAD_INPUT"
    assert message.startswith(("rule.condition.value: ", "The body is nested too deeply."))


PAIR = "query ($rule: RuleInput!) { previewRule(rule: {all: [RULES]}) { count } }"


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        (QUERY, {"all": [KNOWN] * 9_000}),
        (QUERY, {"any": [{"all": [KNOWN] * 20}] * 20}),
        (QUERY, {"condition": {"field": "sendCount", "operator": "IN", "value": [1] * 10_001}}),
        (PAIR.replace("RULES", "$rule " * 300), {"all": [KNOWN] * 150}),
        (PAIR.replace("RULES", "{not: $rule} " * 3), {"all": [KNOWN] * 150}),
        ("query ($rule: RuleInput!) {" + " ".join(f"a{n}: previewRule(rule: $rule) {{count}}" for n in range(30)) + "}",
         {"all": [KNOWN] * 20}),
        ("query ($rule: RuleInput!) { ...F } fragment F on Query { previewRule(rule: $rule) { count } }",
         nested("all", 30)),
    ],
    ids=["wide", "in groups", "values", "one variable often", "within literals", "aliases", "in a fragment"],
)  # fmt: skip
async def test_rules_are_added_up_over_the_whole_operation(query: str, rule: object) -> None:
    body = json.dumps({"query": query, "variables": {"rule": rule}}).encode()

    assert await refusal(body) == ("RULE_TOO_COMPLEX", TOO_LARGE)


async def test_a_default_of_a_variable_counts_too_whatever_other_operations_there_are() -> None:
    default = literal("not", 30).partition("rule: ")[2].rpartition(") {")[0]
    query = f"query A($rule: RuleInput! = {default}) {{ previewRule(rule: $rule) {{ count }} }}"
    other = "query B($rule: RuleInput! = {all: []}) { previewRule(rule: $rule) { count } }"

    for text in (query, f"{query} {other}", f"{other} {query}"):
        body = json.dumps({"query": text, "operationName": "A"}).encode()
        assert await refusal(body) == ("RULE_TOO_COMPLEX", TOO_LARGE)


@pytest.mark.parametrize(
    "rule",
    [
        nested("not", 11),
        {"all": [KNOWN] * 199},
        {"condition": {"field": "sendCount", "operator": "IN", "value": list(range(1_000))}},
        {"all": KNOWN},
    ],
    ids=["deep", "wide", "values", "a list of one"],
)
async def test_the_largest_rules_are_let_through(rule: Mapping[str, object]) -> None:
    assert "errors" not in await gateway(Finding()).ask(QUERY, rule=rule)
