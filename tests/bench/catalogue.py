"""What the index of audiences costs: CPU time for a page, time and memory for a reading.

Run with ``python -m tests.bench.catalogue``. 100 providers with 100 audiences each, and one provider with 10,000.
CPU time is the whole process's, threads included; the pages are asked for one after the other through the application.
"""

import asyncio
import json
import resource
import statistics
import tempfile
import time
import tracemalloc
from dataclasses import replace
from itertools import islice
from pathlib import Path

from rich.console import Console

from audience_gateway.bootstrap import SystemClock
from audience_gateway.domain.audience import Audience, AudienceSize, AudienceStatus, SizeBasis
from audience_gateway.domain.page import Page, Row
from audience_gateway.services.background import Background
from audience_gateway.store import SqlStore, open_store
from audience_gateway.web.app import create_app
from tests.databases import BOTH, empty_database
from tests.unit.accounts import Account, audience
from tests.unit.services_over import services_over
from tests.unit.web.asgi import call

CONSOLE = Console(width=100, highlight=False)
_ROUNDS = 200
_PAGES = {
    "first page of 20": "{ audiences { nodes { id name kind size { value } provider { key } } } }",
    "with count and sources": """
        { audiences { totalCount complete nodes { id name } sources { state } pageInfo { hasNextPage } } }
    """,
    "first page of 100": "{ audiences(first: 100) { nodes { id name kind size { value } provider { key } } } }",
    "by name, the last 20": """
        { audiences(last: 20, sort: {field: NAME, direction: ASC}) { nodes { id name } } }
    """,
    "name contains": '{ audiences(filter: {nameContains: "audience 99"}) { totalCount nodes { id name } } }',
}


def many(key: str, count: int) -> list[Audience]:
    """Audiences with payloads of about a kilobyte."""
    raw = {"id": "x" * 24, "filter": {"conditions": [{"field": f"f{place}", "value": place} for place in range(20)]}}
    return [
        replace(
            audience(f"{key}-{number}", key, name=f"Audience {number} of {key}", days_old=number % 977),
            size=AudienceSize(number, SizeBasis.LIVE),
            raw=raw,
        )
        for number in range(count)
    ]


class Listed(Account):
    """An account whose pages cost nothing to make."""

    async def list_audiences(self, *, status: AudienceStatus, first: int, after: str | None) -> Page[Audience]:
        if status is not AudienceStatus.ACTIVE:
            return Page(rows=(), has_next=False, total=0)
        start = int(after or 0)
        found = tuple(islice(self.audiences.values(), start, start + first))
        rows = tuple(Row(each, str(place)) for place, each in enumerate(found, start + 1))
        return Page(rows=rows, has_next=start + first < len(self.audiences), total=len(self.audiences))


async def measure(url: str) -> None:
    """Print the figures for one database."""
    store = open_store(url)
    await store.migrate()
    await _pages(store)
    for count in (1_000, 10_000):
        await _reading(store, count)
    await store.close()


async def _pages(store: SqlStore) -> None:
    accounts = [Listed(f"p{number:03}", many(f"p{number:03}", 100)) for number in range(100)]
    services = services_over(accounts, index=store.index, clock=SystemClock(), freshness_seconds=3_600)
    app = create_app(lambda: None, allowed_hosts=[], graphiql=False)  # type: ignore[arg-type,return-value]  # never opened
    for name, query in _PAGES.items():
        body = json.dumps({"query": query}).encode()
        headers = [("host", "localhost"), ("content-type", "application/json")]
        spent: list[float] = []
        for _ in range(_ROUNDS + 5):
            began = time.process_time()
            answer = await call(app, "POST", "/graphql", headers=headers, chunks=[body], state={"services": services})
            spent.append(time.process_time() - began)
            assert "errors" not in answer.json(), answer  # type: ignore[operator]  # an answer is an object
        CONSOLE.print(f"  {name:24} {statistics.median(spent[5:]) * 1000:6.2f} ms of CPU")


async def _reading(store: SqlStore, count: int) -> None:
    background = Background()
    account = Listed(f"large-{count}", many(f"large-{count}", count))
    services = services_over([account], index=store.index, clock=SystemClock(), background=background)

    async def read() -> float:
        began = time.perf_counter()
        deadline = asyncio.get_running_loop().time() + 60
        (report,) = await services.sources.report([account.key], (), max_age_seconds=0, deadline=deadline)
        assert report.state.value == "FRESH", report
        return time.perf_counter() - began

    first, again = await read(), await read()
    tracemalloc.start()
    await read()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    await background.close()
    memory = f"{peak / 2**20:.1f} MiB at most"
    CONSOLE.print(f"  reading {count:6,}         {first:6.2f} s at first, {again:.2f} s again, {memory}")


if __name__ == "__main__":
    for kind in BOTH:
        with tempfile.TemporaryDirectory() as folder, empty_database(kind, Path(folder)) as url:
            CONSOLE.print(kind)
            asyncio.run(measure(url))
    CONSOLE.print(f"peak of the whole process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
