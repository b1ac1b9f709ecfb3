"""Asking the emulated Trackly, below its mount, as a client does."""

from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from audience_gateway.sandbox.trackly.keys import API_KEY
from audience_gateway.sandbox.trackly.state import Audience

AUTHORIZED = {"X-Api-Key": API_KEY}
AUDIENCES = "/trackly/api/v2/audiences"
LISTS = "/trackly/api/v2/lists"
RECENT_CLICKERS = "66a0c1d2e3f405162738495a"
HIGH_VALUE_CLICKERS = "664f1a2b3c4d5e6f7a8b9c0d"
UNKNOWN = "ffffffffffffffffffffffff"


def client_of(app: Starlette) -> TestClient:
    return TestClient(Starlette(routes=[Mount("/trackly/api", app)]), raise_server_exceptions=False)


def fetched(client: TestClient, path: str, **query: str | int) -> Any:
    response = client.get(path, headers=AUTHORIZED, params={key: str(value) for key, value in query.items()})
    assert response.status_code == 200
    return response.json()


def walk(client: TestClient, per_page: int = 100, **query: str) -> list[dict[str, Any]]:
    """Every listed audience, page after page."""
    items: list[dict[str, Any]] = []
    page, pages = 1, 1
    while page <= pages:
        reply = fetched(client, AUDIENCES, page=page, per_page=per_page, **query)
        items += reply["audiences"]
        page, pages = page + 1, reply["pagination"]["total_pages"]
    return items


def audience(number: int, created_at: str) -> Audience:
    return {
        "id": f"{number:024x}",
        "name": f"Audience {number}",
        "description": None,
        "source_lists": [],
        "filter": {
            "operator": "AND",
            "conditions": [{"conditionType": "time", "field": "last_clicked_at", "operator": "exists"}],
            "groups": [],
        },
        "cached_size": None,
        "cached_size_updated_at": None,
        "status": "active",
        "created_at": created_at,
    }


def groups_of(group: dict[str, Any]) -> list[dict[str, Any]]:
    """``group`` and every group below it."""
    return [group, *(deeper for inner in group.get("groups", []) for deeper in groups_of(inner))]
