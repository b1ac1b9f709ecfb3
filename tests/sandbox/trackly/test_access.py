"""Who may ask Trackly, and how it refuses (Trackly contract, Base and Errors)."""

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from audience_gateway.sandbox.clock import ManualClock
from audience_gateway.sandbox.trackly import create_app
from audience_gateway.sandbox.trackly.gate import LARGEST_PAYLOAD
from audience_gateway.sandbox.trackly.keys import API_KEY, SUSPENDED_KEY
from audience_gateway.sandbox.trackly.state import State
from tests.sandbox.trackly.account import AUDIENCES, AUTHORIZED, LISTS, RECENT_CLICKERS, UNKNOWN, client_of


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Api-Key": ""},
        {"X-Api-Key": "trk_nonsense"},
        {"X-Api-Key": API_KEY.upper()},
        {"Authorization": f"Bearer {API_KEY}"},
    ],
)
@pytest.mark.parametrize("path", [AUDIENCES, f"{AUDIENCES}/{RECENT_CLICKERS}", f"{AUDIENCES}/{UNKNOWN}/size"])
def test_audience_operations_without_a_good_key_are_unauthorized(
    client: TestClient, headers: dict[str, str], path: str
) -> None:
    response = client.get(path, headers=headers)

    assert response.status_code == 401
    assert response.json() == {"error": "Unauthorized", "code": "unauthorized"}


@pytest.mark.parametrize(
    ("headers", "code"),
    [({}, "missing_api_key"), ({"X-Api-Key": "trk_nonsense"}, "invalid_api_key")],
)
def test_other_operations_use_the_general_codes_for_a_bad_key(
    client: TestClient, headers: dict[str, str], code: str
) -> None:
    response = client.get(LISTS, headers=headers)

    assert response.status_code == 401
    assert response.json()["code"] == code


@pytest.mark.parametrize("path", [AUDIENCES, f"{AUDIENCES}/{UNKNOWN}", LISTS])
def test_a_suspended_account_is_forbidden_without_a_code(client: TestClient, path: str) -> None:
    response = client.get(path, headers={"X-Api-Key": SUSPENDED_KEY})

    assert response.status_code == 403
    assert response.json() == {"error": "Account is suspended"}


@pytest.mark.parametrize("path", ["/v2", "/v2/audience", "/v2/audiences/", "/v1/audiences", "/audiences"])
def test_a_wrong_path_is_not_found(client: TestClient, path: str) -> None:
    response = client.get(f"/trackly/api{path}", headers=AUTHORIZED)

    assert response.status_code == 404
    assert response.json() == {"error": "Not found", "code": "not_found"}


def test_a_wrong_method_is_answered_in_the_envelope(client: TestClient) -> None:
    response = client.patch(AUDIENCES, headers=AUTHORIZED)

    assert response.status_code == 405
    assert response.json() == {"error": "Method not allowed"}
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize(("extra", "status"), [(0, 200), (1, 413)])
def test_a_payload_above_five_megabytes_is_too_large(client: TestClient, extra: int, status: int) -> None:
    response = client.request("GET", AUDIENCES, headers=AUTHORIZED, content=b" " * (LARGEST_PAYLOAD + extra))

    assert response.status_code == status
    assert ("error" in response.json()) == (status == 413)


def test_a_body_within_the_limit_reaches_its_route_whole(clock: ManualClock) -> None:
    async def echo(request: Request) -> Response:
        return Response(await request.body())

    app = create_app(State({}, {}, {}), clock=clock)
    app.router.routes.append(Route("/echo", echo, methods=["POST"]))

    with client_of(app) as client:
        response = client.post("/trackly/api/echo", headers=AUTHORIZED, content=iter([b"one ", b"two"]))

    assert response.content == b"one two"


def test_no_number_of_requests_is_throttled(client: TestClient) -> None:
    statuses = {client.get(f"{AUDIENCES}/{UNKNOWN}", headers=AUTHORIZED).status_code for _ in range(150)}

    assert statuses == {404}


def test_a_fault_of_the_server_is_answered_in_the_envelope(clock: ManualClock) -> None:
    async def broken(_request: Request) -> Response:
        raise ValueError

    app = create_app(State({}, {}, {}), clock=clock)
    app.router.routes.append(Route("/broken", broken))

    with client_of(app) as client:
        response = client.get("/trackly/api/broken", headers=AUTHORIZED)

    assert response.status_code == 500
    assert response.json() == {"error": "Internal server error"}
