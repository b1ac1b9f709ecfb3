"""The emulated vendors on a port of their own."""

from collections.abc import Mapping

import typer

from audience_gateway.cli.servers import run
from audience_gateway.sandbox.app import create_sandbox
from audience_gateway.sandbox.commbox.keys import API_KEY as COMMBOX_KEY
from audience_gateway.sandbox.fanfare.keys import API_KEY as FANFARE_KEY
from audience_gateway.sandbox.oliai.keys import API_KEY as OLIAI_KEY
from audience_gateway.sandbox.trackly.keys import API_KEY as TRACKLY_KEY

KEYS: Mapping[str, str] = {
    "trackly": TRACKLY_KEY,
    "commbox": COMMBOX_KEY,
    "oliai": OLIAI_KEY,
    "fanfare": FANFARE_KEY,
}
"""The invented key of each emulated vendor."""

_PATHS: Mapping[str, str] = {
    "trackly": "/trackly/api/v2",
    "commbox": "/commbox",
    "oliai": "/oliai/v1",
    "fanfare": "/fanfare/api/v1",
}


def sandbox_settings(address: str) -> dict[str, dict[str, str]]:
    """The ``[providers.*]`` tables for a sandbox at ``address``; keys are read from ``SANDBOX_<VENDOR>_KEY``."""
    return {
        vendor: {"dialect": vendor, "base_url": address + path, "api_key": f"env:{key_variable(vendor)}"}
        for vendor, path in _PATHS.items()
    }


def key_variable(vendor: str) -> str:
    """The environment variable that :func:`sandbox_settings` names for ``vendor``."""
    return f"SANDBOX_{vendor.upper()}_KEY"


def run_sandbox(port: int, *, limits: bool) -> None:
    """Serve the vendors until interrupted, and say how to use them."""
    run(create_sandbox(limits=limits).app, "127.0.0.1", port, started=_explain)


def _explain(address: str) -> None:
    typer.echo(f"Emulated vendors at {address}. As providers of a gateway:\n")
    for vendor, table in sandbox_settings(address).items():
        typer.echo(f"[providers.{vendor}]")
        for name, value in table.items():
            typer.echo(f'{name} = "{value}"')
        typer.echo("")
    typer.echo("with these in the environment:\n")
    for vendor, key in KEYS.items():
        typer.echo(f"export {key_variable(vendor)}={key}")
