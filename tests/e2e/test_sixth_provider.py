"""Adding a provider: copy a folder, change one line of one existing source file."""

import difflib
import filecmp
import shutil
import subprocess
import sys
from pathlib import Path

import audience_gateway
from audience_gateway.cli.servers import running
from audience_gateway.sandbox.app import create_sandbox
from audience_gateway.sandbox.commbox.keys import API_KEY

SOURCE = Path(audience_gateway.__file__).parent
ENTRY = '        "commbox": "audience_gateway.providers.commbox:connect",\n'


def test_a_sixth_provider_changes_one_line_of_one_existing_file(tmp_path: Path) -> None:
    package = _copy_with_a_sixth_provider(tmp_path)

    assert _changed_files(package) == ["providers/__init__.py"]
    before = (SOURCE / "providers/__init__.py").read_text().splitlines()
    after = (package / "providers/__init__.py").read_text().splitlines()
    changes = [line for line in difflib.ndiff(before, after) if line[0] in "+-"]
    assert changes == ['+         "postbox": "audience_gateway.providers.postbox:connect",']


def test_the_sixth_provider_works_and_leaves_the_schema_alone(tmp_path: Path) -> None:
    package = _copy_with_a_sixth_provider(tmp_path)
    with running(create_sandbox(limits=False).app) as vendors:
        config = tmp_path / "gateway.toml"
        config.write_text(
            f'[gateway]\ndatabase_url = "sqlite:///{tmp_path / "store.db"}"\n'
            f'[providers.sixth]\ndialect = "postbox"\nbase_url = "{vendors}/commbox"\napi_key = "env:POSTBOX_KEY"\n'
        )
        table = _run(package, "providers", "--config", str(config))
    schema = _run(package, "schema")

    sixth = next(line for line in table.splitlines() if "sixth" in line)
    assert "postbox" in sixth
    assert "40 active" in sixth
    assert schema == (SOURCE.parents[1] / "schema.graphql").read_text()


def _copy_with_a_sixth_provider(folder: Path) -> Path:
    """The package with the smallest adapter copied under a new name and registered."""
    package = folder / "audience_gateway"
    shutil.copytree(SOURCE, package, ignore=shutil.ignore_patterns("__pycache__", "dist"))
    sixth = package / "providers" / "postbox"
    shutil.copytree(package / "providers" / "commbox", sixth)
    for file in sixth.rglob("*.py"):
        file.write_text(
            file.read_text().replace("providers.commbox", "providers.postbox").replace('"commbox"', '"postbox"')
        )
    registry = package / "providers" / "__init__.py"
    registry.write_text(registry.read_text().replace(ENTRY, ENTRY + ENTRY.replace("commbox", "postbox")))
    return package


def _changed_files(package: Path) -> list[str]:
    """Files of the original package that differ in the copy."""
    originals = [
        file.relative_to(SOURCE)
        for file in SOURCE.rglob("*")
        if file.is_file() and not {"__pycache__", "dist"} & set(file.parts)
    ]
    return [str(file) for file in originals if not filecmp.cmp(SOURCE / file, package / file, shallow=False)]


def _run(package: Path, *arguments: str) -> str:
    environment = {"PYTHONPATH": str(package.parent), "POSTBOX_KEY": API_KEY, "PATH": "", "COLUMNS": "200"}
    command = [sys.executable, "-m", "audience_gateway", *arguments]
    done = subprocess.run(
        command, cwd=package.parent, env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr
    return done.stdout
