"""Everything at once: the emulated vendors, a store with sample people, and the gateway over them."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

import typer

from audience_gateway.bootstrap import application, assemble
from audience_gateway.cli.samples import sample_audiences, sample_engagement, sample_people
from audience_gateway.cli.sandbox import KEYS, key_variable, sandbox_settings
from audience_gateway.cli.servers import run, running
from audience_gateway.config import Settings, parse
from audience_gateway.sandbox.app import create_sandbox
from audience_gateway.store import open_store
from audience_gateway.store.seed import seed
from audience_gateway.web.endpoint import DEFAULT_QUERY


def run_demo(port: int) -> None:
    """Serve until interrupted; the store lives in a temporary folder and goes with the demo."""
    with tempfile.TemporaryDirectory(prefix="audience-gateway-") as folder, running(create_sandbox().app) as vendors:
        settings = demo_settings(vendors, f"sqlite:///{Path(folder) / 'demo.db'}")
        asyncio.run(fill(settings.gateway.database_url))
        run(application(assemble(settings)), "127.0.0.1", port, started=_greet)


def demo_settings(vendors: str, database_url: str) -> Settings:
    """The configuration of the demo over a sandbox at address ``vendors``."""
    document = {"gateway": {"database_url": database_url}, "providers": sandbox_settings(vendors)}
    return parse(document, {key_variable(vendor): key for vendor, key in KEYS.items()})


async def fill(database_url: str) -> None:
    """Bring the store up to date and put the sample people and audiences into it."""
    store = open_store(database_url)
    try:
        await store.migrate()
        await seed(store, sample_people(), sample_audiences(), engagement=sample_engagement())
    finally:
        await store.close()


def _greet(address: str) -> None:
    query: Sequence[str] = [line for line in DEFAULT_QUERY.splitlines() if not line.startswith("#")]
    one_line = " ".join(" ".join(query).split())
    typer.echo(
        f"Audience Gateway is running over four emulated vendors and a local store.\n\n"
        f"  GraphiQL   {address}/graphql   (open it in a browser)\n"
        f"  a query    curl -s {address}/graphql -H 'content-type: application/json' \\\n"
        f'               -d \'{{"query": "{one_line}"}}\'\n\n'
        f"Stop with Ctrl-C."
    )
