"""Every registered dialect with its harness, found by the registry; a dialect without one is an error."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

from audience_gateway.domain.capability import Capabilities
from audience_gateway.providers import REGISTRY
from tests.contract.harness import OpenHarness

SANDBOX = "sandbox"
"""The name of every backdrop that is an emulated vendor."""


@dataclass(frozen=True, slots=True)
class Backdrop:
    """A provider over one of the things that can lie behind it, such as an emulated vendor or a database."""

    dialect: str
    behind: str
    capabilities: Capabilities
    open: OpenHarness

    @property
    def name(self) -> str:
        """What test reports call it."""
        return f"{self.dialect}-{self.behind}"

    @property
    def has_wire(self) -> bool:
        """Whether there is a way to a vendor that can be broken."""
        return self.behind == SANDBOX


def backdrops() -> tuple[Backdrop, ...]:
    """All of them, in the registry's order."""
    return tuple(backdrop for dialect in REGISTRY for backdrop in _backdrops_of(dialect))


def backdrop_of(name: str) -> Backdrop:
    """One by its name."""
    [found] = [backdrop for backdrop in backdrops() if backdrop.name == name]
    return found


def _backdrops_of(dialect: str) -> tuple[Backdrop, ...]:
    harness = import_module(f"tests.providers.{dialect}.harness")
    capabilities: Capabilities = harness.CAPABILITIES
    opened: Mapping[str, OpenHarness] = harness.BACKDROPS
    return tuple(Backdrop(dialect, name, capabilities, open_) for name, open_ in opened.items())
