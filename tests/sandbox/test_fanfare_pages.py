"""Fanfare's lists page, search and group as its contract says."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from audience_gateway.sandbox.clock import ManualClock
from audience_gateway.sandbox.fanfare import create_app, keys, seeded
from audience_gateway.sandbox.fanfare.state import State
from audience_gateway.sandbox.people import EPOCH, population

_LIST = "/api/v1/audiences"
_VIP = f"{_LIST}/aud_01HXYZ123456789/members"
_LADDER = f"{_LIST}/groups/grp_01J0000000000000000000001"
_LISTS = (_LIST, _VIP, f"{_LADDER}/members")


@pytest.fixture(scope="module")
def state() -> State:
    """One state for all who only read."""
    return seeded(ManualClock(EPOCH), population())


@pytest.fixture
def own_state() -> State:
    """A small state to change."""
    return seeded(ManualClock(EPOCH), population(size=300))


@pytest.fixture
def client(state: State) -> Iterator[TestClient]:
    with client_of(state) as client:
        yield client


def client_of(state: State) -> TestClient:
    app = create_app(state, clock=ManualClock(EPOCH), limits=False)
    return TestClient(app, headers={"Authorization": f"Bearer {keys.API_KEY}"})


def walk(client: TestClient, path: str, first: int, **query: str) -> list[dict[str, Any]]:
    """Every row of a list: pages until one is short."""
    rows: list[dict[str, Any]] = []
    while True:
        page = client.get(path, params={"first": str(first), **query}).json()
        rows += page["data"]
        if len(page["data"]) < first:
            return rows
        query["after"] = page["pageInfo"]["endCursor"]


def newest_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_id = sorted(rows, key=lambda row: str(row["id"]))
    return sorted(by_id, key=lambda row: str(row["createdAt"]), reverse=True)


def cursor(content: object) -> str:
    return base64.b64encode(json.dumps(content, separators=(",", ":")).encode()).decode()


@pytest.mark.parametrize("path", _LISTS)
@pytest.mark.parametrize("first", [7, 25, 100])
def test_walking_all_pages_gives_each_row_once_newest_first(own_state: State, path: str, first: int) -> None:
    rows = walk(client_of(own_state), path, first)

    assert len({row["id"] for row in rows}) == len(rows)
    assert rows == newest_first(rows)


def test_the_walks_find_everything_there_is(client: TestClient, state: State) -> None:
    assert [row["id"] for row in walk(client, _LIST, 10)] == [audience["id"] for audience in state.listed()]
    assert walk(client, _VIP, 100) == state.members_of("aud_01HXYZ123456789")


def test_a_list_of_audiences_without_first_is_whole(client: TestClient, state: State) -> None:
    assert len(client.get(_LIST).json()["data"]) == len(state.listed()) > 20


@pytest.mark.parametrize("path", _LISTS[1:])
def test_lists_of_consumers_have_twenty_rows_unless_told(client: TestClient, path: str) -> None:
    assert len(client.get(path).json()["data"]) == 20


@pytest.mark.parametrize("path", _LISTS)
def test_a_page_tells_its_two_cursors_and_nothing_more(client: TestClient, path: str) -> None:
    page = client.get(path, params={"first": "3"}).json()

    ids = [row["id"] for row in page["data"]]
    assert set(page) == {"data", "pageInfo"}
    assert page["pageInfo"] == {"startCursor": cursor({"id": ids[0]}), "endCursor": cursor({"id": ids[2]})}


def test_the_last_page_has_an_end_cursor_and_the_page_after_it_is_empty(client: TestClient, state: State) -> None:
    everything = client.get(_LIST).json()
    beyond = client.get(_LIST, params={"after": everything["pageInfo"]["endCursor"]}).json()

    assert everything["pageInfo"]["endCursor"] == cursor({"id": state.listed()[-1]["id"]})
    assert beyond == {"data": [], "pageInfo": {"startCursor": None, "endCursor": None}}


@pytest.mark.parametrize("path", _LISTS)
@pytest.mark.parametrize("name", ["first", "last"])
@pytest.mark.parametrize("value", ["0", "-1", "101", "ten", "", "2.5"])
def test_a_size_out_of_bounds_is_refused(client: TestClient, path: str, name: str, value: str) -> None:
    reply = client.get(path, params={name: value})

    details = [{"field": name, "message": "Must be a whole number from 1 to 100"}]
    assert reply.status_code == 400
    assert reply.json() == {"error": "Validation failed", "details": details}


@pytest.mark.parametrize("path", _LISTS)
@pytest.mark.parametrize("name", ["after", "before"])
@pytest.mark.parametrize("value", ["", "%%%", "bm90IGpzb24=", cursor([1]), cursor({"id": 7}), cursor({"id": "gone"})])
def test_an_unreadable_cursor_is_refused(client: TestClient, path: str, name: str, value: str) -> None:
    reply = client.get(path, params={name: value})

    assert reply.status_code == 400
    details = [{"field": name, "message": "Cursor is not valid"}]
    assert reply.json() == {"error": "Validation failed", "details": details}


def test_every_bad_parameter_is_named(client: TestClient) -> None:
    query = {"first": "0", "last": "5", "sortBy": "shoeSize", "sortDir": "up"}

    details = client.get(_LIST, params=query).json()["details"]

    assert [detail["field"] for detail in details] == ["first", "last", "sortBy", "sortDir"]


@pytest.mark.parametrize("path", _LISTS)
def test_walking_backward_gives_the_same_rows(own_state: State, path: str) -> None:
    client = client_of(own_state)
    forward = walk(client, path, 100)
    backward: list[dict[str, Any]] = []
    query = {"last": "40"}
    while page := client.get(path, params=query).json()["data"]:
        backward = page + backward
        query["before"] = cursor({"id": page[0]["id"]})

    assert backward == forward


@pytest.mark.parametrize(
    ("path", "field"), [(_LIST, "name"), (_LIST, "updatedAt"), (_VIP, "totalOrders"), (_VIP, "totalOrderValue")]
)
def test_lists_can_be_sorted_either_way(client: TestClient, path: str, field: str) -> None:
    def value(row: dict[str, Any]) -> Any:
        return row[field]

    up = walk(client, path, 100, sortBy=field, sortDir="asc")
    down = walk(client, path, 100, sortBy=field)

    assert [value(row) for row in up] == sorted(map(value, up))
    assert [value(row) for row in down] == sorted(map(value, up), reverse=True)
    assert {row["id"] for row in up} == {row["id"] for row in walk(client, path, 100)}


def test_a_cursor_keeps_its_place_when_its_row_leaves_the_list(own_state: State) -> None:
    client = client_of(own_state)
    everybody = client.get(_VIP, params={"first": "100"}).json()["data"]
    own_state.memberships["aud_01HXYZ123456789"].discard(everybody[4]["id"])

    after = cursor({"id": everybody[4]["id"]})
    rest = client.get(_VIP, params={"first": "100", "after": after}).json()["data"]

    assert rest[:90] == everybody[5:95]


def test_members_have_the_documented_shape(client: TestClient) -> None:
    found = client.get(_VIP, params={"search": "ana@example.com"}).json()

    assert found["data"] == [
        {
            "id": "cons_01J0000000000000000000001",
            "email": "ana@example.com",
            "phone": "+14155550101",
            "fullName": "Ana Ruiz",
            "externalId": "CRM-77",
            "metadata": {"city": "Lima"},
            "totalOrders": 6,
            "totalOrderValue": 412.5,
            "lastOrderAt": "2026-02-11T09:30:00Z",
            "createdAt": "2025-06-01T08:00:00Z",
            "updatedAt": "2026-02-11T09:30:00Z",
        }
    ]


@pytest.mark.parametrize(
    ("search", "field"),
    [("@SHOP.example", "email"), ("+1201", "phone"), (" OKAFOR", "fullName"), ("ROSA ", "fullName")],
)
@pytest.mark.parametrize("path", _LISTS[1:])
def test_search_finds_mail_phone_and_name_without_case(client: TestClient, path: str, search: str, field: str) -> None:
    expected = [row for row in walk(client, path, 100) if search.lower() in (row[field] or "").lower()]

    assert expected
    assert walk(client, path, 100, search=search) == expected


def test_search_for_nobody_is_an_empty_page(client: TestClient) -> None:
    empty = {"data": [], "pageInfo": {"startCursor": None, "endCursor": None}}

    assert client.get(_VIP, params={"search": "nobody at all"}).json() == empty


def test_members_can_tell_all_live_audiences_they_are_in(client: TestClient, state: State) -> None:
    rows = client.get(_VIP, params={"include": "audiences", "first": "5"}).json()["data"]

    for row in rows:
        expected = [
            {"id": audience["id"], "name": audience["name"]}
            for audience in state.listed()
            if row["id"] in state.memberships[audience["id"]]
        ]
        assert row["audiences"] == expected
        assert {"id": "aud_01HXYZ123456789", "name": "VIP Customers"} in row["audiences"]


def test_a_group_is_a_bare_array_of_audiences_with_rules_and_imports(client: TestClient) -> None:
    group = client.get(_LADDER).json()

    assert [tier["name"] for tier in group] == ["Bronze", "Silver", "Gold"]
    for tier in group:
        assert (tier["groupName"], tier["groupType"]) == ("Order ladder", "SEGMENTED_VALUE")
        assert tier["imports"] == []
        assert "primarySyncSource" not in tier
    assert group[1]["metadata"] == {"attribute": "totalOrders", "order": 2, "startValue": 5, "endValue": 15}
    assert [(rule["field"], rule["operator"], rule["values"]) for rule in group[1]["rules"]] == [
        ("totalOrders", "GREATER_THAN_OR_EQUAL", [5]),
        ("totalOrders", "LESS_THAN", [15]),
    ]
    assert len({rule["groupId"] for rule in group[1]["rules"]}) == 1


def test_there_are_three_ladders_and_an_rfm_group(state: State) -> None:
    kinds = sorted(str(group[0]["groupType"]) for group in state.groups.values())

    assert kinds == ["RFM", "SEGMENTED_VALUE", "SEGMENTED_VALUE", "SEGMENTED_VALUE"]


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("totalOrders", lambda found: found["totalOrders"]),
        ("ltv", lambda found: found["totalOrderValue"]),
        ("loyaltyBalance", lambda found: (found["metadata"] or {}).get("loyaltyBalance", 0)),
    ],
)
def test_a_tier_holds_exactly_the_consumers_in_its_range(
    state: State, attribute: str, value: Callable[[Any], float]
) -> None:
    tiers = [found for found in state.listed() if (found["metadata"] or {}).get("attribute") == attribute]

    assert len(tiers) >= 3
    for tier in tiers:
        bounds = tier["metadata"] or {}
        end = float("inf") if bounds["endValue"] is None else bounds["endValue"]
        expected = {row["id"] for row in state.consumers.values() if bounds["startValue"] <= value(row) < end}
        assert state.memberships[tier["id"]] == expected


def test_group_members_tell_which_of_the_groups_audiences_they_are_in(client: TestClient, state: State) -> None:
    group = client.get(_LADDER).json()

    rows = client.get(f"{_LADDER}/members", params={"first": "100"}).json()["data"]

    for row in rows:
        assert row["audienceIds"] == [tier["id"] for tier in group if row["id"] in state.memberships[tier["id"]]]


def test_a_consumer_in_two_audiences_of_a_group_is_listed_once(own_state: State) -> None:
    client = client_of(own_state)
    bronze, silver, _ = (tier["id"] for tier in own_state.groups["grp_01J0000000000000000000001"])
    twice = min(own_state.memberships[bronze])
    own_state.memberships[silver].add(twice)

    found = [row for row in walk(client, f"{_LADDER}/members", 100) if row["id"] == twice]

    assert [row["audienceIds"] for row in found] == [[bronze, silver]]


def test_group_members_can_be_cut_to_one_audience(client: TestClient, state: State) -> None:
    gold = state.groups["grp_01J0000000000000000000001"][2]["id"]

    rows = walk(client, f"{_LADDER}/members", 100, audienceId=gold)

    assert [row["id"] for row in rows] == [member["id"] for member in state.members_of(gold)]


def test_an_audience_outside_the_group_is_refused(client: TestClient) -> None:
    reply = client.get(f"{_LADDER}/members", params={"audienceId": "aud_01HXYZ123456789"})

    assert reply.status_code == 400
    details = [{"field": "audienceId", "message": "Audience is not in this group"}]
    assert reply.json() == {"error": "Validation failed", "details": details}


@pytest.mark.parametrize("operation", ["", "/members"])
def test_an_unknown_or_emptied_group_gets_404(own_state: State, operation: str) -> None:
    client = client_of(own_state)
    for tier in own_state.groups["grp_01J0000000000000000000001"]:
        tier["archived"] = True

    for path in (_LADDER, f"{_LIST}/groups/grp_missing"):
        reply = client.get(f"{path}{operation}")
        assert reply.status_code == 404
        assert reply.json() == {"error": "Group not found"}
