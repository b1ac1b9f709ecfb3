"""A configuration is taken whole or refused with one line for each problem, none of which tells a secret."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.config import Secret, load, parse
from audience_gateway.domain.errors import ConfigurationError

CANARY = "canary-secret-4711"


def problems(text: str, environ: Mapping[str, str], folder: Path) -> list[str]:
    """What is wrong with a configuration file of this text, without the file's own name."""
    path = folder / "gateway.toml"
    path.write_text(text, encoding="utf-8")
    try:
        return list(load(path, environ).problems)
    except ConfigurationError as error:
        return [problem.removeprefix(f"{path}: ") for problem in error.problems]


def test_nothing_at_all_is_a_configuration(tmp_path: Path) -> None:
    assert problems("", {}, tmp_path) == []


def test_a_whole_configuration_is_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    key_file.write_text(f"  {CANARY}\n", encoding="utf-8")
    settings = parse(
        {
            "gateway": {
                "database_url": "env:DATABASE_URL",
                "freshness_seconds": 0,
                "deadline_seconds": 5,
                "allowed_hosts": ["Gateway.Example", "10.0.0.7", "::1"],
                "graphiql": False,
            },
            "providers": {
                "trackly-us": {"dialect": "trackly", "api_key": f"file:{key_file}", "base_url": "https://a.test"},
                "another": {"dialect": "package.module:connect"},
            },
        },
        {"DATABASE_URL": f"postgresql://gateway:{CANARY}@db/gateway"},
    )

    assert settings.gateway.database_url == f"postgresql://gateway:{CANARY}@db/gateway"
    assert (settings.gateway.deadline_seconds, settings.gateway.freshness_seconds) == (5.0, 0)
    assert settings.gateway.allowed_hosts == ("gateway.example", "10.0.0.7", "::1")
    assert [provider.key for provider in settings.providers] == ["trackly-us", "another"]
    assert settings.providers[1].dialect == "package.module:connect"
    assert "dialect" not in settings.providers[0].table
    key = settings.providers[0].table["api_key"]
    assert isinstance(key, Secret)
    assert key.reveal() == CANARY
    assert CANARY not in repr(settings.providers)


X = "[providers.x]\ndialect = 't'\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[gatway]", "gatway: unknown setting"),
        ("[gateway]\ncolour = 1", "gateway.colour: unknown setting"),
        ("gateway = 1", "gateway: must be a table"),
        ("[[gateway]]", "gateway: must be a table"),
        ("providers = []", "providers: must be a table"),
        ("[providers]\nx = 1", "providers.x: must be a table"),
        ("[providers.local]\ndialect = 't'", "providers.local: the key local is taken by the gateway's own store"),
        ("[providers.X]\ndialect = 't'", "providers.X: a key is lower-case letters, digits and hyphens, at most 63"),
        ("[providers.x]", "providers.x.dialect: is missing or not text"),
        ("[providers.x]\ndialect = 7", "providers.x.dialect: is missing or not text"),
        (f"{X}api_key = 'env:NOBODY'", "providers.x.api_key: the environment variable NOBODY is not set"),
        (f"{X}api_key = 'env:EMPTY'", "providers.x.api_key: the environment variable EMPTY is not set"),
        ("[gateway]\ndatabase_url = 'env:NO'", "gateway.database_url: the environment variable NO is not set"),
        (f"{X}[providers.x]\n", "is not TOML: Cannot declare ('providers', 'x') twice (at line 3, column 13)"),
        (
            "[gateway]\ngraphiql = true\ngraphiql = true\n",
            "is not TOML: Cannot overwrite a value (at line 3, column 16)",
        ),
        (f"{X}api_key = {CANARY}", "is not TOML: Invalid value (at line 3, column 11)"),
        (f"{X}api_key = '{CANARY}", 'is not TOML: Expected "\'" (at end of document)'),
        ("a = " + "[" * 20_000, "is nested too deeply"),
        ("gateway." + "a." * 5_000 + "b = 1", "is nested too deeply"),
    ],
    ids=lambda value: value[:40],
)
def test_each_mistake_is_one_line(text: str, found: str, tmp_path: Path) -> None:
    assert problems(text, {"EMPTY": ""}, tmp_path) == [found]


@pytest.mark.parametrize(
    "line",
    [
        f"database_url = 'mysql://gateway:{CANARY}@db/x'", f"database_url = '{CANARY}'", "database_url = 7",
        f"freshness_seconds = '{CANARY}'", "freshness_seconds = -1", "freshness_seconds = 86401",
        "freshness_seconds = 1.5", "freshness_seconds = true",
        f"deadline_seconds = '{CANARY}'", "deadline_seconds = 0", "deadline_seconds = -1", "deadline_seconds = 121",
        "deadline_seconds = nan", "deadline_seconds = inf", "deadline_seconds = 2026-01-01",
        f"graphiql = '{CANARY}'", "graphiql = 1", "graphiql = 'yes'", f"transport = '{CANARY}'", "transport = 7",
        f"allowed_hosts = '{CANARY}'", "allowed_hosts = 7", "allowed_hosts = { a = 1 }",
    ],
)  # fmt: skip
def test_a_wrong_value_is_one_line_that_names_the_setting_and_not_the_value(line: str, tmp_path: Path) -> None:
    (problem,) = problems(f"[gateway]\n{line}", {}, tmp_path)

    assert problem.startswith(f"gateway.{line.partition(' ')[0]}: ")
    assert CANARY not in problem


@pytest.mark.parametrize("host", ["https://a.test", "a.test:8000", "*", "", "a.test/", "user@a.test", ".a.test", "a b"])
def test_an_allowed_host_that_could_never_match_is_refused(host: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        parse({"gateway": {"allowed_hosts": ["good.test", host]}}, {})

    assert refused.value.problems == ("gateway.allowed_hosts.1: must be a host name without scheme and port",)


def test_all_problems_come_at_once_and_none_tells_a_secret(tmp_path: Path) -> None:
    text = f"""
    surprise = "{CANARY}"
    [gateway]
    database_url = "mysql://{CANARY}"
    deadline_seconds = 0
    another = "{CANARY}"
    [providers.local]
    api_key = "env:KEY"
    [providers.UPPER]
    [providers.a]
    api_key = "env:NOBODY"
    [providers.b]
    dialect = "trackly"
    api_key = "file:/does/not/exist"
    """

    found = problems(text, {"KEY": CANARY}, tmp_path)

    assert [problem.split(":")[0] for problem in found] == [
        "surprise",
        "providers.a.api_key",
        "providers.b.api_key",
        "gateway.database_url",
        "gateway.deadline_seconds",
        "gateway.another",
        "providers.local",
        "providers.UPPER",
        "providers.a.dialect",
    ]
    assert CANARY not in "".join(found)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_problem_is_one_printable_line_whatever_the_file_says(name: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        parse({"providers": {f"A{name}": {}}, f"x{name}": 1}, {})

    assert len(refused.value.problems) == 2
    assert all(problem.isprintable() for problem in refused.value.problems)


def test_a_file_that_is_not_there_a_folder_and_bytes_are_refused_by_name(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b"\xff\xfe\x00")

    for path in (tmp_path / "nothing.toml", tmp_path, broken):
        with pytest.raises(ConfigurationError) as refused:
            load(path, {})
        (problem,) = refused.value.problems
        assert problem.startswith(f"{path}: ")


@pytest.mark.parametrize(
    "content", [b"", b" \n\t ", b"\xff\xfe", b"x" * 65_537], ids=["empty", "blank", "bytes", "long"]
)
def test_a_key_file_without_a_key_is_refused(content: bytes, tmp_path: Path) -> None:
    source = tmp_path / "key"
    source.write_bytes(content)

    with pytest.raises(ConfigurationError) as refused:
        parse({"providers": {"x": {"dialect": "trackly", "api_key": f"file:{source}"}}}, {})

    (problem,) = refused.value.problems
    assert problem == f"providers.x.api_key: the file {source} cannot be read, or holds no short text"


@pytest.mark.parametrize("source", ["file:", "file:.", "file:/dev/zero", "file:/does/not/exist", "file:a\0b"])
def test_what_is_no_file_holds_no_key(source: str) -> None:
    with pytest.raises(ConfigurationError):
        parse({"providers": {"x": {"dialect": "trackly", "api_key": source}}}, {})


async def test_a_key_file_can_be_replaced_while_running(tmp_path: Path) -> None:
    source = tmp_path / "key"
    source.write_text("old", encoding="utf-8")
    settings = parse({"providers": {"x": {"dialect": "trackly", "api_key": f"file:{source}"}}}, {})
    key = settings.providers[0].table["api_key"]
    assert isinstance(key, Secret)

    assert not await key.refresh()
    source.write_text("new\n", encoding="utf-8")
    assert await key.refresh()
    assert key.reveal() == "new"


async def test_a_key_that_cannot_be_read_again_stays_as_it_was(tmp_path: Path) -> None:
    source = tmp_path / "key"
    source.write_text("old", encoding="utf-8")
    key = parse({"providers": {"x": {"dialect": "t", "k": f"file:{source}"}}}, {}).providers[0].table["k"]
    environ = {"KEY": "old"}
    variable = parse({"providers": {"x": {"dialect": "t", "k": "env:KEY"}}}, environ).providers[0].table["k"]
    assert isinstance(key, Secret)
    assert isinstance(variable, Secret)

    for content in (b"", b"\xff\xfe", b"x" * 70_000):
        source.write_bytes(content)
        assert not await key.refresh()
    source.unlink()
    environ.clear()

    assert not await key.refresh()
    assert not await variable.refresh()
    assert (key.reveal(), variable.reveal()) == ("old", "old")


async def test_a_variable_can_be_replaced_too() -> None:
    environ = {"KEY": "old"}
    key = parse({"providers": {"x": {"dialect": "t", "k": "env:KEY"}}}, environ).providers[0].table["k"]
    assert isinstance(key, Secret)
    environ["KEY"] = "new"

    assert await key.refresh()
    assert key.reveal() == "new"


def test_a_secret_shows_where_it_comes_from_and_nothing_else() -> None:
    secret = Secret("env:KEY", lambda: CANARY)

    assert f"{secret} {secret!r}" == "Secret(env:KEY) Secret(env:KEY)"


def test_the_process_environment_is_not_read_behind_the_callers_back() -> None:
    name = next(iter(os.environ))

    with pytest.raises(ConfigurationError):
        parse({"providers": {"x": {"dialect": "t", "k": f"env:{name}"}}}, {})
