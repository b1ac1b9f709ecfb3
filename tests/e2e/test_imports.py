"""Imports over HTTP: what the sandbox holds, read along with audiences, paged, and found again by identifier."""

from typing import Any

import pytest

from tests.e2e.gateways import Gateway
from tests.e2e.identifiers import audience_id, import_id
from tests.e2e.test_groups import walked
from tests.e2e.test_matrix import first_of

STATES = {"PENDING": "PENDING", "PROCESSING": "RUNNING", "COMPLETED": "SUCCEEDED", "FAILED": "FAILED"}
JOB = """
fragment J on Job {
  id kind state progress processed total rejected createdAt finishedAt
  provider { key } audience { nativeId } problem { code message retryable }
}
"""


def expected(run: Any) -> dict[str, Any]:
    """An import of the sandbox as the gateway should tell it."""
    failed = run["status"] == "FAILED"
    return {
        "id": import_id("fanfare", run["audienceId"], run["id"]),
        "kind": "IMPORT",
        "state": STATES[run["status"]],
        "progress": run["progress"] / 100,
        "processed": run["processedConsumers"],
        "total": run["totalConsumers"],
        "rejected": run["errorCount"],
        "createdAt": run["createdAt"],
        "finishedAt": None,
        "provider": {"key": "fanfare"},
        "audience": {"nativeId": run["audienceId"]},
        "problem": {
            "code": "UPSTREAM_UNAVAILABLE",
            "message": f"fanfare could not carry out import {run['id']} into audience {run['audienceId']}.",
            "retryable": False,
        }
        if failed
        else None,
    }


def all_runs(gateway: Gateway) -> list[Any]:
    """Every import in the sandbox."""
    return [run for runs in gateway.sandbox.fanfare.imports.values() for run in runs]


def test_imports_come_with_listed_audiences_and_cost_no_call_of_their_own(gateway: Gateway) -> None:
    data = gateway.data(
        """
        {
          audiences(first: 100, filter: {providerKeys: ["fanfare"]}) {
            nodes { nativeId imports { totalCount nodes { ...J } } }
          }
        }
        """
        + JOB
    )

    kept = gateway.sandbox.fanfare.imports
    for node in data["audiences"]["nodes"]:
        runs = kept[node["nativeId"]]
        newest_first = sorted(runs, key=lambda run: run["createdAt"], reverse=True)
        assert node["imports"] == {"totalCount": len(runs), "nodes": [expected(run) for run in newest_first]}
    assert {STATES[run["status"]] for run in all_runs(gateway)} == set(STATES.values())
    assert all(request.startswith("GET /fanfare/api/v1/audiences?") for request in gateway.transport.requests)


def test_every_job_is_found_again_by_its_identifier_those_of_archived_audiences_too(gateway: Gateway) -> None:
    runs = all_runs(gateway)
    ids = [import_id("fanfare", run["audienceId"], run["id"]) for run in runs]
    gateway.data('{ audiences(filter: { providerKeys: ["fanfare"] }) { totalCount } }')
    gateway.transport.requests.clear()

    data = gateway.data(
        "query ($ids: [ID!]!, $id: ID!) { node(id: $id) { ...J } nodes(ids: $ids) { ...J } }" + JOB,
        {"ids": ids, "id": ids[0]},
    )

    assert data["nodes"] == [expected(run) for run in runs]
    assert data["node"] == data["nodes"][0]
    archived = {key for key, audience in gateway.sandbox.fanfare.audiences.items() if audience["archived"]}
    assert len(gateway.transport.requests) == len({run["audienceId"] for run in runs} & archived), "others are known"


def test_jobs_that_are_not_there_are_not_found_and_nonsense_is_no_identifier(gateway: Gateway) -> None:
    run = all_runs(gateway)[0]
    oliai = next(iter(gateway.sandbox.oliai.audiences))
    ids = [
        import_id("fanfare", run["audienceId"], "imp_unknown"),
        import_id("fanfare", "aud_unknown", run["id"]),
        import_id("oliai", oliai, run["id"]),
        import_id("nobody", "1", "1"),
    ]

    answer = gateway.ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids})

    assert answer["data"]["nodes"] == [None] * len(ids)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_FOUND"] * len(ids)
    nonsense = gateway.ask('{ node(id: "am9iOmZhbmZhcmU6eA") { id } }')
    assert nonsense["errors"][0]["extensions"]["code"] == "BAD_ID"


def test_imports_are_walked_by_cursor_while_new_ones_are_made(cold_gateway: Gateway) -> None:
    gateway = cold_gateway
    fanfare = gateway.sandbox.fanfare
    own, runs = next((key, runs) for key, runs in fanfare.imports.items() if runs)
    older: list[Any] = [
        {**runs[0], "id": f"imp_{day}", "createdAt": f"2025-01-0{day}T00:00:00Z"} for day in range(1, 8)
    ]
    kept = list(runs)
    query = """
    query ($id: ID!, $after: String) {
      audience(id: $id) {
        imports(first: 2, after: $after) {
          totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage endCursor }
        }
      }
    }
    """
    try:
        runs.extend(older)
        edges = walked(gateway, query, "audience", "imports", id=audience_id("fanfare", own))
        runs.append({**runs[0], "id": "imp_new", "createdAt": "2027-01-01T00:00:00Z"})
        onwards = gateway.data(query, {"id": audience_id("fanfare", own), "after": edges[2]["cursor"]})
    finally:
        runs[:] = kept

    newest_first = [import_id("fanfare", own, run["id"]) for run in (*kept, *reversed(older))]
    assert [edge["node"]["id"] for edge in edges] == newest_first
    found = onwards["audience"]["imports"]
    assert [edge["node"]["id"] for edge in found["edges"]] == newest_first[3:5]
    assert found["totalCount"] == len(newest_first) + 1
    assert found["pageInfo"]["hasPreviousPage"] is True


@pytest.mark.parametrize("provider", ["local", "trackly", "commbox", "oliai"])
def test_imports_are_null_where_there_are_none_of_the_kind(gateway: Gateway, provider: str) -> None:
    own = first_of(gateway, provider)
    gateway.transport.requests.clear()

    data = gateway.data("query ($id: ID!) { audience(id: $id) { imports { totalCount } } }", {"id": own})

    assert data == {"audience": {"imports": None}}
    assert gateway.transport.requests == []


def test_a_cursor_of_another_audience_is_refused(gateway: Gateway) -> None:
    own, other = [key for key, runs in gateway.sandbox.fanfare.imports.items() if runs][:2]
    query = """
    query ($id: ID!, $after: String) { audience(id: $id) { imports(after: $after) { edges { cursor } } } }
    """
    page = gateway.data(query, {"id": audience_id("fanfare", own)})["audience"]["imports"]

    answer = gateway.ask(query, {"id": audience_id("fanfare", other), "after": page["edges"][0]["cursor"]})

    assert answer["data"] == {"audience": {"imports": None}}
    assert answer["errors"][0]["extensions"]["code"] == "BAD_CURSOR"
