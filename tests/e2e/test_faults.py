"""Each vendor in turn stopped, out of order, answering HTML, or hanging: the other four are complete."""

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from audience_gateway.cli.servers import running
from audience_gateway.sandbox.app import Sandbox, create_sandbox
from tests.e2e.gateways import VENDORS, Gateway, gateway_over, tables_for

QUERY = """
{
  audiences(first: 100) {
    complete
    totalCount
    nodes { provider { key } }
    sources { provider { key } state asOf problem { code retryable retryAfterMs upstreamStatus } }
  }
}
"""
HEALTH = "{ providers { key health { state problem { code } } } }"


async def _out_of_order(_: Request) -> Response:
    return JSONResponse({"error": "boom"}, status_code=500)


async def _html(_: Request) -> Response:
    return HTMLResponse("<html><body>Sign in to the hotel network</body></html>")


async def _hang(request: Request) -> Response:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response()


def _app(endpoint: object) -> Starlette:
    return Starlette(routes=[Route("/{path:path}", endpoint)])  # type: ignore[arg-type]  # any of the above


@contextmanager
def _stopped() -> Iterator[str]:
    """An address that refuses connections, for as long as nobody else takes the port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


FAULTS = {
    "stopped": (_stopped, "UPSTREAM_UNAVAILABLE", True),
    "out of order": (lambda: running(_app(_out_of_order)), "UPSTREAM_UNAVAILABLE", True),
    "HTML": (lambda: running(_app(_html)), "UPSTREAM_BAD_RESPONSE", False),
    "hanging": (lambda: running(_app(_hang)), "UPSTREAM_TIMEOUT", True),
}


@pytest.fixture(scope="module", params=FAULTS)
def fault(request: pytest.FixtureRequest) -> Iterator[tuple[str, str, bool]]:
    """The address of a broken vendor, and the code and retryability that callers must see."""
    start, code, retryable = FAULTS[request.param]
    with start() as address:
        yield address, code, retryable


@contextmanager
def _gateway(sandbox: Sandbox, vendors: ASGIApp, folder: Path, **settings: object) -> Iterator[Gateway]:
    """A gateway whose four vendors are answered by the application ``vendors``."""
    with (
        running(vendors) as address,
        gateway_over(sandbox, tables_for(address), f"sqlite:///{folder / 'store.db'}", **settings) as gateway,
    ):
        yield gateway


@pytest.mark.parametrize("vendor", VENDORS)
def test_one_broken_vendor_costs_its_own_part_and_nothing_else(
    fault: tuple[str, str, bool], vendor: str, tmp_path: Path
) -> None:
    address, code, retryable = fault
    sandbox = create_sandbox(limits=False)
    with running(sandbox.app) as vendors:
        tables = tables_for(vendors)
        tables[vendor] |= {"base_url": address, "attempt_seconds": 0.3, "deadline_seconds": 2}
        with gateway_over(sandbox, tables, f"sqlite:///{tmp_path / 'store.db'}") as gateway:
            audiences = gateway.data(QUERY)["audiences"]
            providers = gateway.data(HEALTH)["providers"]

    reports = {report["provider"]["key"]: report for report in audiences["sources"]}
    assert audiences["complete"] is False
    assert audiences["totalCount"] is None
    assert {node["provider"]["key"] for node in audiences["nodes"]} == {"local", *VENDORS} - {vendor}
    assert reports[vendor]["state"] == "UNAVAILABLE"
    assert reports[vendor]["asOf"] is None
    assert reports[vendor]["problem"]["code"] == code
    assert reports[vendor]["problem"]["retryable"] is retryable
    healthy = [report for key, report in reports.items() if key != vendor]
    assert {(report["state"], report["problem"]) for report in healthy} == {("FRESH", None)}
    health = {provider["key"]: provider["health"] for provider in providers}
    assert health[vendor]["state"] == "DOWN"
    assert health[vendor]["problem"]["code"] == code


def test_a_vendor_that_comes_back_is_complete_again_without_a_restart(tmp_path: Path) -> None:
    sandbox = create_sandbox(limits=False)
    broken = True
    app = sandbox.app

    async def flaky(scope: Scope, receive: Receive, send: Send) -> None:
        await (_app(_out_of_order) if broken and scope["type"] == "http" else app)(scope, receive, send)

    with _gateway(sandbox, flaky, tmp_path) as gateway:
        before = gateway.data(QUERY)["audiences"]
        broken = False
        after = gateway.data(QUERY.replace("first: 100", "first: 100, maxAgeSeconds: 0"))["audiences"]
        providers = gateway.data(HEALTH)["providers"]

    assert before["complete"] is False
    assert after["complete"] is True
    assert {provider["health"]["state"] for provider in providers} == {"UP"}


def test_a_members_page_that_fails_is_null_at_its_own_path(tmp_path: Path) -> None:
    sandbox = create_sandbox(limits=False)

    async def no_members(scope: Scope, receive: Receive, send: Send) -> None:
        failing = scope["type"] == "http" and scope["path"].endswith("/contacts")
        await (_app(_out_of_order) if failing else sandbox.app)(scope, receive, send)

    query = """
    {
      oliai: audiences(first: 2, filter: {providerKeys: ["oliai"]}) { nodes { ...Page } }
      fanfare: audiences(first: 2, filter: {providerKeys: ["fanfare"]}) { nodes { ...Page } }
    }
    fragment Page on Audience { name members(first: 5) { nodes { id } } }
    """
    with _gateway(sandbox, no_members, tmp_path) as gateway:
        answer = gateway.ask(query)

    assert [node["members"] for node in answer["data"]["oliai"]["nodes"]] == [None, None]
    assert all(node["members"] is not None for node in answer["data"]["fanfare"]["nodes"])
    assert [error["path"] for error in answer["errors"]] == [["oliai", "nodes", place, "members"] for place in (0, 1)]
    assert [error["extensions"] for error in answer["errors"]] == [
        {"code": "UPSTREAM_UNAVAILABLE", "provider": "oliai", "retryable": True, "upstreamStatus": 500}
    ] * 2


def test_details_that_fail_are_null_at_their_own_paths_and_cost_nothing_else(tmp_path: Path) -> None:
    sandbox = create_sandbox(limits=False)

    async def no_details(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        failing = path.endswith(("/lists", "/status")) or "/groups/" in path
        await (_app(_out_of_order) if failing else sandbox.app)(scope, receive, send)

    query = """
    {
      trackly: audiences(first: 100, filter: {providerKeys: ["trackly"]}) { nodes { sourceLists { nativeId name } } }
      fanfare: audiences(first: 2, filter: {providerKeys: ["fanfare"]}) { nodes { name materialization { state } } }
      audienceGroups(first: 1) { nodes { name tiers { name } members(first: 1) { nodes { id } } } }
    }
    """
    with _gateway(sandbox, no_details, tmp_path) as gateway:
        answer = gateway.ask(query)

    lists = [found for node in answer["data"]["trackly"]["nodes"] for found in node["sourceLists"]]
    assert all(found["nativeId"] and found["name"] is None for found in lists)
    assert [bool(node["name"]) for node in answer["data"]["fanfare"]["nodes"]] == [True, True]
    assert [node["materialization"] for node in answer["data"]["fanfare"]["nodes"]] == [None, None]
    assert answer["data"]["audienceGroups"]["nodes"] == [{"name": "Order ladder", "tiers": None, "members": None}]
    ends = Counter((error["path"][0], error["path"][-1], error["extensions"]["code"]) for error in answer["errors"])
    assert ends == {
        ("trackly", "name", "UPSTREAM_UNAVAILABLE"): len(lists),
        ("fanfare", "materialization", "UPSTREAM_UNAVAILABLE"): 2,
        ("audienceGroups", "tiers", "UPSTREAM_UNAVAILABLE"): 1,
        ("audienceGroups", "members", "UPSTREAM_UNAVAILABLE"): 1,
    }


def test_the_sandboxs_own_limit_is_told_with_the_time_to_wait(tmp_path: Path) -> None:
    sandbox = create_sandbox(limits=True)
    query = """
    { audiences(first: 100, filter: {providerKeys: ["oliai"]}) { nodes { members(first: 1) { totalCount } } } }
    """
    with _gateway(sandbox, sandbox.app, tmp_path) as gateway:
        answer = gateway.ask(query)

    errors = answer["errors"]
    served = [node for node in answer["data"]["audiences"]["nodes"] if node["members"] is not None]
    assert len(served) == 60 - 1, "one of the sixty calls was the list"
    assert {error["extensions"]["code"] for error in errors} == {"UPSTREAM_RATE_LIMITED"}
    assert all(0 < error["extensions"]["retryAfterMs"] <= 60_000 for error in errors)


def test_the_deadline_of_the_request_holds_when_everything_hangs(tmp_path: Path) -> None:
    """With a budget of one second for the whole request, vendors that hang longer are cut off at one second."""
    sandbox = create_sandbox(limits=False)
    with _gateway(sandbox, _app(_hang), tmp_path, deadline_seconds=1.0) as gateway:
        audiences = gateway.data(QUERY)["audiences"]

    problems = {
        report["provider"]["key"]: report["problem"] and report["problem"]["code"] for report in audiences["sources"]
    }
    assert problems == {"local": None} | dict.fromkeys(VENDORS, "DEADLINE_EXCEEDED")
