"""Copying a store: a bar while it lasts, if somebody looks, and a table of what was copied."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import URL

from audience_gateway.cli.signals import break_off_when_told
from audience_gateway.domain.errors import ConfigurationError
from audience_gateway.store.address import parse_address
from audience_gateway.store.copying import SOURCE, TARGET, CopiedTable, ToldProgress, at, copy_store


def copy_and_show(source: str, target: str, environ: Mapping[str, str]) -> bool:
    """Copy and print the table; True when both sides are the same, which is when the target holds anything.

    Raises ConfigurationError for addresses and databases that cannot be used.
    """
    addresses = _address(SOURCE, source, environ), _address(TARGET, target, environ)
    break_off_when_told()
    with _bar() as progress:
        copied = copy_store(*addresses, progress=progress)
    same = all(table.same for table in copied)
    _show(copied)
    words = "The target is the same as the source was when the copy began." if same else "Nothing was kept."
    Console().print(words, highlight=False)
    return same


def _address(side: str, given: str, environ: Mapping[str, str]) -> URL:
    """An address as given, or kept in a variable so that no password stands in the list of processes."""
    variable = given.removeprefix("env:")
    if variable != given and not environ.get(variable):
        raise ConfigurationError([f"{side}: the environment variable {variable} is not set"])
    with at(side):
        return parse_address(given if variable == given else environ[variable])


@contextmanager
def _bar() -> Iterator[ToldProgress]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _doing, _done, _total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("")
        yield lambda doing, done, total: bar.update(task, description=doing, completed=done, total=total)


def _show(copied: Sequence[CopiedTable]) -> None:
    table = Table("table", "rows", "seconds", "same")
    for entry in copied:
        table.add_row(entry.name, f"{entry.rows:,}", f"{entry.seconds:.1f}", "yes" if entry.same else "NO")
    Console().print(table)
