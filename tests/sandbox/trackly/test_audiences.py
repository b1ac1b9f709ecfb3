"""Listing, showing and measuring audiences (Trackly contract, Operations)."""

import re

import pytest
from starlette.testclient import TestClient

from audience_gateway.sandbox.clock import ManualClock
from audience_gateway.sandbox.trackly import create_app
from audience_gateway.sandbox.trackly.state import State
from tests.sandbox.trackly.account import (
    AUDIENCES,
    AUTHORIZED,
    RECENT_CLICKERS,
    UNKNOWN,
    audience,
    client_of,
    fetched,
    groups_of,
    walk,
)


def test_a_single_audience_shows_empty_groups_at_its_root(client: TestClient) -> None:
    assert fetched(client, f"{AUDIENCES}/{RECENT_CLICKERS}")["filter"]["groups"] == []


def test_listed_audiences_leave_out_empty_groups_at_the_root_only(client: TestClient) -> None:
    roots = [item["filter"] for item in walk(client)]

    nested = [inner for root in roots for inner in groups_of(root)[1:]]
    assert {root.get("groups") == [] for root in roots} == {False}
    assert any("groups" not in root for root in roots)
    assert any("groups" in root for root in roots)
    assert all("groups" in inner and "conditions" in inner for inner in nested)


def test_reading_a_list_leaves_the_account_unchanged(client: TestClient, state: State) -> None:
    fetched(client, AUDIENCES)

    assert state.audiences[RECENT_CLICKERS]["filter"]["groups"] == []


@pytest.mark.parametrize("per_page", [1, 7, 50, 59, 100])
def test_walking_all_pages_gives_each_audience_once(client: TestClient, state: State, per_page: int) -> None:
    items = walk(client, per_page)

    identifiers = [item["id"] for item in items]
    assert len(identifiers) == 118
    assert set(identifiers) == {key for key, one in state.audiences.items() if one["status"] == "active"}


def test_the_newest_audience_comes_first_and_equals_go_by_descending_identifier(clock: ManualClock) -> None:
    made = (
        audience(1, "2026-01-01T00:00:00"),
        audience(3, "2025-01-01T00:00:00"),
        audience(4, "2025-01-01T00:00:00"),
        audience(2, "2026-02-01T00:00:00"),
    )
    state = State({one["id"]: one for one in made}, {}, {})

    with client_of(create_app(state, clock=clock)) as client:
        names = [item["name"] for item in walk(client, 3)]

    assert names == ["Audience 2", "Audience 1", "Audience 4", "Audience 3"]


def test_conditions_are_written_in_camel_case(client: TestClient) -> None:
    keys = {
        key
        for item in walk(client)
        for group in groups_of(item["filter"])
        for condition in group["conditions"]
        for key in condition
    }

    assert keys == {"conditionType", "field", "operator", "value", "unit", "listId"}


def test_a_cached_size_and_its_time_are_null_together(client: TestClient) -> None:
    for item in walk(client):
        assert (item["cached_size"] is None) == (item["cached_size_updated_at"] is None)


def test_times_have_no_zone_and_identifiers_are_24_hexadecimal_characters(client: TestClient) -> None:
    for item in walk(client):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", item["created_at"])
        assert re.fullmatch(r"[0-9a-f]{24}", item["id"])


def test_a_list_shows_active_audiences_fifty_to_a_page_unless_asked_otherwise(client: TestClient) -> None:
    reply = fetched(client, AUDIENCES)

    assert {item["status"] for item in reply["audiences"]} == {"active"}
    assert len(reply["audiences"]) == 50
    assert reply["pagination"] == {"page": 1, "per_page": 50, "total": 118, "total_pages": 3}


def test_archived_audiences_are_listed_when_asked_for(client: TestClient) -> None:
    reply = fetched(client, AUDIENCES, status="archived")

    assert [item["status"] for item in reply["audiences"]] == ["archived", "archived"]
    assert reply["pagination"]["total"] == 2


@pytest.mark.parametrize(
    ("query", "page", "per_page"),
    [
        ("page=0", 1, 50),
        ("page=-3", 1, 50),
        ("page=two", 1, 50),
        ("page=", 1, 50),
        ("page=1.5", 1, 50),
        ("page=" + "9" * 5000, 1, 50),
        ("page=3", 3, 50),
        ("per_page=0", 1, 1),
        ("per_page=-1", 1, 1),
        ("per_page=100", 1, 100),
        ("per_page=101", 1, 100),
        ("per_page=999999999999", 1, 100),
        ("per_page=many", 1, 50),
        ("status=deleted", 1, 50),
        ("status=Archived", 1, 50),
        ("sort=name&limit=3", 1, 50),
    ],
)
def test_odd_parameters_are_clamped_or_defaulted_and_never_refused(
    client: TestClient, query: str, page: int, per_page: int
) -> None:
    response = client.get(f"{AUDIENCES}?{query}", headers=AUTHORIZED)

    assert response.status_code == 200
    pagination = response.json()["pagination"]
    assert (pagination["page"], pagination["per_page"], pagination["total"]) == (page, per_page, 118)


def test_a_page_past_the_end_is_empty_with_true_totals(client: TestClient) -> None:
    reply = fetched(client, AUDIENCES, page=9)

    assert reply["audiences"] == []
    assert reply["pagination"] == {"page": 9, "per_page": 50, "total": 118, "total_pages": 3}


def test_an_empty_result_has_no_pages(clock: ManualClock) -> None:
    with client_of(create_app(State({}, {}, {}), clock=clock)) as client:
        reply = fetched(client, AUDIENCES)

    assert reply == {"audiences": [], "pagination": {"page": 1, "per_page": 50, "total": 0, "total_pages": 0}}


def test_a_single_audience_is_answered_flat(client: TestClient, state: State) -> None:
    for key in state.audiences:
        assert fetched(client, f"{AUDIENCES}/{key}") == state.audiences[key]


@pytest.mark.parametrize("key", [UNKNOWN, "66a0", RECENT_CLICKERS.upper(), "nothing here"])
@pytest.mark.parametrize("suffix", ["", "/size"])
def test_an_unknown_or_malformed_identifier_is_not_found(client: TestClient, key: str, suffix: str) -> None:
    response = client.get(f"{AUDIENCES}/{key}{suffix}", headers=AUTHORIZED)

    assert response.status_code == 404
    assert response.json() == {"error": "Audience not found", "code": "not_found"}


def test_the_size_counts_now_and_fills_the_cache(client: TestClient, state: State, clock: ManualClock) -> None:
    clock.advance(90.5)

    reply = fetched(client, f"{AUDIENCES}/{RECENT_CLICKERS}/size")

    size = len(state.members_of(RECENT_CLICKERS, clock.now()))
    found = fetched(client, f"{AUDIENCES}/{RECENT_CLICKERS}")
    assert reply == {"audience_id": RECENT_CLICKERS, "size": size, "calculated_at": "2026-03-02T12:01:30"}
    assert (found["cached_size"], found["cached_size_updated_at"]) == (size, "2026-03-02T12:01:30")
    assert size > 100


def test_archived_audiences_are_still_shown_and_measured(client: TestClient) -> None:
    key = fetched(client, AUDIENCES, status="archived")["audiences"][0]["id"]

    assert fetched(client, f"{AUDIENCES}/{key}")["status"] == "archived"
    assert fetched(client, f"{AUDIENCES}/{key}/size")["size"] > 0
