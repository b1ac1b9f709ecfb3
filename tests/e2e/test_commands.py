"""The command line, as typed."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from audience_gateway.cli.sandbox import KEYS, key_variable
from audience_gateway.cli.servers import running
from audience_gateway.sandbox.app import create_sandbox
from tests.e2e.gateways import VENDORS, tables_for

SCHEMA = Path(__file__).parents[2] / "schema.graphql"
_ADDRESS = re.compile(r"http://127\.0\.0\.\d:\d+")
STOPPED_WHILE_STARTING = """
import os, signal, sys
from audience_gateway import cli
from audience_gateway.cli import demo
demo.assemble = lambda _: os.kill(os.getpid(), signal.SIGTERM)
sys.argv = ["audience-gateway", "demo", "--port", "0"]
cli.main()
"""


def run(*arguments: str, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """One finished command."""
    command = [sys.executable, "-m", "audience_gateway", *arguments]
    environment = {**os.environ, "COLUMNS": "200", **(environ or {})}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def started(*arguments: str, environ: Mapping[str, str] | None = None) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A command that keeps running, with the first address it prints."""
    command = [sys.executable, "-u", "-m", "audience_gateway", *arguments]
    pipe, environment = subprocess.PIPE, {**os.environ, **(environ or {})}
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            found = next(match for line in process.stdout if (match := _ADDRESS.search(line)))
            yield found[0], process
        finally:
            process.kill()


def test_schema_prints_what_the_file_holds() -> None:
    assert run("schema").stdout == SCHEMA.read_text()


def test_demo_answers_a_query_over_all_providers_and_leaves_in_order() -> None:
    query = "{ providers { key } audiences(first: 100) { complete sources { state } } }"
    with started("demo", "--port", "0") as (address, process):
        data = httpx2.post(f"{address}/graphql", json={"query": query}, timeout=30).json()["data"]
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=20)

    assert [provider["key"] for provider in data["providers"]] == ["local", *VENDORS]
    assert data["audiences"] == {"complete": True, "sources": [{"state": "FRESH"}] * 5}
    assert code == 0


def test_an_interrupted_command_ends_with_130_and_no_traceback() -> None:
    with started("sandbox", "--port", "0") as (_, process):
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)

    assert process.returncode == 130
    assert "Traceback" not in errors


def test_sandbox_serves_the_vendors_with_the_keys_it_prints() -> None:
    with started("sandbox", "--port", "0", "--no-limits") as (address, _):
        headers = {"authorization": f"Bearer {KEYS['commbox']}"}
        audiences = httpx2.get(f"{address}/commbox/audiences", headers=headers, timeout=30).json()["data"]

    assert len(audiences) == 40


@pytest.fixture(scope="module")
def vendors() -> Iterator[str]:
    """The address of a sandbox."""
    with running(create_sandbox(limits=False).app) as address:
        yield address


def test_providers_prints_health_and_counts(vendors: str, tmp_path: Path) -> None:
    done = run("providers", "--config", str(_config(tmp_path, vendors)), environ=_keys())

    assert done.returncode == 0, done.stderr
    lines = {key: next(line for line in done.stdout.splitlines() if key in line) for key in ("local", *VENDORS)}
    assert "118 active, 2 archived" in lines["trackly"]
    assert "40 active" in lines["commbox"]
    assert "60 active" in lines["oliai"]
    assert all("UP" in line for line in lines.values())


def test_providers_names_the_one_that_fails_and_ends_with_1(vendors: str, tmp_path: Path) -> None:
    done = run("providers", "--config", str(_config(tmp_path, vendors)), environ={**_keys(), "SANDBOX_OLIAI_KEY": "no"})

    assert done.returncode == 1
    oliai = next(line for line in done.stdout.splitlines() if "oliai" in line)
    assert "DOWN" in oliai
    assert "UPSTREAM_AUTH" in oliai


def test_serve_refuses_to_listen_beyond_loopback_without_being_told_to(vendors: str, tmp_path: Path) -> None:
    done = run("serve", "--config", str(_config(tmp_path, vendors)), "--host", "0.0.0.0", environ=_keys())  # noqa: S104

    assert done.returncode == 2
    assert "--unprotected" in done.stderr


def test_a_bad_configuration_is_refused_with_a_line_for_each_problem(tmp_path: Path) -> None:
    config = tmp_path / "bad.toml"
    config.write_text(
        '[gateway]\ncolour = 1\n[providers.a]\ndialect = "nobody"\n'
        '[providers.b]\ndialect = "oliai"\nbase_url = "http://api.example.com"\napi_key = "canary-4711"\n'
    )
    done = run("serve", "--config", str(config))

    assert done.returncode == 2
    assert "canary-4711" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines() == [
        "configuration: gateway.colour: unknown setting",
        'configuration: providers.a.dialect: is none of trackly, commbox, oliai, fanfare, nor "package.module:connect"',
        "configuration: providers.b.base_url: must be https; plain http is only for loopback",
        'configuration: providers.b.api_key: must be "env:NAME" or "file:PATH"',
    ]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("sqlite:////no/such/folder/store.db", 2),
        (f"sqlite:///{Path(__file__)}", 2),
        ("postgresql://nobody@127.0.0.1:1/nothing", 1),
    ],
)
@pytest.mark.parametrize("command", ["serve", "providers"])
def test_a_database_that_cannot_be_used_ends_with_one_line(command: str, url: str, code: int, tmp_path: Path) -> None:
    config = tmp_path / "gateway.toml"
    config.write_text(f'[gateway]\ndatabase_url = "{url}"\n')
    done = run(command, "--config", str(config))

    assert done.returncode == code
    assert len(done.stderr.splitlines()) == 1


def _config(folder: Path, vendors: str) -> Path:
    """A configuration file over the sandbox at address ``vendors``."""
    lines = ["[gateway]", f'database_url = "sqlite:///{folder / "store.db"}"']
    for vendor, table in tables_for(vendors).items():
        lines += [f"[providers.{vendor}]", *(f"{name} = {json.dumps(value)}" for name, value in table.items())]
    path = folder / "gateway.toml"
    path.write_text("\n".join(lines) + "\n")
    return path


def _keys() -> dict[str, str]:
    return {key_variable(vendor): key for vendor, key in KEYS.items()}


def test_serve_answers_under_any_loopback_address_it_listens_on(vendors: str, tmp_path: Path) -> None:
    config = _config(tmp_path, vendors)
    with started("serve", "--config", str(config), "--host", "127.0.0.2", "--port", "0", environ=_keys()) as (
        address,
        _,
    ):
        answer = httpx2.post(f"{address}/graphql", json={"query": "{ __typename }"}, timeout=30)

    assert answer.json() == {"data": {"__typename": "Query"}}


def test_a_demo_that_is_told_to_go_while_it_starts_leaves_nothing_behind(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STOPPED_WHILE_STARTING], env={**os.environ, "TMPDIR": str(tmp_path)}
    ) as process:
        code = process.wait(timeout=30)

    assert code == 0
    assert list(tmp_path.iterdir()) == []
