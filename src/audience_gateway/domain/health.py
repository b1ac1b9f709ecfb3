"""How a provider has been doing lately."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from audience_gateway.domain.errors import GatewayError


class HealthState(Enum):
    """UP: the last call worked. DEGRADED: some fail. DOWN: nothing worked lately. UNKNOWN: not asked yet."""

    UP = "UP"
    DEGRADED = "DEGRADED"
    DOWN = "DOWN"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class ProviderHealth:
    """``problem`` is the last failure since the last success; ``retry_at`` when the provider asked us to wait."""

    state: HealthState
    last_success_at: datetime | None = None
    problem: GatewayError | None = None
    retry_at: datetime | None = None
