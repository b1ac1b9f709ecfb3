"""The cheaper HTTP library is taken where it is installed; one that is asked for and missing is a problem."""

import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError

import pytest

from audience_gateway.config import HttpLibrary
from audience_gateway.domain.errors import ConfigurationError
from audience_gateway.upstream.choice import open_transport
from audience_gateway.upstream.httpx_transport import HttpxTransport


def missing(name: str) -> str:
    raise PackageNotFoundError(name)


def outdated(_name: str) -> str:
    return "3.9.5"


def test_each_library_can_be_forced(library: HttpLibrary) -> None:
    assert type(open_transport(library)).__name__ == f"{library.capitalize()}Transport"


@pytest.mark.parametrize("library", ["aiohttp"], indirect=True)
def test_aiohttp_is_taken_where_it_is_installed(library: HttpLibrary) -> None:
    assert type(open_transport()) is type(open_transport(library))


@pytest.mark.parametrize("version_of", [missing, outdated])
def test_httpx_is_taken_where_aiohttp_is_missing_or_too_old(version_of: Callable[[str], str]) -> None:
    assert isinstance(open_transport(version_of=version_of), HttpxTransport)


@pytest.mark.parametrize("version_of", [missing, outdated])
def test_aiohttp_that_is_forced_and_not_there_is_a_problem(version_of: Callable[[str], str]) -> None:
    with pytest.raises(ConfigurationError) as refused:
        open_transport("aiohttp", version_of=version_of)

    assert refused.value.problems == (
        "gateway.transport: aiohttp 3.14 or newer is not installed; audience-gateway[fast] brings it",
    )


def test_the_gateway_starts_without_the_extra() -> None:
    """Nothing that is imported needs what only the extra ``fast`` brings."""
    code = (
        "import sys\n"
        "sys.modules.update(dict.fromkeys(['aiohttp', 'yarl', 'uvloop', 'httptools', 'orjson']))\n"
        "from audience_gateway import bootstrap\n"
        "from audience_gateway.upstream.choice import open_transport\n"
        "print(type(open_transport('httpx')).__name__)\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("HttpxTransport\n", "")
