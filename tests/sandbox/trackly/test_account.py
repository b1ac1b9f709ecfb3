"""What the seeded account holds."""

from starlette.testclient import TestClient

from audience_gateway.sandbox.clock import ManualClock
from audience_gateway.sandbox.people import EPOCH, Person
from audience_gateway.sandbox.trackly import create_app, seeded
from audience_gateway.sandbox.trackly.state import State
from tests.sandbox.trackly.account import (
    AUDIENCES,
    AUTHORIZED,
    HIGH_VALUE_CLICKERS,
    LISTS,
    RECENT_CLICKERS,
    client_of,
    fetched,
    groups_of,
    walk,
)


def test_the_audience_of_tracklys_own_pages_is_listed_and_shown_word_for_word(client: TestClient) -> None:
    conditions = [
        {"conditionType": "time", "field": "last_clicked_at", "operator": "within", "value": 30, "unit": "days"},
        {"conditionType": "count", "field": "click_count", "operator": "gte", "value": 3},
    ]
    listed = {
        "id": "664f1a2b3c4d5e6f7a8b9c0d",
        "name": "High-Value Clickers",
        "description": "Contacts who clicked at least 3 times in the last 30 days",
        "source_lists": [101, 102],
        "filter": {"operator": "AND", "conditions": conditions},
        "cached_size": 12480,
        "cached_size_updated_at": "2025-11-15T08:30:00",
        "status": "active",
        "created_at": "2025-10-01T14:22:00",
    }

    assert listed in walk(client)
    shown = {**listed, "filter": {"operator": "AND", "conditions": conditions, "groups": []}}
    assert fetched(client, f"{AUDIENCES}/{HIGH_VALUE_CLICKERS}") == shown


def test_the_contracts_sample_is_listed_word_for_word(client: TestClient) -> None:
    items = {item["id"]: item for item in walk(client)}

    assert items[RECENT_CLICKERS] == {
        "id": "66a0c1d2e3f405162738495a",
        "name": "Recent clickers",
        "description": None,
        "source_lists": [],
        "filter": {
            "operator": "AND",
            "conditions": [
                {
                    "conditionType": "time",
                    "field": "last_clicked_at",
                    "operator": "within",
                    "value": 7,
                    "unit": "days",
                }
            ],
        },
        "cached_size": 420,
        "cached_size_updated_at": "2026-01-05T09:00:00",
        "status": "active",
        "created_at": "2026-01-02T10:15:00",
    }


def test_the_contracts_create_sample_is_in_the_account(client: TestClient) -> None:
    found = fetched(client, f"{AUDIENCES}/66a0c1d2e3f405162738495b")

    assert (found["name"], found["description"], found["source_lists"]) == (
        "Texas buyers",
        "Bought at least once",
        [42],
    )
    assert found["filter"]["conditions"] == [
        {"conditionType": "custom_field", "field": "state", "operator": "in", "value": ["TX", "Texas"]}
    ]
    assert found["filter"]["groups"] == [
        {
            "operator": "OR",
            "conditions": [
                {"conditionType": "revenue", "field": "has_revenue", "operator": "eq", "value": True},
                {"conditionType": "count", "field": "click_count", "operator": "gt", "value": 5},
            ],
            "groups": [],
        }
    ]


def test_the_account_is_two_years_of_varied_audiences(client: TestClient) -> None:
    items = walk(client) + walk(client, status="archived")

    conditions = [one for item in items for group in groups_of(item["filter"]) for one in group["conditions"]]
    assert len(items) == len({item["name"] for item in items}) == 120
    assert all("2024-03-02T12:00:00" <= item["created_at"] < "2026-03-02T12:00:00" for item in items)
    assert {one["conditionType"] for one in conditions} == {
        "time",
        "count",
        "custom_field",
        "carrier",
        "timezone",
        "revenue",
    }
    assert any("listId" in one for one in conditions)
    assert any(item["cached_size"] is None for item in items)
    assert any(inner["groups"] for item in items for inner in groups_of(item["filter"])[1:])


def test_members_are_people_of_the_population(state: State, people: tuple[Person, ...], clock: ManualClock) -> None:
    known = {person.phone for person in people}

    members = state.members_of(RECENT_CLICKERS, clock.now())

    assert members <= known


def test_every_audience_names_lists_that_exist(client: TestClient, state: State) -> None:
    for item in walk(client):
        assert set(item["source_lists"]) <= set(state.lists)


def test_equal_clocks_and_people_give_equal_bytes(people: tuple[Person, ...]) -> None:
    answers = []
    for _ in range(2):
        clock = ManualClock(EPOCH)
        with client_of(create_app(seeded(clock, people), clock=clock)) as client:
            paths = (f"{AUDIENCES}?per_page=100", f"{AUDIENCES}/{RECENT_CLICKERS}/size", LISTS)
            answers.append([client.get(path, headers=AUTHORIZED).content for path in paths])

    assert answers[0] == answers[1]
