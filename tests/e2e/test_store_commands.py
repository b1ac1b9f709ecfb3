"""Looking after the store, as typed: migrate, and store copy."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from audience_gateway.cli.demo import fill
from audience_gateway.store.address import parse_address
from audience_gateway.store.revisions import Standing, newest, standing
from tests.databases import database_url, empty_postgresql
from tests.e2e.test_commands import run

__all__ = ["database_url"]

TERMINATED = """
import os, signal, sys
from audience_gateway import cli
from audience_gateway.store.copying import targets
targets.filled_tables = lambda connection: os.kill(os.getpid(), signal.SIGTERM)
sys.argv = ["audience-gateway", "store", "copy", *sys.argv[1:]]
cli.main()
"""


def config_over(url: str, folder: Path) -> str:
    """A configuration file whose providers have no keys here."""
    path = folder / "gateway.toml"
    path.write_text(
        f'[gateway]\ndatabase_url = "{url}"\n[providers.a]\ndialect = "oliai"\napi_key = "env:NOT_SET_ANYWHERE"\n'
    )
    return str(path)


def standing_of(url: str) -> Standing:
    return standing(parse_address(url))


def test_migrate_tells_from_where_to_where(database_url: str, tmp_path: Path) -> None:
    config = config_over(database_url, tmp_path)
    told = [run("migrate", "--config", config, *options) for options in ([], [], ["--to", "0001"], ["--to", "base"])]

    assert [done.returncode for done in told] == [0, 0, 0, 0]
    assert [done.stdout.strip() for done in told] == [
        f"The store went from revision base to {newest()}.",
        f"The store is at revision {newest()} already.",
        f"The store went from revision {newest()} to 0001.",
        "The store went from revision 0001 to base.",
    ]


def test_check_changes_nothing_and_ends_with_1_until_the_store_is_up_to_date(tmp_path: Path) -> None:
    config = config_over(f"sqlite:///{tmp_path / 'store.db'}", tmp_path)

    before = run("migrate", "--config", config, "--check")
    assert not (tmp_path / "store.db").exists()
    run("migrate", "--config", config)
    after = run("migrate", "--config", config, "--check")

    assert (before.returncode, before.stdout.strip()) == (1, f"The store is at revision base, not {newest()}.")
    assert (after.returncode, after.stdout.strip()) == (0, f"The store is at revision {newest()}.")


def test_going_down_would_drop_data_and_so_wants_a_yes(database_url: str, tmp_path: Path) -> None:
    config = config_over(database_url, tmp_path)
    asyncio.run(fill(database_url))

    refused = run("migrate", "--config", config, "--to", "base")
    kept = standing_of(database_url)
    agreed = run("migrate", "--config", config, "--to", "base", "--yes")

    assert refused.returncode == 2
    assert refused.stderr.splitlines() == [
        f"Going down from revision {newest()} to base drops data; say --yes to do it."
    ]
    assert kept == Standing(newest(), filled=True)
    assert agreed.returncode == 0
    assert standing_of(database_url) == Standing("base", filled=False)


@pytest.mark.parametrize("options", [[], ["--check"], ["--to", "base"]])
@pytest.mark.parametrize(
    "url",
    ["sqlite:////no/such/folder/store.db", f"sqlite:///{__file__}", "postgresql://nobody:canary@127.0.0.1:1/nothing"],
)
def test_an_unusable_database_is_refused_with_one_line(url: str, options: list[str], tmp_path: Path) -> None:
    done = run("migrate", "--config", config_over(url, tmp_path), *options)

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "canary" not in done.stderr + done.stdout


def test_a_revision_that_does_not_exist_is_refused_with_one_line(tmp_path: Path) -> None:
    config = config_over(f"sqlite:///{tmp_path / 'store.db'}", tmp_path)
    done = run("migrate", "--config", config, "--to", "0815")

    assert done.returncode == 2
    assert done.stderr.startswith("There is no such revision; there are base, 0001")
    assert len(done.stderr.splitlines()) == 1


@pytest.fixture
def filled(tmp_path: Path) -> str:
    """A SQLite store with the demo's people."""
    url = f"sqlite:///{tmp_path / 'filled.db'}"
    asyncio.run(fill(url))
    return url


@pytest.fixture
def empty() -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with empty_postgresql() as url:
        yield url


def test_a_store_is_copied_there_and_back_with_a_row_a_table(filled: str, empty: str, tmp_path: Path) -> None:
    there = run("store", "copy", filled, "env:TARGET", environ={"TARGET": empty})
    back = run("store", "copy", empty, f"sqlite:///{tmp_path / 'back.db'}")

    for done in (there, back):
        assert (done.returncode, done.stderr) == (0, "")
        (people,) = [line for line in done.stdout.splitlines() if " member " in line]
        assert "yes" in people
        assert "NO" not in done.stdout
        assert done.stdout.splitlines()[-1] == "The target is the same as the source was when the copy began."
    assert standing_of(f"sqlite:///{tmp_path / 'back.db'}").filled


def test_a_target_that_holds_data_is_refused_with_one_line(filled: str, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    asyncio.run(fill(other))
    done = run("store", "copy", filled, other)

    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("configuration: target: holds data already, in ")


def test_a_target_that_does_not_keep_what_it_is_given_ends_with_1(filled: str, empty: str, tmp_path: Path) -> None:
    run("migrate", "--config", config_over(empty, tmp_path))
    function = "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN new.carrier := 1; RETURN new; END'"
    trigger = "CREATE TRIGGER lose BEFORE INSERT ON member FOR EACH ROW EXECUTE FUNCTION lose()"
    with psycopg.connect(empty) as server:
        server.execute(function)
        server.execute(trigger)

    done = run("store", "copy", filled, empty)

    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "Nothing was kept."
    assert not standing_of(empty).filled


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("env:NOT_SET_ANYWHERE", "source: the environment variable NOT_SET_ANYWHERE is not set"),
        ("mysql://canary@host/name", "source: must begin with sqlite:// or postgresql://"),
        ("sqlite:////no/such/store.db", "source: the file cannot be opened or made"),
        (f"sqlite:///{__file__}", "source: the file is not a SQLite database"),
    ],
)
def test_an_unusable_source_is_refused_with_one_line_and_no_target_is_made(
    source: str, line: str, tmp_path: Path
) -> None:
    done = run("store", "copy", source, f"sqlite:///{tmp_path / 'target.db'}")

    assert done.returncode == 2
    assert done.stderr.splitlines() == [f"configuration: {line}"]
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_not_there_is_told_in_one_line_without_the_password(filled: str) -> None:
    done = run("store", "copy", filled, "postgresql://nobody:canary@127.0.0.1:1/nothing")

    assert done.returncode == 1
    assert done.stderr.splitlines() == ["The target cannot be reached."]


def test_a_copy_that_is_told_to_go_has_failed_and_leaves_nothing(filled: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path / 'target.db'}"
    done = subprocess.run(
        [sys.executable, "-c", TERMINATED, filled, target],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 128 + signal.SIGINT
    assert "Traceback" not in done.stderr
    assert standing_of(target) == Standing("base", filled=False)
