"""How operations travel over HTTP."""

import pytest

from tests.e2e.gateways import Gateway

OWN = "application/graphql-response+json"
PLAIN = "application/json"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", PLAIN),
        (PLAIN, PLAIN),
        (OWN, OWN),
        (f"{OWN}, {PLAIN};q=0.9", OWN),
        (f"{PLAIN}, {OWN};q=0.5", PLAIN),
        (f"{OWN};q=0, {PLAIN}", PLAIN),
        (f"{OWN};q=nonsense", PLAIN),
    ],
)
def test_the_caller_chooses_the_media_type(gateway: Gateway, accept: str, expected: str) -> None:
    response = gateway.client.post(
        f"{gateway.address}/graphql", json={"query": "{ __typename }"}, headers={"accept": accept}
    )

    assert response.headers["content-type"] == f"{expected}; charset=utf-8"
    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("query", ["{", "{ nothing }", "query ($id: ID!) { node(id: $id) { id } }"])
@pytest.mark.parametrize(("accept", "status"), [(OWN, 400), (PLAIN, 200)])
def test_an_operation_that_never_ran_has_errors_and_no_data(
    gateway: Gateway, query: str, accept: str, status: int
) -> None:
    response = gateway.client.post(f"{gateway.address}/graphql", json={"query": query}, headers={"accept": accept})

    assert response.status_code == status
    assert list(response.json()) == ["errors"]
    assert {error["extensions"]["code"] for error in response.json()["errors"]} == {"BAD_INPUT"}


def test_a_field_that_failed_leaves_the_status_at_200(gateway: Gateway) -> None:
    response = gateway.client.post(
        f"{gateway.address}/graphql", json={"query": '{ provider(key: "nobody") { key } }'}, headers={"accept": OWN}
    )

    assert response.status_code == 200
    assert response.json()["data"] == {"provider": None}
    assert response.json()["errors"][0]["extensions"] == {"code": "NOT_FOUND", "retryable": False}
