"""The audiences that Trackly's contract prints, with their printed values."""

from audience_gateway.sandbox.trackly.segments import clicked, count, custom, every, revenue, some
from audience_gateway.sandbox.trackly.state import Audience


def documented_audiences() -> tuple[Audience, ...]:
    """The list example and the audience that the create example would have made."""
    return (_recent_clickers(), _texas_buyers())


def _recent_clickers() -> Audience:
    return {
        "id": "66a0c1d2e3f405162738495a",
        "name": "Recent clickers",
        "description": None,
        "source_lists": [],
        "filter": every(clicked("within", 7)),
        "cached_size": 420,
        "cached_size_updated_at": "2026-01-05T09:00:00",
        "status": "active",
        "created_at": "2026-01-02T10:15:00",
    }


def _texas_buyers() -> Audience:
    """Identifier and creation are ours; the contract prints the request only."""
    return {
        "id": "66a0c1d2e3f405162738495b",
        "name": "Texas buyers",
        "description": "Bought at least once",
        "source_lists": [42],
        "filter": every(
            custom("state", "in", ["TX", "Texas"]),
            some(revenue("has_revenue", "eq", value=True), count("click_count", "gt", 5)),
        ),
        "cached_size": None,
        "cached_size_updated_at": None,
        "status": "active",
        "created_at": "2026-01-03T08:30:00",
    }
