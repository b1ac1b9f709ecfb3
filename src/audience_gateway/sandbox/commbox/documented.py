"""The audiences that CommBox's contract prints, with their printed values."""

import random
from datetime import UTC, datetime

from audience_gateway.sandbox.commbox.state import Audience, AudienceType

_NORTH_EAST_SIZE = 1542


def documented_audiences(phones: tuple[str, ...]) -> tuple[Audience, ...]:
    """The two audiences of the list example; members are drawn from ``phones`` to the printed count."""
    source = random.Random("commbox documented")
    return (
        Audience(
            id="31801",
            name="North-East over 50",
            created_time=datetime(2025, 10, 1, 9, 10, tzinfo=UTC),
            type=AudienceType.STATIC,
            members=frozenset(source.sample(phones, min(_NORTH_EAST_SIZE, len(phones)))),
        ),
        Audience(
            id="45920",
            name="VIP live",
            created_time=datetime(2025, 11, 1, 8, 30, tzinfo=UTC),
            type=AudienceType.DYNAMIC,
        ),
    )
