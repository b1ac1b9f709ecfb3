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
    passed: set[str] = set()
    for _ in range(_MOST_PAGES):
        page = await provider.list_audiences(status=status, first=PAGE_LIMIT, after=after)
        for audience in page.values:
            found.setdefault(audience.native_id, audience)
        problems.extend(page.problems)
        after = page.end_cursor
        if page.has_next is False or after is None:
            if page.has_next:
                problems.append(_stopped_short(provider))
            return Listing(tuple(found.values()), tuple(problems))
        if after in passed:
            break
        passed.add(after)
    raise UpstreamBadResponse(f"{provider.key} lists audiences without end.", provider_key=provider.key)


def _stopped_short(provider: Provider) -> UpstreamBadResponse:
    return UpstreamBadResponse(
        f"{provider.key} says that more audiences follow and sends none.", provider_key=provider.key
    )
