"""What one call to a provider costs on each HTTP library, in CPU time of our process. ``make bench`` prints it."""

import asyncio
import json
import random
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from itertools import product
from statistics import median
from typing import cast, get_args

from rich.console import Console
from rich.table import Table

from audience_gateway.bootstrap import SystemClock
from audience_gateway.config import HttpLibrary, Secret
from audience_gateway.ports import ProviderResources, Store
from audience_gateway.upstream.choice import open_transport
from audience_gateway.upstream.client import UpstreamClient
from audience_gateway.upstream.settings import UpstreamSettings
from audience_gateway.upstream.statuses import Explanation
from tests.bench.vendor import vendor

_ROUNDS = 5
_CALLS = 1_000
_WARM_UP = 200
_AT_ONCE = (1, 20)
_MEMBERS = {"small": 1, "page of 50": 50}
_MICROSECONDS = 1e6

LoopFactory = Callable[[], asyncio.AbstractEventLoop]


def main() -> None:
    """Measure every combination and print the table."""
    libraries = [library for library in get_args(HttpLibrary) if find_spec(library)]
    table = Table("answer", "loop", "at once", *(f"{library} µs" for library in libraries), "ratio")
    for name, members in _MEMBERS.items():
        with vendor(_page(members)) as address:
            for (loop, factory), at_once in product(_loops().items(), _AT_ONCE):
                costs = _compared(libraries, address, factory, at_once)
                ratio = f"{costs[0] / costs[-1]:.1f}"
                table.add_row(name, loop, str(at_once), *(f"{cost:,.0f}" for cost in costs), ratio)
    Console().print(table)


def _compared(libraries: Sequence[HttpLibrary], address: str, factory: LoopFactory, at_once: int) -> list[float]:
    """The median cost of a call on each library, in microseconds, measured in turns."""
    rounds = []
    for _ in range(_ROUNDS):
        with asyncio.Runner(loop_factory=factory) as runner:
            rounds.append([runner.run(_cost(library, address, at_once)) for library in libraries])
    return [median(costs) for costs in zip(*rounds, strict=True)]


async def _cost(library: HttpLibrary, address: str, at_once: int) -> float:
    transport = open_transport(library)
    resources = ProviderResources(
        key="bench",
        settings={},
        transport=transport,
        store=cast("Store", None),  # remote providers have no use for it
        clock=SystemClock(),
        randomness=random.Random(4),
    )
    settings = UpstreamSettings(base_url=address, api_key=Secret("env:KEY", lambda: "key"))
    client = UpstreamClient(
        resources, settings, authorization=lambda key: {"x-api-key": key}, explain=lambda *_: Explanation()
    )
    try:
        await _calls(client, _WARM_UP, at_once)
        before = time.process_time()
        await _calls(client, _CALLS, at_once)
        return (time.process_time() - before) / _CALLS * _MICROSECONDS
    finally:
        await transport.close()


async def _calls(client: UpstreamClient, number: int, at_once: int) -> None:
    async def caller() -> None:
        for _ in range(number // at_once):
            await client.get(["members"], {"page": "1"}, thing="page")

    await asyncio.gather(*(caller() for _ in range(at_once)))


def _page(members: int) -> bytes:
    person = {
        "id": "c0ffee",
        "email": "ana.silva@example.org",
        "phone": "+12015550100",
        "attributes": {"city": "Cusco"},
    }
    return json.dumps({"data": [{**person, "number": number} for number in range(members)]}).encode()


def _loops() -> dict[str, LoopFactory]:
    loops: dict[str, LoopFactory] = {"asyncio": asyncio.new_event_loop}
    if find_spec("uvloop") is not None:
        import uvloop  # noqa: PLC0415 (it may not be there)

        loops["uvloop"] = uvloop.new_event_loop
    return loops


if __name__ == "__main__":
    main()
