"""A table of the configured providers, asked now."""

import asyncio

from rich.console import Console
from rich.table import Table

from audience_gateway.bootstrap import assemble, opened
from audience_gateway.config import LOCAL_KEY, Settings
from audience_gateway.domain.audience import AudienceStatus
from audience_gateway.graphql.context import Services
from audience_gateway.services.guard import Guarded
from audience_gateway.services.sources import SourceState


async def show(settings: Settings) -> bool:
    """Print the table; True when every provider answered."""
    async with opened(assemble(settings)) as services:
        deadline = asyncio.get_running_loop().time() + services.deadline_seconds
        rows = await _rows(services, deadline)
    table = Table("provider", "dialect", "health", "audiences", "problem")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
    return all(row[-1] == "" for row in rows)


async def _rows(services: Services, deadline: float) -> list[tuple[str, str, str, str, str]]:
    providers = services.directory.providers
    await providers[LOCAL_KEY].list_audiences(status=AudienceStatus.ACTIVE, first=1, after=None)
    reports = await services.sources.report(providers, (), max_age_seconds=0, deadline=deadline)
    rows = []
    for report in reports:
        provider = providers[report.provider_key]
        counts = await services.catalogue.counts(provider.key) if report.state is SourceState.FRESH else {}
        told = [f"{number} {status.value.lower()}" for status, number in counts.items() if _told(provider, status)]
        problem = f"{report.problem.code.value}: {report.problem.message}" if report.problem else ""
        rows.append((provider.key, provider.dialect, provider.health.state.value, ", ".join(told), problem))
    return rows


def _told(provider: Guarded, status: AudienceStatus) -> bool:
    return status in provider.capabilities.statuses
