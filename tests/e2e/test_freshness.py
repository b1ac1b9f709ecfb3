"""How far the index is trusted, over HTTP: what it costs, what it shows of absent vendors, what it never believes."""

import asyncio
import json
import math
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from audience_gateway.cli.demo import fill
from audience_gateway.cli.sandbox import KEYS, key_variable
from audience_gateway.cli.servers import running
from audience_gateway.sandbox.app import Sandbox, create_sandbox
from tests.databases import database_url
from tests.e2e.gateways import VENDORS, Gateway, gateway_over, tables_for, whole_gateway
from tests.e2e.test_commands import started

__all__ = ["database_url"]

LIST = """
query ($keys: [String!], $age: Int) {
  audiences(first: 100, maxAgeSeconds: $age, filter: {providerKeys: $keys}) {
    complete
    totalCount
    nodes { nativeId fetchedAt provider { key } }
    sources { provider { key } state asOf problem { code message retryable retryAfterMs } }
  }
}
"""
EVERYTHING = {"keys": None}


def lists_of(sandbox: Sandbox) -> dict[str, int]:
    """How many calls it takes to read all lists once, by vendor and status."""
    statuses = Counter(audience["status"] for audience in sandbox.trackly.audiences.values())
    return {
        "trackly active": math.ceil(statuses["active"] / 100),
        "trackly archived": math.ceil(statuses["archived"] / 100),
        "commbox": 1,
        "oliai": math.ceil(len(sandbox.oliai.audiences) / 100),
        "fanfare": math.ceil(len(sandbox.fanfare.listed()) / 100),
    }


class Watched:
    """The sandbox, counting the lists that are read of each vendor."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.lists: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].lower().endswith("/audiences"):
            vendor = scope["path"].split("/")[1]
            status = Request(scope).query_params.get("status")
            self.lists[f"{vendor} {status}" if vendor == "trackly" else vendor] += 1
        await self._app(scope, receive, send)


def report(answer: dict[str, Any], vendor: str) -> dict[str, Any]:
    """What the answer says of one vendor's contribution."""
    (found,) = [source for source in answer["sources"] if source["provider"]["key"] == vendor]
    assert isinstance(found, dict)
    return found


def of(answer: dict[str, Any], vendor: str) -> set[str]:
    """The audiences of one vendor that the answer lists."""
    return {node["nativeId"] for node in answer["nodes"] if node["provider"]["key"] == vendor}


def ask(gateway: Gateway, *, keys: list[str] | None = None, age: int | None = None) -> dict[str, Any]:
    found = gateway.data(LIST, {"keys": keys, "age": age})["audiences"]
    assert isinstance(found, dict)
    return found


def test_a_list_costs_no_call_while_the_index_is_fresh(cold_gateway: Gateway) -> None:
    requests = cold_gateway.transport.requests
    ask(cold_gateway)
    assert len(requests) == sum(lists_of(cold_gateway.sandbox).values())
    requests.clear()

    again = ask(cold_gateway)
    ask(cold_gateway, keys=["oliai"], age=3_600)
    single = cold_gateway.data(
        "query ($id: ID!) { node(id: $id) { id } audiences(first: 1) { nodes { name } pageInfo { hasNextPage } } }",
        {"id": cold_gateway.data("{ audiences(first: 1) { nodes { id } } }")["audiences"]["nodes"][0]["id"]},
    )

    assert requests == []
    assert single["node"]
    assert {source["state"] for source in again["sources"]} == {"FRESH"}
    assert again["complete"] is True


def test_fifty_cold_queries_at_once_read_each_provider_once(cold_gateway: Gateway) -> None:
    async def storm() -> list[dict[str, Any]]:
        body = {"query": LIST, "variables": EVERYTHING}
        async with httpx2.AsyncClient(timeout=30) as client:
            answers = await asyncio.gather(
                *(client.post(f"{cold_gateway.address}/graphql", json=body) for _ in range(50))
            )
        return [answer.json()["data"]["audiences"] for answer in answers]

    answers = asyncio.run(storm())

    assert all(answer["complete"] and answer["totalCount"] == answers[0]["totalCount"] for answer in answers)
    assert set(cold_gateway.transport.counts().values()) == {1}
    assert len(cold_gateway.transport.requests) == sum(lists_of(cold_gateway.sandbox).values())


def test_two_processes_over_one_store_read_each_provider_once(database_url: str, tmp_path: Path) -> None:
    sandbox = create_sandbox(limits=False)
    watched = Watched(sandbox.app)
    asyncio.run(fill(database_url))
    with running(watched) as vendors, ExitStack() as stack:
        config = tmp_path / "gateway.toml"
        patient = {"attempt_seconds": 60, "deadline_seconds": 60}
        tables = [{"key": key, **table, **patient} for key, table in tables_for(vendors).items()]
        config.write_text(
            f'[gateway]\ndatabase_url = "{database_url}"\nfreshness_seconds = 3600\nsizes_ahead = false\n'
            "deadline_seconds = 60\n"
            + "".join(
                f"[providers.{table.pop('key')}]\n"
                + "".join(f"{name} = {json.dumps(value)}\n" for name, value in table.items())
                for table in tables
            )
        )
        environ = {key_variable(vendor): key for vendor, key in KEYS.items()}
        addresses = [
            stack.enter_context(started("serve", "--config", str(config), "--port", "0", environ=environ))[0]
            for _ in range(2)
        ]

        async def storm() -> list[dict[str, Any]]:
            body = {"query": LIST, "variables": EVERYTHING}
            async with httpx2.AsyncClient(timeout=30) as client:
                answers = await asyncio.gather(
                    *(client.post(f"{address}/graphql", json=body) for _ in range(25) for address in addresses)
                )
            return [answer.json()["data"]["audiences"] for answer in answers]

        answers = asyncio.run(storm())

    assert all(answer["complete"] for answer in answers)
    assert watched.lists == lists_of(sandbox)


@contextmanager
def _apart(folder: Path) -> Iterator[tuple[Gateway, dict[str, "Vendor"]]]:
    """A gateway over four vendors, each on a port of its own that can be closed and opened again."""
    sandbox = create_sandbox(limits=False)
    with ExitStack() as stack:
        vendors = {vendor: stack.enter_context(_vendor(sandbox.app)) for vendor in VENDORS}
        tables = {key: tables_for(vendor.address)[key] for key, vendor in vendors.items()}
        yield stack.enter_context(gateway_over(sandbox, tables, f"sqlite:///{folder / 'store.db'}")), vendors


class Vendor:
    """A vendor on a port that nobody else takes."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._port = port
        self._running = ExitStack()
        self.address = f"http://127.0.0.1:{port}"
        self.start()

    def start(self) -> None:
        """Answer from now on."""
        self._running.enter_context(running(self._app, port=self._port))

    def stop(self) -> None:
        """Refuse connections from now on."""
        self._running.close()


@contextmanager
def _vendor(app: ASGIApp) -> Iterator[Vendor]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    vendor = Vendor(app, port)
    try:
        yield vendor
    finally:
        vendor.stop()


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_stopped_after_a_good_read_keeps_its_rows_with_their_time_and_is_fresh_once_healed(
    vendor: str, tmp_path: Path
) -> None:
    with _apart(tmp_path) as (gateway, vendors):
        good = ask(gateway, keys=[vendor])
        vendors[vendor].stop()

        unasked = ask(gateway, keys=[vendor])
        away = ask(gateway, keys=[vendor, "local"], age=0)
        healthy = ask(gateway, keys=[key for key in VENDORS if key != vendor])
        vendors[vendor].start()
        healed = ask(gateway, keys=[vendor], age=0)

    assert report(unasked, vendor)["state"] == "FRESH"
    assert of(away, vendor) <= of(good, vendor)
    assert away["nodes"]
    assert away["complete"] is True
    told = report(away, vendor)
    assert (told["state"], told["asOf"]) == ("STALE", report(good, vendor)["asOf"])
    assert (told["problem"]["code"], told["problem"]["retryable"]) == ("UPSTREAM_UNAVAILABLE", True)
    assert {report(healthy, key)["state"] for key in VENDORS if key != vendor} == {"FRESH"}
    assert (report(healed, vendor)["state"], report(healed, vendor)["problem"]) == ("FRESH", None)
    assert report(healed, vendor)["asOf"] > told["asOf"]
    assert of(healed, vendor) == of(good, vendor)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_stopped_before_it_was_ever_read_is_unavailable_and_fresh_once_healed(
    vendor: str, tmp_path: Path
) -> None:
    with _apart(tmp_path) as (gateway, vendors):
        vendors[vendor].stop()
        away = ask(gateway)
        again = ask(gateway)
        vendors[vendor].start()
        healed = ask(gateway, age=0)

    assert (away["complete"], away["totalCount"], of(away, vendor)) == (False, None, set())
    told = report(away, vendor)
    assert (told["state"], told["asOf"], told["problem"]["code"]) == ("UNAVAILABLE", None, "UPSTREAM_UNAVAILABLE")
    assert {report(away, key)["state"] for key in VENDORS if key != vendor} == {"FRESH"}
    assert report(again, vendor)["state"] == "UNAVAILABLE"
    assert 0 < report(again, vendor)["problem"]["retryAfterMs"] <= 1_000, "it is left alone for a moment"
    assert (healed["complete"], report(healed, vendor)["state"]) == (True, "FRESH")


def _purge(sandbox: Sandbox, vendor: str) -> int:
    """Let the vendor forget six of ten audiences that it lists; says how many are left."""
    state: dict[str, Any] = sandbox.oliai.records if vendor == "oliai" else getattr(sandbox, vendor).audiences
    if vendor == "trackly":
        listed = [key for key, audience in state.items() if audience["status"] == "active"]
    elif vendor == "fanfare":
        listed = [audience["id"] for audience in sandbox.fanfare.listed()]
    else:
        listed = list(state)
    gone = listed[: len(listed) * 6 // 10]
    for key in gone:
        del state[key]
    return len(listed) - len(gone)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_purge_of_most_audiences_shows_after_the_second_reading_that_agrees(vendor: str, tmp_path: Path) -> None:
    count = """
    query ($keys: [String!], $age: Int) {
      audiences(first: 1, maxAgeSeconds: $age, filter: {providerKeys: $keys}) {
        totalCount
        sources { provider { key } state problem { code message } }
      }
    }
    """
    with whole_gateway(tmp_path) as gateway:

        def counted(age: int | None = None) -> tuple[int, dict[str, Any]]:
            found = gateway.data(count, {"keys": [vendor], "age": age})["audiences"]
            return found["totalCount"], report(found, vendor)

        before, _ = counted()
        left = _purge(gateway.sandbox, vendor)
        doubted, told = counted(age=0)
        believed, fresh = counted(age=0)

    assert doubted == before
    assert (told["state"], told["problem"]["code"]) == ("STALE", "UPSTREAM_BAD_RESPONSE")
    assert f"leaves out {before - left} of" in told["problem"]["message"]
    assert believed == left
    assert (fresh["state"], fresh["problem"]) == ("FRESH", None)


@pytest.mark.parametrize("vendor", ["trackly", "oliai", "fanfare"])
def test_a_truncated_list_is_never_taken_for_deletions_however_often_it_is_read(vendor: str, tmp_path: Path) -> None:
    sandbox = create_sandbox(limits=False)
    truncated = False

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        cut = truncated and scope["type"] == "http" and scope["path"].endswith("/audiences")
        await (_cutting(sandbox.app) if cut else sandbox.app)(scope, receive, send)

    with (
        running(app) as vendors,
        gateway_over(sandbox, tables_for(vendors), f"sqlite:///{tmp_path / 'store.db'}") as gateway,
    ):
        good = ask(gateway, keys=[vendor])
        truncated = True
        shown = [of(ask(gateway, keys=[vendor], age=0), vendor) for _ in range(4)]
        truncated = False
        healed = ask(gateway, keys=[vendor], age=0)

    assert shown == [of(good, vendor)] * 4
    assert of(healed, vendor) == of(good, vendor)
    assert (report(healed, vendor)["state"], report(healed, vendor)["problem"]) == ("FRESH", None)


def _cutting(app: ASGIApp) -> ASGIApp:
    """The vendor, sending a third of each list of audiences and nothing to say so."""

    async def cut(scope: Scope, receive: Receive, send: Send) -> None:
        started: list[dict[str, Any]] = []
        body = b""

        async def take(message: Any) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                started.append(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            document = json.loads(body)
            key = "audiences" if "audiences" in document else "data"
            document[key] = document[key][: len(document[key]) // 3]
            short = json.dumps(document).encode()
            headers = [(name, value) for name, value in started[0]["headers"] if name != b"content-length"]
            await send({**started[0], "headers": [*headers, (b"content-length", str(len(short)).encode())]})
            await send({"type": "http.response.body", "body": short})

        await app(scope, receive, take)

    return cut


def test_sizes_that_lists_do_not_tell_are_filled_in_the_background(tmp_path: Path) -> None:
    query = """
    {
      audiences(first: 100, filter: {providerKeys: ["fanfare"], size: {min: 0}}) { complete nodes { nativeId } }
    }
    """
    with whole_gateway(tmp_path, sizes_ahead=True) as gateway:
        first = gateway.data(query)["audiences"]
        complete = any(gateway.data(query)["audiences"]["complete"] for _ in range(5_000))
        nodes = gateway.data(query)["audiences"]["nodes"]
        listed = {audience["id"] for audience in gateway.sandbox.fanfare.listed()}

    assert (first["complete"], first["nodes"]) == (False, [])
    assert complete
    assert {node["nativeId"] for node in nodes} == listed
