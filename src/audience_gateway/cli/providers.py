"""A table of the configured providers, asked now."""

import asyncio

from rich.console import Console
from rich.table import Table

from audience_gateway.bootstrap import assemble, opened
from audience_gateway.config import Settings
from audience_gateway.domain.errors import GatewayError
from audience_gateway.services.directory import Directory, ListingKey


async def show(settings: Settings) -> bool:
    """Print the table; True when every provider answered."""
    async with opened(assemble(settings)) as services:
        deadline = asyncio.get_running_loop().time() + services.deadline_seconds
        rows = await _rows(services.directory, deadline)
    table = Table("provider", "dialect", "health", "audiences", "problem")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
    return all(row[-1] == "" for row in rows)


async def _rows(directory: Directory, deadline: float) -> list[tuple[str, str, str, str, str]]:
    keys = [
        ListingKey(key, status)
        for key, provider in directory.providers.items()
        for status in sorted(provider.capabilities.statuses, key=lambda status: status.value)
    ]
    answers = dict(zip(keys, await directory.list_audiences(keys, deadline=deadline), strict=True))
    rows = []
    for key, provider in directory.providers.items():
        own = {asked.status: answer for asked, answer in answers.items() if asked.provider_key == key}
        failures = [answer for answer in own.values() if isinstance(answer, GatewayError)]
        counts = [
            f"{len(answer.audiences)} {status.value.lower()}"
            for status, answer in own.items()
            if not isinstance(answer, GatewayError)
        ]
        problem = f"{failures[0].code.value}: {failures[0].message}" if failures else ""
        rows.append((key, provider.dialect, provider.health.state.value, ", ".join(counts), problem))
    return rows
