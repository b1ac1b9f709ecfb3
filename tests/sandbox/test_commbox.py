"""CommBox as a client meets it, below its mount (CommBox contract, Operations and Errors)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from audience_gateway.sandbox.clock import ManualClock
from audience_gateway.sandbox.commbox import create_app, seeded
from audience_gateway.sandbox.commbox.keys import API_KEY, EXPIRED_KEY, PREVIOUS_KEY
from audience_gateway.sandbox.commbox.state import Audience, AudienceType, State
from audience_gateway.sandbox.people import Person, population

AUTHORIZED = {"Authorization": f"Bearer {API_KEY}"}
NOW = datetime(2026, 2, 11, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def people() -> tuple[Person, ...]:
    return population()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def state(clock: ManualClock, people: tuple[Person, ...]) -> State:
    return seeded(clock, people)


@pytest.fixture
def client(state: State, clock: ManualClock) -> Iterator[TestClient]:
    with client_of(create_app(state, clock=clock)) as client:
        yield client


def client_of(app: Starlette) -> TestClient:
    return TestClient(Starlette(routes=[Mount("/commbox", app)]), raise_server_exceptions=False)


def audience(number: str, members: frozenset[str] | None = None) -> Audience:
    return Audience(
        id=number,
        name=f"Audience {number}",
        created_time=NOW,
        type=AudienceType.DYNAMIC if members is None else AudienceType.STATIC,
        members=members or frozenset(),
    )


def listed(client: TestClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/commbox/audiences", headers=AUTHORIZED).json()["data"]
    return items


def test_the_audiences_of_commboxs_own_page_are_listed_word_for_word(client: TestClient, state: State) -> None:
    by_id = {item["id"]: item for item in listed(client)}

    assert by_id["31234"] == {
        "id": "31234",
        "name": "NE_USA-above50",
        "created_time": "2025-10-01T09:10:00Z",
        "user_count": 1542,
        "type": "Static",
    }
    assert by_id["45412"] == {
        "id": "45412",
        "name": "VIP",
        "created_time": "2025-11-01T08:30:00Z",
        "type": "Dynamic",
    }
    assert len(state.members_of("31234")) == 1542


def test_the_contracts_samples_are_listed_word_for_word(client: TestClient) -> None:
    by_id = {item["id"]: item for item in listed(client)}

    assert by_id["31801"] == {
        "id": "31801",
        "name": "North-East over 50",
        "created_time": "2025-10-01T09:10:00Z",
        "user_count": 1542,
        "type": "Static",
    }
    assert by_id["45920"] == {
        "id": "45920",
        "name": "VIP live",
        "created_time": "2025-11-01T08:30:00Z",
        "type": "Dynamic",
    }


def test_a_good_reply_is_wrapped_with_a_textual_status(client: TestClient) -> None:
    response = client.get("/commbox/audiences", headers=AUTHORIZED)

    envelope = response.json()
    data = envelope.pop("data")
    assert response.status_code == 200
    assert len(data) == 40
    assert envelope == {
        "status": "200",
        "description": "Audiences retrieved",
        "response_time": "2026-02-11T12:00:00.000Z",
    }


def test_the_response_time_follows_the_clock_to_the_millisecond(client: TestClient, clock: ManualClock) -> None:
    clock.advance(5.25)

    assert client.get("/commbox/audiences", headers=AUTHORIZED).json()["response_time"] == "2026-02-11T12:00:05.250Z"


def test_the_list_is_ordered_by_number_and_not_by_text(clock: ManualClock) -> None:
    state = State({number: audience(number) for number in ("10000", "9999", "100", "46011")})

    with client_of(create_app(state, clock=clock)) as client:
        assert [item["id"] for item in listed(client)] == ["100", "9999", "10000", "46011"]


def test_seeded_identifiers_are_unique_digits_in_the_order_of_creation(client: TestClient) -> None:
    items = listed(client)

    numbers = [int(item["id"]) for item in items]
    times = [item["created_time"] for item in items]
    assert len(set(numbers)) == 40
    assert numbers == sorted(numbers)
    assert times == sorted(times)
    assert max(numbers) < 46_011


def test_only_static_audiences_have_a_count_and_it_is_the_number_of_members(client: TestClient, state: State) -> None:
    items = listed(client)

    assert {item["type"] for item in items} == {"Static", "Dynamic"}
    for item in items:
        members = state.members_of(item["id"])
        if item["type"] == "Static":
            assert item["user_count"] == len(members)
        else:
            assert "user_count" not in item
            assert not members


def test_an_empty_static_audience_counts_zero(clock: ManualClock) -> None:
    with client_of(create_app(State({"7": audience("7", frozenset())}), clock=clock)) as client:
        assert listed(client)[0]["user_count"] == 0


def test_members_are_people_of_the_population_as_digits_without_a_plus(
    state: State, people: tuple[Person, ...]
) -> None:
    known = {person.phone.removeprefix("+") for person in people}

    for key in state.audiences:
        assert state.members_of(key) <= known


def test_members_are_never_shown(client: TestClient) -> None:
    fields = {field for item in listed(client) for field in item}

    assert fields == {"id", "name", "created_time", "user_count", "type"}


@pytest.mark.parametrize("path", ["/commbox/audiences", "/commbox/Audiences", "/commbox/AUDIENCES"])
def test_the_path_is_matched_without_letter_case(client: TestClient, path: str) -> None:
    assert client.get(path, headers=AUTHORIZED).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": API_KEY},
        {"Authorization": f"Basic {API_KEY}"},
        {"Authorization": f"Bearer {EXPIRED_KEY}"},
        {"X-Api-Key": API_KEY},
    ],
)
def test_a_missing_or_wrong_token_is_unauthorized(client: TestClient, headers: dict[str, str]) -> None:
    response = client.get("/commbox/audiences", headers=headers)

    assert response.status_code == 401
    assert response.json() == {
        "status": 401,
        "description": "Unauthorized",
        "response_time": "2026-02-11T12:00:00.000Z",
    }


def test_the_previous_key_works_in_its_days_of_grace(client: TestClient) -> None:
    response = client.get("/commbox/audiences", headers={"Authorization": f"Bearer {PREVIOUS_KEY}"})

    assert response.status_code == 200


@pytest.mark.parametrize("path", ["/commbox/", "/commbox/audience", "/commbox/audiences/", "/commbox/audiences/31801"])
def test_a_wrong_path_is_not_found(client: TestClient, path: str) -> None:
    response = client.get(path, headers=AUTHORIZED)

    assert response.status_code == 404
    assert response.json() == {
        "status": 404,
        "description": "Not Found",
        "response_time": "2026-02-11T12:00:00.000Z",
    }


def test_a_wrong_method_is_answered_in_the_envelope(client: TestClient) -> None:
    response = client.delete("/commbox/audiences", headers=AUTHORIZED)

    assert response.status_code == 405
    assert response.json()["status"] == 405
    assert "GET" in response.headers["Allow"]


def test_query_parameters_are_ignored(client: TestClient) -> None:
    response = client.get("/commbox/audiences?page=2&limit=1&sort=name", headers=AUTHORIZED)

    assert len(response.json()["data"]) == 40


def test_the_sixty_first_request_of_a_minute_is_throttled(client: TestClient, clock: ManualClock) -> None:
    statuses = [client.get("/commbox/audiences", headers=AUTHORIZED).status_code for _ in range(60)]
    clock.advance(20.5)

    response = client.get("/commbox/audiences", headers=AUTHORIZED)

    assert statuses == [200] * 60
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "40"
    assert response.json()["status"] == 429
    assert response.json()["description"].startswith("Too Many Requests")
    assert "data" not in response.json()


def test_waiting_as_told_ends_the_throttling(client: TestClient, clock: ManualClock) -> None:
    for _ in range(61):
        response = client.get("/commbox/audiences", headers=AUTHORIZED)

    clock.advance(int(response.headers["Retry-After"]))

    assert client.get("/commbox/audiences", headers=AUTHORIZED).status_code == 200


def test_each_token_has_a_throttle_of_its_own(client: TestClient) -> None:
    for _ in range(61):
        client.get("/commbox/audiences", headers=AUTHORIZED)

    response = client.get("/commbox/audiences", headers={"Authorization": f"Bearer {PREVIOUS_KEY}"})

    assert response.status_code == 200


def test_refused_tokens_are_not_throttled(client: TestClient) -> None:
    statuses = {client.get("/commbox/audiences").status_code for _ in range(70)}

    assert statuses == {401}


def test_without_limits_nothing_is_throttled(state: State, clock: ManualClock) -> None:
    with client_of(create_app(state, clock=clock, limits=False)) as client:
        statuses = {client.get("/commbox/audiences", headers=AUTHORIZED).status_code for _ in range(70)}

    assert statuses == {200}


def test_a_zoneless_account_has_no_suffix_on_any_date(state: State, clock: ManualClock) -> None:
    with client_of(create_app(state, clock=clock, zoneless=True)) as client:
        envelope = client.get("/commbox/audiences", headers=AUTHORIZED).json()
        refusal = client.get("/commbox/audiences").json()

    assert envelope["response_time"] == "2026-02-11T12:00:00.000"
    assert refusal["response_time"] == "2026-02-11T12:00:00.000"
    assert not [item for item in envelope["data"] if item["created_time"].endswith("Z")]
    assert "2025-10-01T09:10:00" in {item["created_time"] for item in envelope["data"]}


def test_a_fault_of_the_server_is_answered_in_the_envelope(clock: ManualClock) -> None:
    async def broken(_request: Request) -> Response:
        raise ValueError

    app = create_app(State({}), clock=clock)
    app.router.routes.append(Route("/broken", broken))

    with client_of(app) as client:
        response = client.get("/commbox/broken", headers=AUTHORIZED)

    assert response.status_code == 500
    assert response.json() == {
        "status": 500,
        "description": "Server Error",
        "response_time": "2026-02-11T12:00:00.000Z",
    }


def test_equal_clocks_and_people_give_equal_bytes(people: tuple[Person, ...]) -> None:
    answers = []
    for _ in range(2):
        clock = ManualClock(NOW)
        with client_of(create_app(seeded(clock, people), clock=clock)) as client:
            answers.append(client.get("/commbox/audiences", headers=AUTHORIZED).content)

    assert answers[0] == answers[1]
