"""A provider together with the truth about what it holds: all that a promise may know."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from audience_gateway.ports import Clock, Provider
from audience_gateway.sandbox.clock import ManualClock
from audience_gateway.sandbox.people import EPOCH, Person, population
from tests.contract.truth import Truth
from tests.contract.wire import Wire


class Outside(Protocol):
    """What a provider asks: its vendor or its store."""

    @property
    def calls(self) -> int:
        """How often it was asked anything so far."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Harness:
    """A provider, who it should be, and what it should say.

    :param wire: the way to its vendor; None for a provider that has none.
    :param per_minute: how many requests the vendor allows; None for any number.
    """

    provider: Provider
    truth: Truth
    key: str
    dialect: str
    clock: Clock
    outside: Outside
    wire: Wire | None = None
    per_minute: int | None = None


def wire_of(harness: Harness) -> Wire:
    """The way to the vendor of a provider that has one."""
    assert harness.wire is not None
    return harness.wire


@dataclass(frozen=True, slots=True)
class World:
    """What a provider's data are made from.

    :param limits: whether a vendor that limits requests does so.
    """

    people: tuple[Person, ...]
    clock: Clock
    limits: bool = False


OpenHarness = Callable[[World], AbstractAsyncContextManager[Harness]]
"""What the harness of a dialect holds in ``BACKDROPS``, by the name of what lies behind the provider."""


def small_world() -> World:
    """A hundred people or so, quick to read from end to end; some lists fill a page of 100 exactly."""
    return World(population(size=96), ManualClock(EPOCH))


def large_world() -> World:
    """Everybody the sandbox has."""
    return World(population(), ManualClock(EPOCH))
