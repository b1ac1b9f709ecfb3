"""One query over five providers, over HTTP, with every upstream call counted."""

import math
from collections import Counter

import pytest

from tests.e2e.gateways import VENDORS, Gateway, query_of

EVERYTHING = """
{
  audiences(first: 100, filter: {statuses: [ACTIVE, ARCHIVED]}) {
    totalCount
    complete
    sources { provider { key } state problem { code } }
    nodes { id name provider { key } }
  }
  oliai: audiences(first: 3, filter: {providerKeys: ["oliai"]}) { nodes { ...Page } }
  fanfare: audiences(first: 3, filter: {providerKeys: ["fanfare"]}) { nodes { ...Page } }
  local: audiences(first: 3, filter: {providerKeys: ["local"]}) { nodes { ...Page } }
  providers { key capabilities { operation support note } }
}
fragment Page on Audience {
  name
  nativeId
  members(first: 10) { totalCount nodes { nativeId fullName phone } pageInfo { hasNextPage } }
}
"""


def test_one_query_returns_audiences_of_all_five_providers_with_members_and_capabilities(gateway: Gateway) -> None:
    data = gateway.data(EVERYTHING)

    missing = {source["provider"]["key"] for source in data["audiences"]["sources"] if source["problem"]}
    assert missing == {"fanfare"}, "it never lists archived audiences"
    assert data["audiences"]["complete"] is False
    assert {node["provider"]["key"] for node in data["audiences"]["nodes"]} == {"local", *VENDORS}
    assert len(data["audiences"]["nodes"]) == 100
    assert [provider["key"] for provider in data["providers"]] == ["local", *VENDORS]
    healths = gateway.data("{ providers { health { state } } }")["providers"]
    assert {provider["health"]["state"] for provider in healths} == {"UP"}
    for key in ("oliai", "fanfare", "local"):
        pages = [node["members"] for node in data[key]["nodes"]]
        assert len(pages) == 3
        assert any(len(page["nodes"]) == 10 and page["pageInfo"]["hasNextPage"] for page in pages)


def test_that_query_makes_one_call_for_each_hundred_audiences_and_one_for_each_page_of_members(
    cold_gateway: Gateway,
) -> None:
    gateway = cold_gateway
    data = gateway.data(EVERYTHING)

    counts = gateway.transport.counts()
    assert set(counts.values()) == {1}, "no call is made twice"
    lists = Counter(_list_of(request) for request in counts if _list_of(request))
    sandbox = gateway.sandbox
    statuses = Counter(audience["status"] for audience in sandbox.trackly.audiences.values())
    listed = [audience for audience in sandbox.fanfare.audiences.values() if not audience["archived"]]
    assert lists == {
        "trackly active": math.ceil(statuses["active"] / 100),
        "trackly archived": math.ceil(statuses["archived"] / 100),
        "commbox": 1,
        "oliai": math.ceil(len(sandbox.oliai.audiences) / 100),
        "fanfare": math.ceil(len(listed) / 100),
    }
    members = [request for request in counts if "/contacts" in request or "/members" in request]
    assert len(members) == len(data["oliai"]["nodes"]) + len(data["fanfare"]["nodes"])
    assert len(counts) == sum(lists.values()) + len(members)


def _list_of(request: str) -> str | None:
    """Which list of audiences a request reads; None for anything else."""
    path = request.removeprefix("GET ").partition("?")[0]
    vendor = path.split("/")[1]
    if not path.lower().endswith("/audiences"):
        return None
    return f"trackly {query_of(request)['status'][0]}" if vendor == "trackly" else vendor


@pytest.mark.parametrize("vendor", [*VENDORS, "local"])
def test_every_provider_can_be_walked_to_the_end_through_graphql(gateway: Gateway, vendor: str) -> None:
    query = """
    query ($after: String, $keys: [String!]) {
      audiences(first: 7, after: $after, filter: {providerKeys: $keys}) {
        totalCount
        nodes { nativeId }
        pageInfo { hasNextPage endCursor }
      }
    }
    """
    seen: list[str] = []
    after: str | None = None
    while True:
        page = gateway.data(query, {"after": after, "keys": [vendor]})["audiences"]
        seen += [node["nativeId"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert len(seen) == len(set(seen)) == page["totalCount"]


@pytest.mark.parametrize("vendor", ["oliai", "fanfare", "local"])
def test_members_are_walked_by_any_edges_cursor_and_searched(gateway: Gateway, vendor: str) -> None:
    listing = gateway.data(
        """
        query ($keys: [String!]) {
          audiences(first: 100, filter: {providerKeys: $keys}) { nodes { id members(first: 30) { nodes { id } } } }
        }
        """,
        {"keys": [vendor]},
    )
    audience = next(node for node in listing["audiences"]["nodes"] if len(node["members"]["nodes"]) == 30)
    expected = [member["id"] for member in audience["members"]["nodes"]]
    query = """
    query ($id: ID!, $first: Int, $after: String, $search: String) {
      audience(id: $id) {
        members(first: $first, after: $after, search: $search) { edges { cursor node { id fullName } } }
      }
    }
    """

    def edges(**variables: object) -> list[dict[str, dict[str, str]]]:
        found = gateway.data(query, {"id": audience["id"], **variables})["audience"]["members"]["edges"]
        assert isinstance(found, list)
        return found

    first = edges(first=11)
    for place in (0, 4, 10):
        following = edges(first=9, after=first[place]["cursor"])
        assert [edge["node"]["id"] for edge in following] == expected[place + 1 : place + 10]
    name = first[3]["node"]["fullName"]
    found = edges(first=100, search=name.upper())
    assert first[3]["node"]["id"] in [edge["node"]["id"] for edge in found]
    assert {edge["node"]["fullName"] for edge in found} == {name}


def test_node_and_nodes_read_again_whatever_has_an_identifier(gateway: Gateway) -> None:
    data = gateway.data(
        """
        {
          audiences(first: 100) { nodes { id name provider { key id } } }
          members: audiences(first: 1, filter: {providerKeys: ["oliai"], nameContains: "a"}) {
            nodes { members(first: 1) { nodes { id fullName } } }
          }
        }
        """
    )
    one_each = {node["provider"]["key"]: node for node in data["audiences"]["nodes"]}
    member = data["members"]["nodes"][0]["members"]["nodes"][0]
    ids = [*(node["id"] for node in one_each.values()), *(node["provider"]["id"] for node in one_each.values())]

    answer = gateway.ask(
        """
        query ($ids: [ID!]!, $one: ID!) {
          nodes(ids: $ids) { id __typename ... on Audience { name } }
          node(id: $one) { ... on Member { id fullName } }
        }
        """,
        {"ids": [*ids, "bm90aGluZw"], "one": member["id"]},
    )

    assert [node["id"] for node in answer["data"]["nodes"][:-1]] == ids
    assert [node["name"] for node in answer["data"]["nodes"][:5]] == [node["name"] for node in one_each.values()]
    assert answer["data"]["nodes"][-1] is None
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [
        (["nodes", len(ids)], "BAD_ID")
    ]
    assert answer["data"]["node"] == member


def test_an_unsupported_operation_is_refused_at_its_position_without_a_call(gateway: Gateway) -> None:
    query = """
    { audiences(first: 2, filter: {providerKeys: ["commbox"]}) { nodes { name members(first: 1) { nodes { id } } } } }
    """

    answer = gateway.ask(query)

    assert [node["members"] for node in answer["data"]["audiences"]["nodes"]] == [None, None]
    assert [error["path"] for error in answer["errors"]] == [
        ["audiences", "nodes", place, "members"] for place in (0, 1)
    ]
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"UNSUPPORTED_OPERATION"}
    assert {error["extensions"]["provider"] for error in answer["errors"]} == {"commbox"}
    assert not [request for request in gateway.transport.requests if _list_of(request) != "commbox"]


def test_sizes_that_cost_a_call_are_asked_for_once_each_and_only_when_selected(cold_gateway: Gateway) -> None:
    gateway = cold_gateway
    without = """{ audiences(first: 5, filter: {providerKeys: ["fanfare"]}) { nodes { name } } }"""
    selected = """
    {
      audiences(first: 5, filter: {providerKeys: ["fanfare"]}) {
        nodes { id size { value basis } again: size { value } }
      }
    }
    """

    gateway.data(without)
    assert not any(request.endswith("/count") for request in gateway.transport.requests)
    nodes = gateway.data(selected)["audiences"]["nodes"]

    assert len([request for request in gateway.transport.requests if request.endswith("/count")]) == 5
    assert {node["size"]["basis"] for node in nodes} == {"MATERIALIZED"}
    assert all(node["size"]["value"] == node["again"]["value"] for node in nodes)
    gateway.transport.requests.clear()
    assert [node["size"] for node in gateway.data(selected)["audiences"]["nodes"]] == [node["size"] for node in nodes]
    assert gateway.transport.requests == [], "they are remembered"
