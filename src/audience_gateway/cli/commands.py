"""What can be typed. Heavy imports wait until a command needs them, so that ``--help`` answers at once."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="audience-gateway",
    help="One GraphQL API over audiences in Trackly, CommBox, OliAI, Fanfare and your own database.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

store_app = typer.Typer(name="store", help="Look after the gateway's own database.", no_args_is_help=True)
app.add_typer(store_app)

Config = Annotated[Path, typer.Option(help="The TOML file with [gateway] and [providers.*].", metavar="FILE")]
Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on; 0 for any free one.", min=0, max=65_535)]


@app.command()
def serve(
    config: Config,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    *,
    unprotected: Annotated[
        bool, typer.Option("--unprotected", help="Listen beyond loopback although anyone who gets here may read.")
    ] = False,
) -> None:
    """Run the gateway over the configured providers."""
    from audience_gateway.bootstrap import application, assemble  # noqa: PLC0415
    from audience_gateway.cli.servers import run  # noqa: PLC0415
    from audience_gateway.config import load  # noqa: PLC0415
    from audience_gateway.domain.loopback import is_loopback  # noqa: PLC0415

    if not unprotected and not is_loopback(host):
        typer.echo(
            f"There is no access control yet, so listening on {host} would let anyone read. "
            "Put a proxy that checks callers in front and say --unprotected.",
            err=True,
        )
        raise typer.Exit(2)
    parts = assemble(load(config, os.environ))
    asyncio.run(parts.store.migrate())
    run(application(parts), host, port, started=lambda address: typer.echo(f"GraphQL at {address}/graphql"))


@app.command()
def demo(port: Port = 8000) -> None:
    """Run the gateway over four sandbox vendors and a store with sample people: nothing to configure."""
    from audience_gateway.cli.demo import run_demo  # noqa: PLC0415

    run_demo(port)


@app.command()
def sandbox(
    port: Port = 8100,
    *,
    no_limits: Annotated[bool, typer.Option("--no-limits", help="Take any number of requests a minute.")] = False,
) -> None:
    """Run the four emulated vendors alone, for developing against."""
    from audience_gateway.cli.sandbox import run_sandbox  # noqa: PLC0415

    run_sandbox(port, limits=not no_limits)


@app.command()
def providers(config: Config) -> None:
    """Ask every configured provider how it is and how many audiences it has."""
    from audience_gateway.cli.providers import show  # noqa: PLC0415
    from audience_gateway.config import load  # noqa: PLC0415

    healthy = asyncio.run(show(load(config, os.environ)))
    raise typer.Exit(0 if healthy else 1)


@app.command()
def migrate(
    config: Config,
    to: Annotated[
        str, typer.Option(help="Where to go, down or up; base is nothing at all.", metavar="REVISION")
    ] = "head",
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; end with 1 unless the store is there.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Go down without asking, although that drops data.")] = False,
) -> None:
    """Bring the configured store up to date, as serve does by itself, or to another revision."""
    from audience_gateway.cli.migrations import migrate_store  # noqa: PLC0415
    from audience_gateway.config import load  # noqa: PLC0415

    raise typer.Exit(migrate_store(load(config, os.environ), to, check=check, yes=yes))


@store_app.command()
def copy(
    source: Annotated[str, typer.Argument(help="The address of the store to copy, or env:NAME.", metavar="SOURCE")],
    target: Annotated[str, typer.Argument(help="The address of an empty database, or env:NAME.", metavar="TARGET")],
) -> None:
    """Copy a whole store into an empty database, from SQLite to PostgreSQL or back, and compare the two.

    The copy is of one moment: whatever changes at the source meanwhile is not in it. The target shows nothing until
    everything is there and the same; a copy that is broken off leaves nothing and is started again.
    """
    from audience_gateway.cli.copies import copy_and_show  # noqa: PLC0415

    raise typer.Exit(0 if copy_and_show(source, target, os.environ) else 1)


@app.command()
def schema() -> None:
    """Print the GraphQL schema."""
    from audience_gateway.graphql.schema import printed  # noqa: PLC0415

    typer.echo(printed(), nl=False)
