"""The audiences printed for CommBox, with their printed values.

"NE_USA-above50" and "VIP" are the two that CommBox's own page prints. "North-East over 50" and "VIP live" are the
samples of our contract.
"""

import random
from datetime import UTC, datetime

from audience_gateway.sandbox.commbox.state import Audience, AudienceType

STATIC_CREATED = datetime(2025, 10, 1, 9, 10, tzinfo=UTC)
"""The printed moment of both static audiences."""

DYNAMIC_CREATED = datetime(2025, 11, 1, 8, 30, tzinfo=UTC)
"""The printed moment of both dynamic audiences."""

_NORTH_EAST_SIZE = 1542


def documented_audiences(phones: tuple[str, ...]) -> tuple[Audience, ...]:
    """CommBox's own examples and the contract's; members are drawn from ``phones`` to the printed count."""
    return (
        _static("31234", "NE_USA-above50", phones),
        _static("31801", "North-East over 50", phones),
        Audience(id="45412", name="VIP", created_time=DYNAMIC_CREATED, type=AudienceType.DYNAMIC),
        Audience(id="45920", name="VIP live", created_time=DYNAMIC_CREATED, type=AudienceType.DYNAMIC),
    )


def _static(number: str, name: str, phones: tuple[str, ...]) -> Audience:
    source = random.Random(f"commbox documented {number}")
    return Audience(
        id=number,
        name=name,
        created_time=STATIC_CREATED,
        type=AudienceType.STATIC,
        members=frozenset(source.sample(phones, min(_NORTH_EAST_SIZE, len(phones)))),
    )
