"""OliAI's sandbox answers as its contract says."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from audience_gateway.sandbox.clock import ManualClock
from audience_gateway.sandbox.oliai import create_app, keys, seeded
from audience_gateway.sandbox.oliai.objects import AudienceRecord
from audience_gateway.sandbox.oliai.state import State
from audience_gateway.sandbox.people import EPOCH, Person, population

_LISTS = (
    "/v1/audiences",
    "/v1/audiences/aud_abc123/contacts",
    "/v1/audiences/aud_abc123/available-contacts",
    "/v1/contacts",
)


@pytest.fixture(scope="module")
def people() -> tuple[Person, ...]:
    return population()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(EPOCH)


@pytest.fixture
def state(clock: ManualClock, people: tuple[Person, ...]) -> State:
    return seeded(clock, people)


@pytest.fixture
def client(state: State, clock: ManualClock) -> Iterator[TestClient]:
    """The first organisation's client, without limits."""
    with TestClient(create_app(state, clock=clock, limits=False), headers={"x-api-key": keys.API_KEY}) as client:
        yield client


@pytest.fixture
def limited(state: State, clock: ManualClock) -> Iterator[TestClient]:
    """A client without a key, under limits."""
    with TestClient(create_app(state, clock=clock)) as client:
        yield client


def walk(client: TestClient, path: str, limit: int, **query: str) -> list[dict[str, Any]]:
    """Every row of a list, page after page."""
    rows: list[dict[str, Any]] = []
    page = 1
    while True:
        reply = client.get(path, params={"page": str(page), "limit": str(limit), **query}).json()
        rows += reply["data"]
        if page >= reply["totalPages"]:
            return rows
        page += 1


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "API key is required"),
        ({"x-api-key": ""}, "API key is required"),
        ({"Authorization": f"Bearer {keys.API_KEY}"}, "API key is required"),
        ({"x-api-key": "sk_live_wrong"}, "Invalid API key"),
        ({"x-api-key": keys.REVOKED_KEY}, "API key has been revoked"),
        ({"x-api-key": keys.EXPIRED_KEY}, "API key has expired"),
    ],
)
def test_each_bad_key_gets_its_documented_401(limited: TestClient, headers: dict[str, str], message: str) -> None:
    reply = limited.get("/v1/audiences", headers=headers)

    assert reply.status_code == 401
    assert reply.json() == {"statusCode": 401, "message": message, "error": "Unauthorized"}


def test_a_key_without_permission_gets_403(limited: TestClient) -> None:
    reply = limited.get("/v1/audiences", headers={"x-api-key": keys.RESTRICTED_KEY})

    assert reply.status_code == 403
    assert reply.json() == {"statusCode": 403, "message": "Insufficient permissions", "error": "Forbidden"}


def test_keys_have_the_documented_form() -> None:
    for key in keys.CREDENTIALS:
        assert re.fullmatch(r"sk_live_[a-z0-9]{32}", key)


def test_the_documented_audience_is_served_as_printed(client: TestClient) -> None:
    reply = client.get("/v1/audiences/aud_abc123")

    assert reply.status_code == 200
    assert reply.json() == {
        "id": "aud_abc123",
        "name": "Mumbai Premium - March 2026",
        "description": "Hindi-speaking premium customers in Mumbai",
        "organizationId": "org_1",
        "contactCount": 250,
        "createdAt": "2026-03-01T10:00:00.000Z",
        "updatedAt": "2026-03-10T14:00:00.000Z",
    }


def test_the_documented_contact_is_served_as_printed(client: TestClient) -> None:
    assert client.get("/v1/contacts/clxxx123").json() == {
        "id": "clxxx123",
        "name": "Priya Sharma",
        "phoneNumber": "+919876543210",
        "language": "hi-IN",
        "metadata": {"city": "Mumbai", "tier": "premium"},
        "organizationId": "org_1",
        "createdAt": "2026-03-01T10:00:00.000Z",
        "updatedAt": "2026-03-15T08:30:00.000Z",
    }


def test_the_documented_contact_is_a_member_of_the_documented_audience(client: TestClient) -> None:
    members = walk(client, "/v1/audiences/aud_abc123/contacts", 100)

    assert "clxxx123" in {member["id"] for member in members}


def test_a_page_has_twenty_rows_unless_told(client: TestClient) -> None:
    reply = client.get("/v1/audiences").json()

    assert list(reply) == ["data", "total", "page", "limit", "totalPages"]
    assert (reply["total"], reply["page"], reply["limit"], reply["totalPages"]) == (60, 1, 20, 3)
    assert len(reply["data"]) == 20


@pytest.mark.parametrize("path", _LISTS)
@pytest.mark.parametrize("limit", [7, 100])
def test_walking_all_pages_gives_each_row_once_newest_first(client: TestClient, path: str, limit: int) -> None:
    rows = walk(client, path, limit)

    assert len({row["id"] for row in rows}) == len(rows) == client.get(path).json()["total"]
    by_id = sorted(rows, key=lambda row: str(row["id"]))
    assert rows == sorted(by_id, key=lambda row: str(row["createdAt"]), reverse=True)


@pytest.mark.parametrize("path", _LISTS)
@pytest.mark.parametrize(
    ("query", "messages"),
    [
        ({"limit": "101"}, ["limit must not be greater than 100"]),
        ({"limit": "0"}, ["limit must not be less than 1"]),
        ({"limit": "all"}, ["limit must be an integer number"]),
        ({"page": "0"}, ["page must not be less than 1"]),
        ({"page": "-1"}, ["page must not be less than 1"]),
        ({"page": "1.5"}, ["page must be an integer number"]),
        ({"page": ""}, ["page must be an integer number"]),
        ({"page": "0", "limit": "1000"}, ["page must not be less than 1", "limit must not be greater than 100"]),
    ],
)
def test_a_page_out_of_bounds_is_refused_field_by_field(
    client: TestClient, path: str, query: dict[str, str], messages: list[str]
) -> None:
    reply = client.get(path, params=query)

    assert reply.status_code == 400
    assert reply.json() == {"statusCode": 400, "message": messages, "error": "Bad Request"}


def test_the_largest_page_holds_a_hundred(client: TestClient) -> None:
    assert len(client.get("/v1/contacts", params={"limit": "100"}).json()["data"]) == 100


def test_a_page_past_the_end_is_empty_and_keeps_the_totals(client: TestClient) -> None:
    reply = client.get("/v1/audiences", params={"page": "4"}).json()

    assert reply == {"data": [], "total": 60, "page": 4, "limit": 20, "totalPages": 3}


def test_no_rows_make_no_pages(client: TestClient) -> None:
    reply = client.get("/v1/contacts", params={"search": "nobody is called this"}).json()

    assert reply == {"data": [], "total": 0, "page": 1, "limit": 20, "totalPages": 0}


def test_unknown_parameters_are_ignored(client: TestClient) -> None:
    assert client.get("/v1/audiences?sort=name").json() == client.get("/v1/audiences").json()


def test_search_finds_names_and_numbers_without_case(client: TestClient) -> None:
    by_name = walk(client, "/v1/contacts", 100, search="PRIYA sharma")
    by_number = walk(client, "/v1/contacts", 100, search="9876543210")

    assert {"clxxx123", "cid_001"} <= {found["id"] for found in by_name}
    assert all(found["name"] == "Priya Sharma" for found in by_name)
    assert [found["id"] for found in by_number] == ["clxxx123"]


def test_members_and_candidates_split_the_contacts(client: TestClient) -> None:
    everybody = walk(client, "/v1/contacts", 100)
    members = walk(client, "/v1/audiences/aud_abc123/contacts", 100)
    candidates = walk(client, "/v1/audiences/aud_abc123/available-contacts", 100)

    assert len(members) == 250
    assert {row["id"] for row in members}.isdisjoint(row["id"] for row in candidates)
    assert {row["id"] for row in everybody} == {row["id"] for row in members + candidates}


@pytest.mark.parametrize("relation", ["contacts", "available-contacts"])
def test_members_and_candidates_can_be_searched(client: TestClient, relation: str) -> None:
    path = f"/v1/audiences/aud_abc123/{relation}"
    expected = [row for row in walk(client, path, 100) if "ana" in row["name"].lower()]

    assert expected
    assert walk(client, path, 100, search="Ana") == expected


def test_the_contact_count_is_live(client: TestClient, state: State) -> None:
    newcomer = next(found for found in state.contacts if found not in state.memberships["aud_abc123"])
    state.memberships["aud_abc123"].add(newcomer)

    assert client.get("/v1/audiences/aud_abc123").json()["contactCount"] == 251
    listed = {row["id"]: row for row in walk(client, "/v1/audiences", 100)}
    assert listed["aud_abc123"]["contactCount"] == 251


def test_every_count_agrees_with_the_members_listed(client: TestClient) -> None:
    for audience in walk(client, "/v1/audiences", 100):
        members = client.get(f"/v1/audiences/{audience['id']}/contacts").json()
        assert members["total"] == audience["contactCount"]


def test_the_state_tells_what_the_api_tells(client: TestClient, state: State) -> None:
    assert walk(client, "/v1/audiences", 100) == list(state.audiences.values())
    assert walk(client, "/v1/audiences/aud_abc123/contacts", 100) == state.members_of("aud_abc123")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/v1/audiences/aud_missing", "Audience not found"),
        ("/v1/audiences/aud_missing/contacts", "Audience not found"),
        ("/v1/audiences/aud_missing/available-contacts", "Audience not found"),
        ("/v1/contacts/cl_missing", "Contact not found"),
        ("/v1/voices", "Cannot GET /v1/voices"),
        ("/v1/audiences/", "Cannot GET /v1/audiences/"),
    ],
)
def test_what_is_absent_gets_404(client: TestClient, path: str, message: str) -> None:
    reply = client.get(path)

    assert reply.status_code == 404
    assert reply.json() == {"statusCode": 404, "message": message, "error": "Not Found"}


def test_an_unknown_method_gets_the_same_404(client: TestClient) -> None:
    reply = client.put("/v1/audiences")

    assert reply.status_code == 404
    assert reply.json()["message"] == "Cannot PUT /v1/audiences"


def test_another_organisation_sees_nothing_of_the_first(client: TestClient) -> None:
    theirs = {"x-api-key": keys.OTHER_ORGANIZATION_KEY}

    assert client.get("/v1/audiences", headers=theirs).json()["total"] == 0
    assert client.get("/v1/contacts", headers=theirs).json()["total"] == 0
    for path in (*_LISTS[1:3], "/v1/audiences/aud_abc123", "/v1/contacts/clxxx123"):
        assert client.get(path, headers=theirs).status_code == 404


def test_the_first_organisation_sees_nothing_of_another(client: TestClient, state: State) -> None:
    state.records["aud_theirs"] = AudienceRecord(
        id="aud_theirs",
        name="Theirs",
        description=None,
        organizationId=keys.OTHER_ORGANIZATION,
        createdAt="2026-01-01T00:00:00.000Z",
        updatedAt="2026-01-01T00:00:00.000Z",
    )
    state.memberships["aud_theirs"] = set()

    assert client.get("/v1/audiences/aud_theirs").status_code == 404
    assert client.get("/v1/audiences").json()["total"] == 60
    theirs = {"x-api-key": keys.OTHER_ORGANIZATION_KEY}
    assert client.get("/v1/audiences/aud_theirs", headers=theirs).status_code == 200


def test_each_key_has_sixty_requests_a_minute(limited: TestClient, clock: ManualClock) -> None:
    ours, theirs = {"x-api-key": keys.API_KEY}, {"x-api-key": keys.OTHER_ORGANIZATION_KEY}
    for _ in range(60):
        assert limited.get("/v1/audiences?limit=1", headers=ours).status_code == 200
    clock.advance(20)

    reply = limited.get("/v1/audiences?limit=1", headers=ours)

    assert reply.status_code == 429
    assert reply.json() == {"statusCode": 429, "message": "Rate limit exceeded", "error": "Too Many Requests"}
    assert reply.headers["Retry-After"] == "40"
    assert limited.get("/v1/audiences?limit=1", headers=theirs).status_code == 200
    clock.advance(40)
    assert limited.get("/v1/audiences?limit=1", headers=ours).status_code == 200


def test_limits_can_be_switched_off(client: TestClient) -> None:
    assert {client.get("/v1/audiences/aud_abc123").status_code for _ in range(61)} == {200}


def test_dates_have_milliseconds_and_z(client: TestClient) -> None:
    for row in walk(client, "/v1/audiences", 100) + walk(client, "/v1/contacts", 100):
        for name in ("createdAt", "updatedAt"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", row[name])


def test_the_seed_holds_what_a_calling_team_would_have(state: State, people: tuple[Person, ...]) -> None:
    counts = [audience["contactCount"] for audience in state.audiences.values()]
    memberships = [contact for members in state.memberships.values() for contact in members]
    phones = {person.phone for person in people}

    assert (len(state.audiences), len(state.contacts)) == (60, 2_000)
    assert min(counts) == 0
    assert max(counts) > 500
    assert len(memberships) > len(set(memberships))
    assert sum(contact["phoneNumber"] in phones for contact in state.contacts.values()) == 1_996
    assert len({contact["phoneNumber"] for contact in state.contacts.values()}) == 2_000
    assert len({audience["name"] for audience in state.audiences.values()}) == 60
    assert {audience["description"] is None for audience in state.audiences.values()} == {True, False}
    assert "cid_001" in state.contacts


def test_campaigns_in_every_state_wait_for_the_writing_side(state: State) -> None:
    statuses = {campaign["status"] for campaign in state.campaigns.values()}

    assert statuses == {"DRAFT", "SCHEDULED", "IN_PROGRESS", "PAUSED", "COMPLETED", "CANCELLED"}
    assert {campaign["audienceId"] for campaign in state.campaigns.values()} <= set(state.audiences)


def test_two_seeds_are_byte_for_byte_the_same(client: TestClient, clock: ManualClock) -> None:
    again = TestClient(
        create_app(seeded(clock, population()), clock=clock, limits=False), headers={"x-api-key": keys.API_KEY}
    )

    for path in _LISTS:
        assert client.get(path).content == again.get(path).content
