"""Fanfare's sandbox answers as its contract says: doors, audiences and the seed."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from audience_gateway.sandbox.clock import ManualClock
from audience_gateway.sandbox.fanfare import create_app, keys, seeded
from audience_gateway.sandbox.fanfare.state import State
from audience_gateway.sandbox.people import EPOCH, Person, population

_LIST = "/api/v1/audiences"
_REGULARS = "aud_01J0000000000000000000001"
_NEWSLETTER = "aud_01J0000000000000000000002"
_OURS = {"Authorization": f"Bearer {keys.API_KEY}"}


@pytest.fixture(scope="module")
def people() -> tuple[Person, ...]:
    return population()


@pytest.fixture(scope="module")
def state(people: tuple[Person, ...]) -> State:
    """One state for all: nothing here writes."""
    return seeded(ManualClock(EPOCH), people)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(EPOCH)


@pytest.fixture
def client(state: State, clock: ManualClock) -> Iterator[TestClient]:
    """A client with the secret key, without limits."""
    with TestClient(create_app(state, clock=clock, limits=False), headers=_OURS) as client:
        yield client


@pytest.fixture
def limited(state: State, clock: ManualClock) -> Iterator[TestClient]:
    """A client without a key, under limits."""
    with TestClient(create_app(state, clock=clock)) as client:
        yield client


def named(state: State, name: str) -> str:
    """The id of the one audience called ``name``."""
    (found,) = [audience["id"] for audience in state.audiences.values() if audience["name"] == name]
    return found


@pytest.mark.parametrize(
    ("authorization", "status", "error"),
    [
        (None, 401, "Authentication required"),
        ("Bearer sk_live_wrong", 401, "Authentication required"),
        (keys.API_KEY, 401, "Authentication required"),
        (f"Basic {keys.API_KEY}", 401, "Authentication required"),
        (f"Bearer {keys.PUBLISHABLE_KEY}", 401, "Secret key required"),
        ("Bearer pk_test_anything", 401, "Secret key required"),
        (f"Bearer {keys.RESTRICTED_KEY}", 403, "Insufficient permissions"),
    ],
)
def test_each_bad_key_gets_its_own_refusal(
    limited: TestClient, authorization: str | None, status: int, error: str
) -> None:
    reply = limited.get(_LIST, headers={"Authorization": authorization} if authorization else {})

    assert reply.status_code == status
    assert reply.json() == {"error": error}


@pytest.mark.parametrize("key", [keys.API_KEY, keys.TEST_KEY])
def test_live_and_test_keys_open(limited: TestClient, key: str) -> None:
    assert limited.get(_LIST, headers={"Authorization": f"Bearer {key}"}).status_code == 200


@pytest.mark.parametrize("headers", [{}, _OURS])
@pytest.mark.parametrize("path", [_LIST, f"{_LIST}/missing", "/api/v1/nowhere", f"{_LIST}?first=0"])
def test_every_reply_tells_the_limit(limited: TestClient, path: str, headers: dict[str, str]) -> None:
    reply = limited.get(path, headers=headers)

    assert reply.headers["X-RateLimit-Limit"] == "1000"
    assert reply.headers["X-RateLimit-Remaining"] == "999"
    assert reply.headers["X-RateLimit-Reset"] == str(int(EPOCH.timestamp()) + 60)


def test_the_organisation_has_a_thousand_requests_a_minute_over_all_its_keys(
    limited: TestClient, clock: ManualClock
) -> None:
    path = f"{_LIST}/{_REGULARS}/count"
    for turn in range(1_000):
        key = keys.TEST_KEY if turn % 2 else keys.API_KEY
        assert limited.get(path, headers={"Authorization": f"Bearer {key}"}).status_code == 200
    clock.advance(45)

    reply = limited.get(path, headers=_OURS)

    assert reply.status_code == 429
    assert reply.json() == {"error": "Rate limit exceeded", "retryAfter": 15}
    assert reply.headers["Retry-After"] == "15"
    assert reply.headers["X-RateLimit-Remaining"] == "0"
    clock.advance(15)
    assert limited.get(path, headers=_OURS).status_code == 200


def test_switched_off_limits_still_show_in_the_headers(client: TestClient) -> None:
    remaining = {client.get(f"{_LIST}/{_REGULARS}").headers["X-RateLimit-Remaining"] for _ in range(3)}

    assert remaining == {"1000"}


@pytest.mark.parametrize("path", [f"{_LIST}/", "/api/v1", f"{_LIST}/{_REGULARS}/friends", f"{_LIST}/loyalty-tiers"])
def test_an_unknown_path_gets_the_vendors_envelope(client: TestClient, path: str) -> None:
    reply = client.get(path)

    assert reply.status_code == 404
    assert reply.json() == {"error": "Not found"}


def test_an_unknown_method_gets_the_vendors_envelope(client: TestClient) -> None:
    reply = client.patch(f"{_LIST}/{_REGULARS}")

    assert reply.status_code == 405
    assert reply.json() == {"error": "Method not allowed"}


def test_the_printed_audience_is_served_as_printed(client: TestClient) -> None:
    reply = client.get(f"{_LIST}/{_REGULARS}")

    assert reply.status_code == 200
    rule = {
        "id": "rule_01J0000000000000000000001",
        "audienceId": _REGULARS,
        "organizationId": "org_01J0000000000000000000001",
        "field": "totalOrders",
        "operator": "GREATER_THAN_OR_EQUAL",
        "values": [5],
        "groupId": None,
        "position": 0,
    }
    assert reply.json() == {
        "id": _REGULARS,
        "organizationId": "org_01J0000000000000000000001",
        "name": "Regulars",
        "description": None,
        "type": "DYNAMIC",
        "iconName": None,
        "metadata": None,
        "version": 1,
        "groupId": None,
        "groupType": None,
        "groupName": None,
        "primarySyncSourceId": None,
        "primaryExternalId": None,
        "primarySourceVendor": None,
        "primaryLastSyncedAt": None,
        "lastRefreshedAt": None,
        "refreshIntervalSeconds": 3600,
        "archived": False,
        "createdAt": "2026-03-01T10:00:00Z",
        "updatedAt": "2026-03-01T10:00:00Z",
        "createdBy": "api",
        "updatedBy": "api",
        "rules": [rule],
        "imports": [],
    }


def test_the_guides_example_is_there(client: TestClient) -> None:
    vip = client.get(f"{_LIST}/aud_01HXYZ123456789").json()

    assert (vip["name"], vip["description"], vip["type"]) == ("VIP Customers", "Customers with 5+ orders", "DYNAMIC")
    assert [(rule["field"], rule["values"]) for rule in vip["rules"]] == [("totalOrders", [5])]


@pytest.mark.parametrize(
    ("query", "relations"),
    [
        ("", {"rules", "imports"}),
        ("?include=", set()),
        ("?include=primarySyncSource", {"primarySyncSource"}),
        ("?include=rules,primarySyncSource", {"rules", "primarySyncSource"}),
        ("?include=rules,secrets", {"rules"}),
    ],
)
def test_get_includes_rules_and_imports_unless_told(client: TestClient, query: str, relations: set[str]) -> None:
    audience = client.get(f"{_LIST}/{_NEWSLETTER}{query}").json()

    assert {"rules", "imports", "primarySyncSource"} & set(audience) == relations


def test_list_includes_nothing_unless_told(client: TestClient) -> None:
    plain = client.get(_LIST).json()["data"]
    full = client.get(f"{_LIST}?include=rules,imports,primarySyncSource").json()["data"]

    assert all(not {"rules", "imports", "primarySyncSource"} & set(audience) for audience in plain)
    assert all({"rules", "imports", "primarySyncSource"} <= set(audience) for audience in full)


def test_a_sync_source_is_shown_whole_or_null(client: TestClient, state: State) -> None:
    synced = client.get(f"{_LIST}/{_NEWSLETTER}?include=primarySyncSource").json()
    bare = client.get(f"{_LIST}/{named(state, 'Partner newsletter')}?include=primarySyncSource").json()

    assert synced["primarySyncSource"] == state.sync_sources["src_01J0000000000000000000001"]
    assert synced["primarySyncSource"]["syncSource"] == "klaviyo:list"
    assert synced["primarySyncSource"]["syncSourceId"] == synced["primaryExternalId"] == "XyZ123"
    assert synced["primaryLastSyncedAt"] == synced["lastRefreshedAt"] == "2026-02-28T00:00:00Z"
    assert bare["primarySyncSource"] is None


@pytest.mark.parametrize("operation", ["", "/members", "/status", "/count", "/rules"])
def test_an_unknown_audience_gets_404(client: TestClient, operation: str) -> None:
    reply = client.get(f"{_LIST}/aud_missing{operation}")

    assert reply.status_code == 404
    assert reply.json() == {"error": "Audience not found"}


def test_an_archived_audience_is_shown_but_not_listed_and_does_nothing_else(client: TestClient, state: State) -> None:
    archived = [audience["id"] for audience in state.audiences.values() if audience["archived"]]
    listed = {audience["id"] for audience in client.get(_LIST).json()["data"]}

    assert archived
    assert listed.isdisjoint(archived)
    assert client.get(f"{_LIST}/{archived[0]}").json()["archived"] is True
    for operation in ("members", "status", "count", "rules"):
        assert client.get(f"{_LIST}/{archived[0]}/{operation}").status_code == 404


def test_the_rules_are_a_bare_array(client: TestClient, state: State) -> None:
    tester = named(state, "Pro plan or ten orders")

    assert client.get(f"{_LIST}/{tester}/rules").json() == state.rules[tester]
    assert [rule["groupId"] for rule in state.rules[tester]] == ["plan", "orders"]


def test_the_count_is_of_the_stored_members(client: TestClient, state: State) -> None:
    for audience in state.listed():
        audience_id = audience["id"]
        expected = {"audienceId": audience_id, "count": len(state.memberships[audience_id])}
        assert client.get(f"{_LIST}/{audience_id}/count").json() == expected


def test_a_finished_dynamic_audience_holds_exactly_whom_its_rules_match(state: State) -> None:
    finished = [found for found in state.listed() if found["type"] == "DYNAMIC"]

    for audience in finished:
        status = state.status_of(audience["id"])
        matching = state.evaluated(state.rules[audience["id"]])
        assert (status["status"] == "COMPLETED") == (status["materializedVersion"] == audience["version"])
        if status["status"] == "COMPLETED":
            assert state.memberships[audience["id"]] == matching
        else:
            assert state.memberships[audience["id"]] != matching


def test_status_has_the_documented_shape(client: TestClient) -> None:
    assert client.get(f"{_LIST}/{_REGULARS}/status").json() == {
        "audienceId": _REGULARS,
        "status": "PENDING",
        "version": 1,
        "materializedVersion": None,
        "memberCount": 0,
        "startedAt": None,
        "lastRefreshedAt": None,
        "error": None,
    }


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("Big spenders", "COMPLETED"),
        ("Mid-range baskets", "PENDING"),
        ("Text-message consent", "PROCESSING"),
        ("Recent buyers outside the CRM", "FAILED"),
        ("Founders' circle", "COMPLETED"),
        ("Airport pop-up sign-ups", "PROCESSING"),
        ("Old shop accounts", "COMPLETED"),
        ("Welcome series", "PENDING"),
        ("Engaged in 90 days", "PROCESSING"),
        ("Bounced addresses", "FAILED"),
        ("Partner newsletter", "COMPLETED"),
    ],
)
def test_status_follows_rules_imports_and_syncs(client: TestClient, state: State, name: str, status: str) -> None:
    reply = client.get(f"{_LIST}/{named(state, name)}/status").json()

    assert reply["status"] == status
    assert (reply["error"] is None) == (status != "FAILED")


def test_the_seed_holds_what_a_shop_would_have(state: State, people: tuple[Person, ...]) -> None:
    kinds = Counter(audience["type"] for audience in state.audiences.values())
    emails, phones = {person.email for person in people}, {person.phone for person in people}
    consumers = list(state.consumers.values())

    assert (len(state.audiences), len(consumers)) == (80, 5_000)
    assert set(kinds) == {"STATIC", "DYNAMIC", "SYNCED_LIST"}
    assert min(kinds.values()) >= 15
    assert {bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", found)) for found in state.audiences} == {
        True,
        False,
    }
    assert sum(consumer["email"] in emails for consumer in consumers) > 4_000
    assert sum(consumer["phone"] in phones for consumer in consumers) > 4_000
    assert all(consumer["email"] or consumer["phone"] for consumer in consumers)
    statuses = {job["status"] for jobs in state.imports.values() for job in jobs}
    assert statuses == {"PENDING", "PROCESSING", "COMPLETED", "FAILED"}
    assert {found["syncStatus"] for found in state.sync_sources.values()} == statuses


def test_everything_seeded_lies_before_the_present_in_whole_seconds(state: State) -> None:
    present = EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ")
    rows: list[Any] = [*state.audiences.values(), *state.consumers.values()]
    for row in rows:
        for name in ("createdAt", "updatedAt"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row[name])
        assert row["createdAt"] <= row["updatedAt"] < present


def test_two_seeds_are_byte_for_byte_the_same(client: TestClient, clock: ManualClock) -> None:
    again = TestClient(create_app(seeded(clock, population()), clock=clock, limits=False), headers=_OURS)

    for path in (
        f"{_LIST}?include=rules,imports,primarySyncSource",
        f"{_LIST}/{_NEWSLETTER}/members?include=audiences",
    ):
        assert client.get(path).content == again.get(path).content
