"""One-audience accounts, for asking which contacts a filter counts."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from starlette.testclient import TestClient

from audience_gateway.sandbox.clock import ManualClock
from audience_gateway.sandbox.people import EPOCH
from audience_gateway.sandbox.trackly import create_app
from audience_gateway.sandbox.trackly.contacts import Contact
from audience_gateway.sandbox.trackly.keys import API_KEY
from audience_gateway.sandbox.trackly.state import State

BLANK = Contact(
    phone_number="+12015550100",
    list_number="+18885550142",
    list_id=1,
    active=True,
    signup_date=EPOCH - timedelta(days=100),
    signup_method="api",
    custom_fields={},
    carrier=None,
    line_type="mobile",
    timezone=None,
    is_valid=True,
    send_count=0,
    click_count=0,
    revenue_total=0,
    conversion_count=0,
    last_sent_at=None,
    last_clicked_at=None,
    last_revenue_at=None,
)
CLICKED = {"conditionType": "time", "field": "last_clicked_at"}


def size(*rows: Contact, group: dict[str, Any], lists: tuple[int, ...] = ()) -> int:
    """What ``GET /audiences/{id}/size`` answers for an audience of ``group`` over ``rows``."""
    key = "0" * 24
    contacts: dict[str, dict[int, Contact]] = {}
    for row in rows:
        contacts.setdefault(row.phone_number, {})[row.list_id] = row
    state = State(
        {
            key: {
                "id": key,
                "name": "Under test",
                "description": None,
                "source_lists": list(lists),
                "filter": group,
                "cached_size": None,
                "cached_size_updated_at": None,
                "status": "active",
                "created_at": "2026-01-01T00:00:00",
            }
        },
        {},
        contacts,
    )
    with TestClient(create_app(state, clock=ManualClock(EPOCH))) as client:
        reply = client.get(f"/v2/audiences/{key}/size", headers={"X-Api-Key": API_KEY}).json()
    counted: int = reply["size"]
    return counted


def all_of(*conditions: dict[str, Any], groups: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"operator": "AND", "conditions": list(conditions), "groups": list(groups)}


def any_of(*conditions: dict[str, Any], groups: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"operator": "OR", "conditions": list(conditions), "groups": list(groups)}


def matches(row: Contact, **condition: Any) -> bool:
    return size(row, group=all_of(condition)) == 1


def row_with(attribute: str, value: Any) -> Contact:
    changes: dict[str, Any] = {attribute: value}
    return replace(BLANK, **changes)


def ago(**units: float) -> datetime:
    return EPOCH - timedelta(**units)
