"""Sending lists (Trackly contract, Operations)."""

import pytest
from starlette.testclient import TestClient

from audience_gateway.sandbox.trackly.state import State
from tests.sandbox.trackly.account import AUTHORIZED, LISTS, RECENT_CLICKERS, fetched


def test_sending_lists_are_listed_without_the_deleted_ones(client: TestClient) -> None:
    lists = fetched(client, LISTS)["lists"]

    assert [one["id"] for one in lists] == [12, 27, 42, 58, 63, 71, 101, 102]
    assert len({one["phone_number"] for one in lists}) == 8
    assert {one["status"] for one in lists} == {"active", "paused", "suspended"}
    assert lists[2] == {
        "id": 42,
        "phone_number": "+18885550142",
        "brand_name": "Harbor & Pine",
        "list_name": "Southern stores",
        "list_type": "cm",
        "status": "active",
        "contact_count": 700,
        "created_at": "2023-11-20T09:05:00Z",
    }


@pytest.mark.parametrize(
    ("status", "keys"),
    [
        ("active", [12, 27, 42, 58, 101, 102]),
        ("paused", [63]),
        ("suspended", [71]),
        ("deleted", [77]),
        ("unheard-of", [12, 27, 42, 58, 63, 71, 101, 102]),
    ],
)
def test_sending_lists_are_listed_by_status(client: TestClient, status: str, keys: list[int]) -> None:
    assert [one["id"] for one in fetched(client, LISTS, status=status)["lists"]] == keys


def test_each_sending_list_is_shown_with_its_number_of_contacts(client: TestClient, state: State) -> None:
    for key in state.lists:
        found = fetched(client, f"{LISTS}/{key}")
        assert found["contact_count"] == sum(key in rows for rows in state.contacts.values())


@pytest.mark.parametrize("key", ["99", "042", "-42", "forty-two", RECENT_CLICKERS])
def test_an_unknown_sending_list_is_not_found(client: TestClient, key: str) -> None:
    response = client.get(f"{LISTS}/{key}", headers=AUTHORIZED)

    assert response.status_code == 404
    assert response.json() == {"error": "List not found", "code": "not_found"}
