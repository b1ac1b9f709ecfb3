"""Groups of audiences over HTTP: what the sandbox holds, each call made once, and nothing asked that cannot be."""

from typing import Any

import pytest

from tests.e2e.gateways import VENDORS, Gateway
from tests.e2e.identifiers import audience_id, group_id

ORDER_LADDER = "grp_01J0000000000000000000001"
RFM = "grp_01JE8S5Y3FHT6P0QGM2XKR9BWD"
GROUP = f"GET /fanfare/api/v1/audiences/groups/{ORDER_LADDER}"


def path_of(request: str) -> str:
    """A remembered request without its query."""
    return request.partition("?")[0]


def walked(gateway: Gateway, query: str, *path: str, **variables: object) -> list[dict[str, Any]]:
    """All edges of the connection at ``path``, page after page."""
    edges: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        found: Any = gateway.data(query, {"after": after, **variables})
        for step in path:
            found = found[step]
        edges += found["edges"]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            return edges


def test_all_groups_are_listed_by_name_from_one_read_of_the_audiences(cold_gateway: Gateway) -> None:
    gateway = cold_gateway
    data = gateway.data(
        """
        {
          audiences(first: 100, filter: {providerKeys: ["fanfare"]}) { nodes { group { id name } } }
          audienceGroups {
            totalCount
            complete
            sources { provider { key } state problem { code } }
            nodes { id nativeId name kind provider { key } }
          }
        }
        """
    )

    groups = gateway.sandbox.fanfare.groups
    found = data["audienceGroups"]
    assert {node["nativeId"] for node in found["nodes"]} == set(groups)
    assert [node["name"] for node in found["nodes"]] == sorted(
        (str(audiences[0]["groupName"]) for audiences in groups.values()), key=str.casefold
    )
    assert found["totalCount"] == len(groups) == 4
    assert {node["name"]: node["kind"] for node in found["nodes"]}["Recency and frequency"] == "RFM"
    assert found["complete"] is True
    states = {source["provider"]["key"]: source["state"] for source in found["sources"]}
    assert states == dict.fromkeys(("local", "trackly", "commbox", "oliai"), "EXCLUDED") | {"fanfare": "FRESH"}
    named = {node["group"]["id"] for node in data["audiences"]["nodes"] if node["group"]}
    assert named == {node["id"] for node in found["nodes"]}
    assert all(request.startswith("GET /fanfare/api/v1/audiences?") for request in gateway.transport.requests)
    assert set(gateway.transport.counts().values()) == {1}


def test_groups_are_filtered_and_walked_by_cursor(gateway: Gateway) -> None:
    query = """
    query ($after: String) {
      audienceGroups(first: 1, after: $after, filter: {kinds: [LOYALTY_TIERS], providerKeys: ["fanfare", "local"]}) {
        edges { cursor node { name } }
        pageInfo { hasNextPage hasPreviousPage endCursor }
      }
    }
    """
    edges = walked(gateway, query, "audienceGroups")

    assert [edge["node"]["name"] for edge in edges] == ["Order ladder", "Points programme", "Spend club"]
    named = gateway.data('{ audienceGroups(filter: {nameContains: "CLUB"}) { nodes { name } sources { state } } }')
    assert named["audienceGroups"]["nodes"] == [{"name": "Spend club"}]
    foreign = gateway.ask(
        'query ($after: String) { audienceGroups(after: $after, filter: {nameContains: "club"}) { totalCount } }',
        {"after": edges[0]["cursor"]},
    )
    assert foreign["errors"][0]["extensions"]["code"] == "BAD_CURSOR"


def test_providers_without_groups_are_not_asked_for_any(gateway: Gateway) -> None:
    data = gateway.data(
        """
        {
          audienceGroups(filter: {providerKeys: ["local", "trackly", "commbox", "oliai"]}) {
            totalCount complete nodes { id } sources { provider { key } state }
          }
        }
        """
    )

    assert data["audienceGroups"]["nodes"] == []
    assert (data["audienceGroups"]["totalCount"], data["audienceGroups"]["complete"]) == (0, True)
    states = {source["provider"]["key"]: source["state"] for source in data["audienceGroups"]["sources"]}
    assert states == dict.fromkeys(("local", *VENDORS), "EXCLUDED")
    assert gateway.transport.requests == []


LADDER = """
query ($id: ID!) {
  audienceGroup(id: $id) {
    name
    kind
    tierAttribute
    tiers { name order startValue endValue iconName audience { nativeId name tier { order } group { id } } }
    audiences { totalCount complete nodes { nativeId } sources { provider { key } state } }
    members(first: 3) { totalCount nodes { nativeId } }
  }
}
"""


def test_a_ladder_is_read_whole_in_one_call_and_a_page_of_its_people_in_another(gateway: Gateway) -> None:
    found = gateway.data(LADDER, {"id": group_id("fanfare", ORDER_LADDER)})["audienceGroup"]

    held = gateway.sandbox.fanfare.groups[ORDER_LADDER]
    assert (found["name"], found["kind"], found["tierAttribute"]) == ("Order ladder", "LOYALTY_TIERS", "totalOrders")
    assert [(tier["name"], tier["order"], tier["iconName"]) for tier in found["tiers"]] == [
        ("Bronze", 1, None),
        ("Silver", 2, "star"),
        ("Gold", 3, None),
    ]
    assert [(tier["startValue"], tier["endValue"]) for tier in found["tiers"]] == [
        ("0", "5"),
        ("5", "15"),
        ("15", None),
    ]
    own = group_id("fanfare", ORDER_LADDER)
    assert [tier["audience"] for tier in found["tiers"]] == [
        {"nativeId": audience["id"], "name": audience["name"], "tier": {"order": place}, "group": {"id": own}}
        for place, audience in enumerate(held, 1)
    ]
    assert [node["nativeId"] for node in found["audiences"]["nodes"]] == [audience["id"] for audience in held]
    assert (found["audiences"]["totalCount"], found["audiences"]["complete"]) == (3, True)
    assert {source["provider"]["key"]: source["state"] for source in found["audiences"]["sources"]}[
        "fanfare"
    ] == "FRESH"
    assert sorted(map(path_of, gateway.transport.requests)) == [GROUP, f"{GROUP}/members"]


def test_groups_that_are_no_ladders_have_no_tiers_and_are_not_asked_for_any(gateway: Gateway) -> None:
    query = """
    { audienceGroups(filter: {kinds: [RFM]}) { nodes { id tierAttribute tiers { name } } } }
    """
    nodes = gateway.data(query)["audienceGroups"]["nodes"]

    assert nodes == [{"id": group_id("fanfare", RFM), "tierAttribute": None, "tiers": None}]
    assert not any("/groups/" in request for request in gateway.transport.requests)


def test_a_groups_audiences_are_walked_in_ladder_order(gateway: Gateway) -> None:
    query = """
    query ($id: ID!, $after: String) {
      audienceGroup(id: $id) {
        audiences(first: 2, after: $after) { edges { node { nativeId } } pageInfo { hasNextPage endCursor } }
      }
    }
    """
    for native_id, held in gateway.sandbox.fanfare.groups.items():
        edges = walked(gateway, query, "audienceGroup", "audiences", id=group_id("fanfare", native_id))
        assert [edge["node"]["nativeId"] for edge in edges] == [audience["id"] for audience in held]


PEOPLE = """
query ($id: ID!, $after: String, $search: String, $audience: ID) {
  audienceGroup(id: $id) {
    members(first: 100, after: $after, search: $search, audienceId: $audience) {
      edges { cursor node { nativeId fullName } audiences { nativeId } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""


def test_everybody_in_a_group_comes_once_with_the_groups_audiences_they_are_in(gateway: Gateway) -> None:
    state = gateway.sandbox.fanfare
    held = state.groups[RFM]

    edges = walked(gateway, PEOPLE, "audienceGroup", "members", id=group_id("fanfare", RFM))

    expected = {
        person["id"]: {audience["id"] for audience in held if person["id"] in state.memberships[audience["id"]]}
        for person in state.members_of_any(held)
    }
    assert len(edges) == len(expected) > 100
    assert {
        edge["node"]["nativeId"]: {audience["nativeId"] for audience in edge["audiences"]} for edge in edges
    } == expected


def test_a_groups_people_are_narrowed_to_an_audience_and_searched(gateway: Gateway) -> None:
    state = gateway.sandbox.fanfare
    gold = state.groups[ORDER_LADDER][-1]
    inside = state.members_of(gold["id"])
    name = str(inside[-1]["fullName"])
    variables = {"id": group_id("fanfare", ORDER_LADDER), "audience": audience_id("fanfare", gold["id"])}

    edges = walked(gateway, PEOPLE, "audienceGroup", "members", **variables)
    found = walked(gateway, PEOPLE, "audienceGroup", "members", **variables, search=name.upper())

    assert [edge["node"]["nativeId"] for edge in edges] == [person["id"] for person in inside]
    assert inside[-1]["id"] in {edge["node"]["nativeId"] for edge in found}
    assert {edge["node"]["fullName"] for edge in found} == {name}


def test_every_cursor_of_a_groups_people_resumes_and_belongs_to_its_search(gateway: Gateway) -> None:
    variables: dict[str, object] = {"id": group_id("fanfare", ORDER_LADDER)}
    edges = gateway.data(PEOPLE, variables)["audienceGroup"]["members"]["edges"]

    for place in (0, 41, 98):
        rest = gateway.data(PEOPLE, {**variables, "after": edges[place]["cursor"]})["audienceGroup"]["members"]["edges"]
        assert [edge["node"] for edge in rest][: 99 - place] == [edge["node"] for edge in edges[place + 1 :]]
    answer = gateway.ask(PEOPLE, {**variables, "after": edges[0]["cursor"], "search": "ana"})
    assert answer["errors"][0]["extensions"]["code"] == "BAD_CURSOR"


@pytest.mark.parametrize("vendor", ["fanfare", "local"])
def test_an_audience_outside_the_group_is_bad_input_before_any_people_are_read(gateway: Gateway, vendor: str) -> None:
    outside = next(iter(gateway.sandbox.fanfare.groups[RFM]))["id"]
    variables = {"id": group_id("fanfare", ORDER_LADDER), "audience": audience_id(vendor, outside)}

    answer = gateway.ask(PEOPLE, variables)

    assert answer["data"]["audienceGroup"]["members"] is None
    (error,) = answer["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["audienceGroup", "members"], "BAD_INPUT")
    assert gateway.transport.requests == [GROUP]


def test_an_audience_leads_to_its_group_and_on_to_what_that_holds(cold_gateway: Gateway) -> None:
    gateway = cold_gateway
    silver = gateway.sandbox.fanfare.groups[ORDER_LADDER][1]
    query = """
    query ($id: ID!) {
      audience(id: $id) {
        tier { name order startValue endValue iconName audience { id } }
        group {
          id
          name
          tiers { name }
          first: members(first: 2) { nodes { nativeId } }
          same: members(first: 2) { edges { audiences { tier { name } } } }
        }
      }
    }
    """
    own = audience_id("fanfare", silver["id"])
    found = gateway.data(query, {"id": own})["audience"]

    assert found["tier"] == {
        "name": "Silver",
        "order": 2,
        "startValue": "5",
        "endValue": "15",
        "iconName": "star",
        "audience": {"id": own},
    }
    assert found["group"]["id"] == group_id("fanfare", ORDER_LADDER)
    assert [tier["name"] for tier in found["group"]["tiers"]] == ["Bronze", "Silver", "Gold"]
    assert all(len(edge["audiences"]) == 1 for edge in found["group"]["same"]["edges"])
    requests = [path_of(request) for request in gateway.transport.requests]
    assert requests[0] == f"GET /fanfare/api/v1/audiences/{silver['id']}"
    assert sorted(requests[1:]) == [GROUP, f"{GROUP}/members"]


def test_the_name_of_a_group_costs_no_call_of_its_own(gateway: Gateway) -> None:
    gateway.data(
        """
        {
          audiences(first: 100, filter: {providerKeys: ["fanfare"]}) {
            nodes { group { id name kind provider { key } } tier { name } }
          }
        }
        """
    )

    assert not any("/groups/" in request for request in gateway.transport.requests)


def test_groups_are_read_again_by_their_identifiers(gateway: Gateway) -> None:
    ids = [group_id("fanfare", native_id) for native_id in gateway.sandbox.fanfare.groups]
    missing = [group_id("fanfare", "grp_gone"), group_id("trackly", "1"), audience_id("fanfare", ORDER_LADDER)]

    answer = gateway.ask(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on AudienceGroup { audiences { totalCount } } } }",
        {"ids": [*ids, *missing]},
    )

    nodes = answer["data"]["nodes"]
    assert [node["id"] for node in nodes[: len(ids)]] == ids
    assert [node["audiences"]["totalCount"] for node in nodes[: len(ids)]] == [
        len(held) for held in gateway.sandbox.fanfare.groups.values()
    ]
    assert nodes[len(ids) :] == [None, None, None]
    codes = [(error["path"], error["extensions"]["code"]) for error in answer["errors"]]
    assert sorted(codes) == [
        (["nodes", len(ids)], "NOT_FOUND"),
        (["nodes", len(ids) + 1], "UNSUPPORTED_OPERATION"),
        (["nodes", len(ids) + 2], "NOT_FOUND"),
    ]
    assert not any(request.startswith("GET /trackly") for request in gateway.transport.requests)


def test_an_audience_is_not_taken_for_a_group(gateway: Gateway) -> None:
    answer = gateway.ask(
        "query ($id: ID!) { audienceGroup(id: $id) { name } }", {"id": audience_id("fanfare", ORDER_LADDER)}
    )

    assert answer["data"]["audienceGroup"] is None
    assert answer["errors"][0]["extensions"]["code"] == "BAD_ID"
    assert gateway.transport.requests == []
