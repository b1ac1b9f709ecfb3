"""Rules over HTTP, on both databases: the local store can be asked what any rule shows, and finds whom it should."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

import pytest

from audience_gateway.cli.samples import sample_engagement, sample_people
from audience_gateway.cli.servers import running
from audience_gateway.domain.member import Member
from audience_gateway.domain.rule import RuleNode
from audience_gateway.domain.rule_evaluation import Person, matches
from audience_gateway.domain.rule_fields import ANY_ATTRIBUTE, FIELDS
from audience_gateway.sandbox.app import create_sandbox
from audience_gateway.sandbox.clock import ManualClock
from audience_gateway.sandbox.people import EPOCH
from audience_gateway.store.rule_sql import COLUMNS
from audience_gateway.store.rules import read_rule
from tests.databases import BOTH, empty_database
from tests.e2e.gateways import Gateway, gateway_over, tables_for

PREVIEW = "query ($rule: RuleInput!) { previewRule(rule: $rule, first: 100) { count tookMs sample { nativeId } } }"
RULES = """
query ($key: String!) {
  audiences(first: 100, filter: {providerKeys: [$key], kinds: [DYNAMIC], statuses: [ACTIVE, ARCHIVED]}) {
    nodes { name size { value } rule { tree portable conditions { field operator sourceList } } }
  }
}
"""
PEOPLE, ENGAGEMENT = sample_people(), sample_engagement()


@pytest.fixture(scope="module", params=BOTH)
def gateway(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway for which it is always the moment from which the sample people look back."""
    sandbox = create_sandbox(limits=False)
    with (
        empty_database(request.param, tmp_path_factory.mktemp("rules")) as url,
        running(sandbox.app) as vendors,
        gateway_over(sandbox, tables_for(vendors), url, ManualClock(EPOCH)) as gateway,
    ):
        yield gateway


@cache
def everybody() -> dict[str, Person]:
    """The sample people as rules see them, in the order in which the store shows them."""
    return {person.native_id: Person(_facts(person), person.attributes) for person in PEOPLE}


def _facts(person: Member) -> dict[str, object]:
    known = {**asdict(ENGAGEMENT[person.native_id]), **asdict(person)}
    return {name: known[column.name] for name, column in COLUMNS.items()}


def portable_rules(gateway: Gateway, provider_key: str) -> list[dict[str, Any]]:
    nodes = gateway.data(RULES, {"key": provider_key})["audiences"]["nodes"]
    found = [node for node in nodes if node["rule"] and node["rule"]["portable"]]
    assert found
    return found


def untied(tree: Any) -> Any:
    """A tree whose conditions are judged on any sending list."""
    if isinstance(tree, list):
        return [untied(part) for part in tree]
    if isinstance(tree, dict):
        return {key: untied(part) for key, part in tree.items() if key != "sourceList"}
    return tree


def expected(root: RuleNode) -> list[str]:
    return [native_id for native_id, person in everybody().items() if matches(root, person, EPOCH)]


def test_the_tree_of_a_local_audience_finds_its_members(gateway: Gateway) -> None:
    for node in portable_rules(gateway, "local"):
        shown = gateway.data(PREVIEW, {"rule": node["rule"]["tree"]})["previewRule"]

        wanted = expected(read_rule(node["rule"]["tree"]).root)
        assert shown["count"] == len(wanted) == node["size"]["value"] > 0
        assert [member["nativeId"] for member in shown["sample"]] == wanted[:100]


@pytest.mark.parametrize("provider_key", ["trackly", "fanfare"])
def test_every_portable_tree_of_a_vendor_can_be_asked_of_the_local_store(gateway: Gateway, provider_key: str) -> None:
    counts = []
    for node in portable_rules(gateway, provider_key):
        tree = untied(node["rule"]["tree"])
        shown = gateway.data(PREVIEW, {"rule": tree})["previewRule"]

        wanted = expected(read_rule(tree).root)
        assert shown["count"] == len(wanted), node["name"]
        assert [member["nativeId"] for member in shown["sample"]] == wanted[:100]
        counts.append(shown["count"])

    assert len({count for count in counts if 0 < count < len(PEOPLE)}) > 1, "rules tell people apart"


def test_what_is_tied_to_a_sending_list_is_refused_for_nothing_else(gateway: Gateway) -> None:
    tied = [
        node["rule"]
        for node in portable_rules(gateway, "trackly")
        if any(condition["sourceList"] for condition in node["rule"]["conditions"])
    ]

    assert tied
    for rule in tied:
        (error,) = gateway.ask(PREVIEW, {"rule": rule["tree"]})["errors"]
        assert error["path"] == ["previewRule"]
        assert error["extensions"]["code"] == "UNSUPPORTED_RULE"
        problems = error["extensions"]["problems"]
        assert len(problems) == sum(condition["sourceList"] is not None for condition in rule["conditions"])
        for problem in problems:
            value: Any = {"rule": rule["tree"]}
            for step in problem["path"]:
                value = value[int(step)] if isinstance(value, list) else value[step]
            assert (problem["code"], problem["path"][-1]) == ("UNSUPPORTED_RULE", "sourceList")
            assert value == str(int(value))


@pytest.mark.parametrize("provider_key", ["local", "trackly", "fanfare"])
def test_providers_foretell_what_their_rules_ask_about(gateway: Gateway, provider_key: str) -> None:
    fields = rule_fields(gateway, provider_key)

    for node in portable_rules(gateway, provider_key):
        for condition in node["rule"]["conditions"]:
            name = condition["field"] if condition["field"] in FIELDS else ANY_ATTRIBUTE
            assert condition["operator"] in fields[name]["operators"]


def test_fields_are_told_with_their_types_and_the_providers_that_hold_them(gateway: Gateway) -> None:
    fields = rule_fields(gateway, None)

    assert [*fields] == [*FIELDS, ANY_ATTRIBUTE]
    assert {name: field["type"] for name, field in fields.items()} == {
        **{name: kind.value for name, kind in FIELDS.items()},
        ANY_ATTRIBUTE: "ANY",
    }
    holders = {name: [provider["key"] for provider in field["providers"]] for name, field in fields.items()}
    assert holders["clickCount"] == ["local", "trackly"]
    assert holders["lastOrderAt"] == ["local", "fanfare"]
    assert holders["timezone"] == ["local", "trackly"]
    assert holders[ANY_ATTRIBUTE] == ["local", "trackly", "fanfare"]
    assert rule_fields(gateway, "commbox") == rule_fields(gateway, "oliai") == {}


def test_nothing_is_asked_of_vendors(gateway: Gateway) -> None:
    gateway.transport.requests.clear()

    rule_fields(gateway, None)
    gateway.data(PREVIEW, {"rule": {"all": []}})
    answer = gateway.ask('{ previewRule(rule: {all: []}, providerKey: "trackly") { count } }')

    assert [error["message"] for error in answer["errors"]] == ["trackly cannot preview rules; local can."]
    assert gateway.transport.requests == []


def rule_fields(gateway: Gateway, provider_key: str | None) -> Mapping[str, Any]:
    query = "query ($key: String) { ruleFields(providerKey: $key) { name type operators providers { key } } }"
    return {field["name"]: field for field in gateway.data(query, {"key": provider_key})["ruleFields"]}
