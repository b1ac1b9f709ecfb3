"""Bringing the store to a revision, or only telling whether it is there."""

import sys

import typer
from sqlalchemy import URL

from audience_gateway.cli.signals import break_off_when_told
from audience_gateway.config import Settings
from audience_gateway.domain.errors import ConfigurationError, GatewayError
from audience_gateway.store.address import parse_address
from audience_gateway.store.revisions import is_downwards, move, named, standing

DONE, NOT_THERE, REFUSED = 0, 1, 2


def migrate_store(settings: Settings, to: str, *, check: bool, yes: bool) -> int:
    """Go there and say from where; the exit code. Raises ConfigurationError for an unusable database.

    Settings of providers do not matter, so that their keys need not be known where a store is migrated.
    """
    problems = [problem for problem in settings.problems if not problem.startswith("providers.")]
    if problems:
        raise ConfigurationError(problems)
    break_off_when_told()
    address = parse_address(settings.gateway.database_url)
    try:
        wanted = named(to)
        return _check(address, wanted) if check else _go(address, wanted, yes=yes)
    except ConfigurationError:
        raise
    except GatewayError as error:
        typer.echo(error.message, err=True)
        return REFUSED


def _check(address: URL, wanted: str) -> int:
    found = standing(address).revision
    is_downwards(found, wanted)
    if found == wanted:
        typer.echo(f"The store is at revision {found}.")
        return DONE
    typer.echo(f"The store is at revision {found}, not {wanted}.")
    return NOT_THERE


def _go(address: URL, wanted: str, *, yes: bool) -> int:
    found = standing(address)
    if is_downwards(found.revision, wanted) and found.filled and not yes and not _agreed(found.revision, wanted):
        return REFUSED
    if found.revision == wanted:
        typer.echo(f"The store is at revision {wanted} already.")
        return DONE
    move(address, found.revision, wanted)
    typer.echo(f"The store went from revision {found.revision} to {wanted}.")
    return DONE


def _agreed(found: str, wanted: str) -> bool:
    """Ask whoever sits there; nobody to ask is a no."""
    danger = f"Going down from revision {found} to {wanted} drops data"
    if sys.stdin.isatty():
        return typer.confirm(f"{danger}. Go on?")
    typer.echo(f"{danger}; say --yes to do it.", err=True)
    return False
