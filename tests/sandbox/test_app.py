"""The four vendors together on one host."""

import time
from collections.abc import Iterator
from itertools import combinations

import pytest
from starlette.testclient import TestClient

from audience_gateway.sandbox.app import Sandbox, create_sandbox
from audience_gateway.sandbox.clock import ManualClock
from audience_gateway.sandbox.commbox.keys import API_KEY as COMMBOX_KEY
from audience_gateway.sandbox.fanfare.keys import API_KEY as FANFARE_KEY
from audience_gateway.sandbox.oliai.keys import API_KEY as OLIAI_KEY
from audience_gateway.sandbox.people import EPOCH
from audience_gateway.sandbox.trackly.keys import API_KEY as TRACKLY_KEY

VENDORS = (
    ("/trackly/api/v2/audiences", {"X-Api-Key": TRACKLY_KEY}),
    ("/commbox/audiences", {"Authorization": f"Bearer {COMMBOX_KEY}"}),
    ("/oliai/v1/audiences", {"x-api-key": OLIAI_KEY}),
    ("/fanfare/api/v1/audiences", {"Authorization": f"Bearer {FANFARE_KEY}"}),
)
LIMITED = (("/commbox/audiences", COMMBOX_KEY), ("/oliai/v1/audiences", OLIAI_KEY))


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return create_sandbox(ManualClock(EPOCH))


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[TestClient]:
    with TestClient(sandbox.app) as client:
        yield client


@pytest.mark.parametrize(("path", "headers"), VENDORS)
def test_each_vendor_answers_below_its_mount(client: TestClient, path: str, headers: dict[str, str]) -> None:
    assert client.get(path, headers=headers).status_code == 200


@pytest.mark.parametrize(("path", "_headers"), VENDORS)
def test_each_vendor_refuses_requests_without_its_key(client: TestClient, path: str, _headers: dict[str, str]) -> None:
    assert client.get(path).status_code == 401


@pytest.mark.parametrize(("path", "headers"), VENDORS)
def test_an_unknown_path_is_answered_by_the_vendor_in_json(
    client: TestClient, path: str, headers: dict[str, str]
) -> None:
    response = client.get(path.removesuffix("audiences") + "nowhere", headers=headers)

    assert response.status_code == 404
    assert isinstance(response.json(), dict)


def test_vendors_share_people_by_phone(sandbox: Sandbox) -> None:
    phones = {
        "trackly": {phone.removeprefix("+") for phone in sandbox.trackly.contacts},
        "commbox": {phone for key in sandbox.commbox.audiences for phone in sandbox.commbox.members_of(key)},
        "oliai": {
            member["phoneNumber"].removeprefix("+")
            for key in sandbox.oliai.audiences
            for member in sandbox.oliai.members_of(key)
        },
        "fanfare": {
            (member["phone"] or "").removeprefix("+")
            for key in sandbox.fanfare.audiences
            for member in sandbox.fanfare.members_of(key)
        },
    }

    for one, other in combinations(phones, 2):
        assert len(phones[one] & phones[other]) > 100, (one, other)


def test_two_sandboxes_with_equal_clocks_answer_alike_and_share_nothing() -> None:
    first, second = (create_sandbox(ManualClock(EPOCH)) for _ in range(2))
    with TestClient(first.app) as client:
        before = [client.get(path, headers=headers).content for path, headers in VENDORS]
    first.trackly.audiences.clear()
    first.commbox.audiences.clear()
    with TestClient(second.app) as client:
        after = [client.get(path, headers=headers).content for path, headers in VENDORS]

    assert after == before


@pytest.mark.parametrize(("limits", "expected"), [(True, {200, 429}), (False, {200})])
def test_request_limits_can_be_switched_off(limits: bool, expected: set[int]) -> None:
    sandbox = create_sandbox(ManualClock(EPOCH), limits=limits)
    with TestClient(sandbox.app) as client:
        for path, key in LIMITED:
            headers = {"Authorization": f"Bearer {key}", "x-api-key": key}
            assert {client.get(path, headers=headers).status_code for _ in range(61)} == expected


def test_the_default_clock_starts_at_the_epoch_and_runs() -> None:
    with TestClient(create_sandbox().app) as client:
        path, headers = VENDORS[1]
        answered = client.get(path, headers=headers).json()["response_time"]

    assert answered.startswith("2026-03-02T12:00:")


def test_all_vendors_are_filled_within_the_budget_of_a_start() -> None:
    started = time.process_time()

    create_sandbox()

    assert time.process_time() - started < 1.5
