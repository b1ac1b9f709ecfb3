"""How a provider is put over its emulated vendor, in this process and without a socket."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from starlette.applications import Starlette

from audience_gateway.ports import Connect
from audience_gateway.sandbox.clock import Clock
from audience_gateway.sandbox.people import Person
from tests.contract.harness import Harness, World
from tests.contract.truth import Truth
from tests.contract.wire import Wire, resources_over

State = TypeVar("State")
_Kept_contra = TypeVar("_Kept_contra", contravariant=True)


class Serve(Protocol[_Kept_contra]):
    """How an emulated vendor's state becomes an application."""

    def __call__(self, state: _Kept_contra, /, *, clock: Clock, limits: bool) -> Starlette:
        """Serve ``state``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandboxed(Generic[State]):
    """One account at an emulated vendor; opening it gives the harness.

    :param path: where the account's base URL ends.
    :param truth: what a state means, in the gateway's terms.
    :param per_minute: how many requests the vendor allows when it limits them; None for any number.
    """

    dialect: str
    key: str
    path: str
    api_key: str
    seeded: Callable[[Clock, tuple[Person, ...]], State]
    serve: Serve[State]
    connect: Connect
    truth: Callable[[State], Truth]
    per_minute: int | None = None

    @asynccontextmanager
    async def open(self, world: World) -> AsyncIterator[Harness]:
        """Seed the vendor from ``world`` and connect to it."""
        state = self.seeded(world.clock, world.people)
        wire = Wire(self.serve(state, clock=world.clock, limits=world.limits))
        resources = resources_over(wire, key=self.key, path=self.path, api_key=self.api_key, clock=world.clock)
        provider = self.connect(resources)
        yield Harness(
            provider=provider,
            truth=self.truth(state),
            key=self.key,
            dialect=self.dialect,
            clock=world.clock,
            outside=wire,
            wire=wire,
            per_minute=self.per_minute if world.limits else None,
        )
        await provider.close()
        await resources.transport.close()
