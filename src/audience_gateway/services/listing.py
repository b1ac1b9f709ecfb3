"""All audiences of one provider, read page by page to the end."""

from dataclasses import dataclass

from audience_gateway.domain.audience import Audience, AudienceStatus
from audience_gateway.domain.errors import GatewayError, UpstreamBadResponse
from audience_gateway.domain.page import PAGE_LIMIT
from audience_gateway.ports import Provider

_MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class Listing:
    """The audiences, each once, in the provider's order, and one problem for each record that could not be read."""

    audiences: tuple[Audience, ...]
    problems: tuple[GatewayError, ...]


async def read_listing(provider: Provider, status: AudienceStatus) -> Listing:
    """Read every page; raises what the provider raises, and UpstreamBadResponse for a list that never ends."""
    found: dict[str, Audience] = {}
    problems: list[GatewayError] = []
    after: str | None = None
    for _ in range(_MOST_PAGES):
        page = await provider.list_audiences(status=status, first=PAGE_LIMIT, after=after)
        for audience in page.values:
            found.setdefault(audience.native_id, audience)
        problems.extend(page.problems)
        if page.has_next is False or page.end_cursor is None:
            return Listing(tuple(found.values()), tuple(problems))
        if page.end_cursor == after:
            break
        after = page.end_cursor
    raise UpstreamBadResponse(f"{provider.key} lists audiences without end.", provider_key=provider.key)
