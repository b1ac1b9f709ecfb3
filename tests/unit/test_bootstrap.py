"""From settings to running parts: outside dialects are welcome, broken ones are refused politely, all at once."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import select

from audience_gateway.bootstrap import Parts, SystemClock, application, assemble, opened
from audience_gateway.config import draft, parse
from audience_gateway.domain.audience import AudienceRef
from audience_gateway.domain.errors import ConfigurationError, NotFound
from audience_gateway.store.tables import catalogue
from audience_gateway.upstream.httpx_transport import HttpxTransport
from tests.unit.accounts import Account
from tests.unit.upstream.scripted import Transport, replies

CANARY = "canary-secret-4711"


def parts(providers: Mapping[str, Mapping[str, object]], folder: Path) -> Parts:
    document = {"gateway": {"database_url": f"sqlite:///{folder / 'store.db'}"}, "providers": providers}
    return assemble(parse(document, {"KEY": CANARY}), transport=Transport(replies(200)))


def problems(providers: Mapping[str, Mapping[str, object]], folder: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as refused:
        parts(providers, folder)
    return refused.value.problems


def test_an_outside_dialect_stands_beside_our_own_store(tmp_path: Path) -> None:
    built = parts({"theirs": {"dialect": "tests.unit.outside:connect"}}, tmp_path)

    assert list(built.providers) == ["local", "theirs"]
    assert isinstance(built.providers["theirs"], Account)


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        ("mailchimp", 'is none of trackly, commbox, oliai, fanfare, nor "package.module:connect"'),
        ("", 'is none of trackly, commbox, oliai, fanfare, nor "package.module:connect"'),
        (":connect", 'is none of trackly, commbox, oliai, fanfare, nor "package.module:connect"'),
        ("tests.unit.outside:", 'is none of trackly, commbox, oliai, fanfare, nor "package.module:connect"'),
        (
            "no.such.module:connect",
            "no.such.module:connect cannot be loaded: ModuleNotFoundError: No module named 'no'",
        ),
        (
            "tests.unit.outside:nothing",
            "tests.unit.outside:nothing cannot be loaded: AttributeError: module 'tests.unit.outside' has no attribute",
        ),
        ("tests.unit.outside_broken:connect", "tests.unit.outside_broken:connect cannot be loaded: RuntimeError"),
        (".outside:connect", ".outside:connect cannot be loaded: TypeError"),
        ("tests.unit.outside:not_a_function", "tests.unit.outside:not_a_function is not a function"),
    ],
)
def test_a_dialect_that_cannot_be_loaded_is_one_line(dialect: str, said: str, tmp_path: Path) -> None:
    (problem,) = problems({"theirs": {"dialect": dialect}}, tmp_path)

    assert problem.startswith(f"providers.theirs.dialect: {said}")


def test_a_dialect_that_fails_to_connect_is_one_line_without_its_words(tmp_path: Path) -> None:
    found = problems({"theirs": {"dialect": "tests.unit.outside:fail", "api_key": "env:KEY"}}, tmp_path)

    assert found == ("providers.theirs: its dialect failed with RuntimeError",)


def test_the_problems_of_all_providers_come_at_once(tmp_path: Path) -> None:
    found = problems(
        {
            "one": {"dialect": "tests.unit.outside:refuse"},
            "two": {"dialect": "trackly", "api_key": CANARY, "base_url": f"https://user:{CANARY}@a.test", "x": CANARY},
            "three": {"dialect": "unheard-of"},
        },
        tmp_path,
    )

    assert [problem.partition(":")[0] for problem in found] == [
        "providers.one.colour",
        "providers.one.size",
        "providers.two.base_url",
        "providers.two.api_key",
        "providers.two.x",
        "providers.three.dialect",
    ]
    assert CANARY not in "".join(found)


def test_the_http_library_can_be_forced() -> None:
    built = assemble(parse({"gateway": {"transport": "httpx"}}, {}))

    assert isinstance(built.transport, HttpxTransport)


async def test_what_is_opened_is_closed_and_works_in_between(tmp_path: Path) -> None:
    built = parts({"theirs": {"dialect": "tests.unit.outside:connect"}}, tmp_path)
    theirs = built.providers["theirs"]
    assert isinstance(theirs, Account)

    async with opened(built) as services:
        assert list(services.directory.providers) == ["local", "theirs"]
        (answer,) = await services.directory.get_audiences([AudienceRef("local", "1")], deadline=float("inf"))
        assert isinstance(answer, NotFound)
        assert not theirs.closed

    assert theirs.closed


async def test_an_account_is_known_by_its_address_and_without_its_secret(tmp_path: Path) -> None:
    table = {"dialect": "trackly", "api_key": "env:KEY", "base_url": "https://trackly.test"}
    built = parts({"theirs": table}, tmp_path)

    async with opened(built):
        rows = await built.store.database.read(select(catalogue.c.account))

    assert [row.account for row in rows] == ["trackly https://trackly.test"]


async def test_cursors_of_one_start_are_understood_after_the_next(tmp_path: Path) -> None:
    async with opened(parts({}, tmp_path)) as services:
        cursor = services.cursors.seal("position", question=["q"])

    async with opened(parts({}, tmp_path)) as services:
        assert services.cursors.open(cursor, question=["q"]) == "position"


def test_assembling_an_application_touches_neither_disk_nor_network(tmp_path: Path) -> None:
    built = parts({"theirs": {"dialect": "tests.unit.outside:connect"}}, tmp_path)
    application(built)

    assert list(tmp_path.iterdir()) == []


def test_the_clock_is_aware_and_in_utc() -> None:
    offset = SystemClock().now().utcoffset()

    assert offset is not None
    assert not offset


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"[gateway]\ncolour = '{CANARY}'\ngraphiql = '{CANARY}'",
            ["gateway.graphiql: input should be a valid boolean", "gateway.colour: unknown setting"],
        ),
        (
            f"[providers.x]\ndialect = 'trackly'\nbase_url = 'https://a.test'\napi_key = '{CANARY}'",
            ['providers.x.api_key: must be "env:NAME" or "file:PATH"'],
        ),
        ("[gateway]\ndatabase_url = 'sqlite://'", ["gateway.database_url: must name a file"]),
    ],
)
def test_the_command_refuses_a_bad_configuration_with_code_2_and_no_traceback(
    text: str, said: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")

    command = [sys.executable, "-m", "audience_gateway", "serve", "--port", "0", "--config", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, cwd=tmp_path)

    lines = done.stderr.splitlines()
    assert (done.returncode, done.stdout, len(lines)) == (2, "", len(said))
    assert all(line.startswith(f"configuration: {problem}") for line, problem in zip(lines, said, strict=True))
    assert CANARY not in done.stderr


def test_a_bad_database_address_hides_no_other_problem() -> None:
    settings = draft(
        {
            "gateway": {"database_url": "sqlite:///store.db?mode=ro", "allowed_hosts": "one"},
            "providers": {"x": {"dialect": "nobody"}},
        },
        {},
    )
    with pytest.raises(ConfigurationError) as refused:
        assemble(settings)

    assert "gateway.allowed_hosts: input should be a list" in refused.value.problems
    assert any(problem.startswith("providers.x.dialect: ") for problem in refused.value.problems)


def test_an_address_of_sqlite_is_a_path_and_nothing_else() -> None:
    with pytest.raises(ConfigurationError) as refused:
        assemble(draft({"gateway": {"database_url": "sqlite:///store.db?mode=ro"}, "providers": {"x": {}}}, {}))

    assert refused.value.problems == (
        "providers.x.dialect: is missing or not text",
        "gateway.database_url: must hold nothing but the path of the file",
    )
