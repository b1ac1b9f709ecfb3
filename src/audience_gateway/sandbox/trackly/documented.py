"""The audiences printed for Trackly, with their printed values.

"High-Value Clickers" is the one that Trackly's own pages print, in its list, get, update and size examples. "Recent
clickers" and "Texas buyers" are the samples of our contract.
"""

from audience_gateway.sandbox.trackly.segments import clicked, count, custom, every, revenue, some
from audience_gateway.sandbox.trackly.state import Audience


def documented_audiences() -> tuple[Audience, ...]:
    """Trackly's own example, the contract's list sample and what its create sample would have made."""
    return (_high_value_clickers(), _recent_clickers(), _texas_buyers())


def _high_value_clickers() -> Audience:
    """The cached size is as printed, far beyond the contacts seeded here: it was counted before."""
    return {
        "id": "664f1a2b3c4d5e6f7a8b9c0d",
        "name": "High-Value Clickers",
        "description": "Contacts who clicked at least 3 times in the last 30 days",
        "source_lists": [101, 102],
        "filter": every(clicked("within", 30), count("click_count", "gte", 3)),
        "cached_size": 12_480,
        "cached_size_updated_at": "2025-11-15T08:30:00",
        "status": "active",
        "created_at": "2025-10-01T14:22:00",
    }


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
