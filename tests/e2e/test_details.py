"""What hangs on an audience, over HTTP: as the sandbox holds it, at a stated number of calls."""

from collections import Counter

import pytest

from tests.e2e.gateways import VENDORS, Gateway
from tests.e2e.identifiers import audience_id

STATES = {"PENDING": "PENDING", "PROCESSING": "RUNNING", "COMPLETED": "SUCCEEDED", "FAILED": "FAILED"}


def test_sending_lists_of_all_audiences_get_their_names_from_one_call(gateway: Gateway) -> None:
    data = gateway.data(
        """
        {
          audiences(first: 100, filter: {providerKeys: ["trackly"], statuses: [ACTIVE, ARCHIVED]}) {
            nodes { nativeId sourceLists { nativeId name contactCount } }
          }
        }
        """
    )

    state = gateway.sandbox.trackly
    listed = {str(key): found for key, found in state.lists.items() if found["status"] != "deleted"}
    for node in data["audiences"]["nodes"]:
        expected = [str(key) for key in state.audiences[node["nativeId"]]["source_lists"]]
        assert [found["nativeId"] for found in node["sourceLists"]] == expected
        for found in node["sourceLists"]:
            known = listed.get(found["nativeId"])
            assert found["name"] == (known and known["list_name"])
            assert found["contactCount"] == (known and known["contact_count"])
    assert any(node["sourceLists"] for node in data["audiences"]["nodes"])
    lists = [request for request in gateway.transport.requests if "/lists" in request]
    assert lists == ["GET /trackly/api/v2/lists"]


def test_sending_lists_without_their_names_cost_no_call(gateway: Gateway) -> None:
    gateway.data('{ audiences(first: 9, filter: {providerKeys: ["trackly"]}) { nodes { sourceLists { nativeId } } } }')

    assert not any("/lists" in request for request in gateway.transport.requests)


def test_providers_without_sending_lists_have_null_and_no_error(gateway: Gateway) -> None:
    data = gateway.data(
        """
        {
          audiences(first: 100, filter: {providerKeys: ["local", "commbox", "oliai", "fanfare"]}) {
            nodes { sourceLists { name } }
          }
        }
        """
    )

    assert {node["sourceLists"] for node in data["audiences"]["nodes"]} == {None}


def test_materialization_is_told_as_it_stands_with_one_call_an_audience(gateway: Gateway) -> None:
    data = gateway.data(
        """
        {
          audiences(first: 100, filter: {providerKeys: ["fanfare"]}) {
            nodes {
              nativeId
              materialization {
                state memberCount startedAt finishedAt
                problem { code message retryable }
              }
              again: materialization { state }
            }
          }
        }
        """
    )

    nodes, state = data["audiences"]["nodes"], gateway.sandbox.fanfare
    for node in nodes:
        kept = state.status_of(node["nativeId"])
        found = node["materialization"]
        assert found["state"] == node["again"]["state"] == STATES[kept["status"]]
        assert found["memberCount"] == kept["memberCount"]
        assert (found["finishedAt"] is None) is (kept["status"] != "COMPLETED" or kept["lastRefreshedAt"] is None)
        assert (found["problem"] is None) is (kept["error"] is None)
    assert {node["materialization"]["state"] for node in nodes} == set(STATES.values())
    problems = [node["materialization"]["problem"] for node in nodes if node["materialization"]["problem"]]
    assert {problem["code"] for problem in problems} == {"UPSTREAM_UNAVAILABLE"}
    calls = Counter(request for request in gateway.transport.requests if request.endswith("/status"))
    assert len(calls) == len(nodes)
    assert set(calls.values()) == {1}


def test_the_source_of_synced_audiences_comes_with_the_list(gateway: Gateway) -> None:
    data = gateway.data(
        """
        {
          audiences(first: 100, filter: {providerKeys: ["fanfare"]}) {
            nodes { nativeId kind syncSource { vendor externalId state lastSyncedAt problem { message } } }
          }
        }
        """
    )

    state = gateway.sandbox.fanfare
    for node in data["audiences"]["nodes"]:
        source_id = state.audiences[node["nativeId"]]["primarySyncSourceId"]
        if source_id is None:
            assert node["syncSource"] is None
            continue
        source, found = state.sync_sources[source_id], node["syncSource"]
        assert (found["vendor"], found["externalId"]) == ("klaviyo", source["syncSourceId"])
        assert found["state"] == STATES[source["syncStatus"]]
        assert (found["lastSyncedAt"] is None) is (source["lastSyncedAt"] is None)
        assert (found["problem"] is None) is (source["syncStatus"] != "FAILED")
    states = {node["syncSource"]["state"] for node in data["audiences"]["nodes"] if node["syncSource"]}
    assert states == set(STATES.values())
    assert all(request.startswith("GET /fanfare/api/v1/audiences?") for request in gateway.transport.requests)


CANDIDATES = """
query ($id: ID!, $first: Int, $after: String, $search: String) {
  audience(id: $id) {
    candidates(first: $first, after: $after, search: $search) {
      totalCount
      edges { cursor node { nativeId fullName } }
      pageInfo { hasNextPage }
    }
  }
}
"""


def test_candidates_are_those_who_are_not_in_it(gateway: Gateway) -> None:
    state = gateway.sandbox.oliai
    native_id = max(state.audiences, key=lambda key: len(state.members_of(key)))
    expected = [contact["id"] for contact in state.candidates_for(native_id)]
    variables = {"id": audience_id("oliai", native_id), "first": 100}

    first = gateway.data(CANDIDATES, variables)["audience"]["candidates"]
    rest = gateway.data(CANDIDATES, {**variables, "after": first["edges"][40]["cursor"]})["audience"]["candidates"]

    assert first["totalCount"] == len(expected)
    assert [edge["node"]["nativeId"] for edge in first["edges"]] == expected[:100]
    assert [edge["node"]["nativeId"] for edge in rest["edges"]] == expected[41:141]
    assert first["pageInfo"]["hasNextPage"] is (len(expected) > 100)


@pytest.mark.parametrize("vendor", ["oliai", "local"])
def test_candidates_are_searched_and_never_members(gateway: Gateway, vendor: str) -> None:
    listing = gateway.data(
        """
        query ($keys: [String!]) {
          audiences(first: 1, filter: {providerKeys: $keys, nameContains: "e"}) {
            nodes { id members(first: 100) { nodes { id } } candidates(first: 50) { nodes { id fullName } } }
          }
        }
        """,
        {"keys": [vendor]},
    )
    (audience,) = listing["audiences"]["nodes"]
    candidates = audience["candidates"]["nodes"]
    assert candidates
    assert not {node["id"] for node in candidates} & {node["id"] for node in audience["members"]["nodes"]}

    name = candidates[0]["fullName"]
    variables = {"id": audience["id"], "first": 100, "search": name.swapcase()}
    found = gateway.data(CANDIDATES, variables)["audience"]["candidates"]["edges"]
    assert {edge["node"]["fullName"] for edge in found} == {name}


def test_cursors_of_members_are_none_of_candidates(gateway: Gateway) -> None:
    query = """
    {
      audiences(first: 1, filter: {providerKeys: ["local"]}) {
        nodes { id members(first: 1) { edges { cursor } } candidates(first: 1) { edges { cursor } } }
      }
    }
    """
    (audience,) = gateway.data(query)["audiences"]["nodes"]
    cursors = [audience[people]["edges"][0]["cursor"] for people in ("members", "candidates")]

    answer = gateway.ask(
        """
        query ($id: ID!, $members: String, $candidates: String) {
          audience(id: $id) {
            members(after: $candidates) { totalCount }
            candidates(after: $members) { totalCount }
          }
        }
        """,
        {"id": audience["id"], "members": cursors[0], "candidates": cursors[1]},
    )

    assert answer["data"]["audience"] == {"members": None, "candidates": None}
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_CURSOR"}


def test_the_providers_own_payload_is_shown_as_it_was_sent(gateway: Gateway) -> None:
    nodes = gateway.data("{ audiences(first: 100) { nodes { nativeId provider { key } raw } } }")["audiences"]["nodes"]

    raw = {(node["provider"]["key"], node["nativeId"]): node["raw"] for node in nodes}
    assert {key for key, _ in raw} == {"local", *VENDORS}
    for (key, native_id), payload in raw.items():
        if key == "local":
            assert payload is None
        elif key == "fanfare":
            assert payload["version"] == gateway.sandbox.fanfare.audiences[native_id]["version"]
        elif key == "trackly":
            assert payload["created_at"] == gateway.sandbox.trackly.audiences[native_id]["created_at"]
        else:
            assert payload["name"]
