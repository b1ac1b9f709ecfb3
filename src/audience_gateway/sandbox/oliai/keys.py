"""The invented API keys OliAI accepts, and those it refuses for a reason of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

ORGANIZATION = "org_1"
OTHER_ORGANIZATION = "org_2"

API_KEY = "sk_live_" + "oliaisandbox".ljust(32, "0")
OTHER_ORGANIZATION_KEY = "sk_live_" + "oliaineighbour".ljust(32, "0")
REVOKED_KEY = "sk_live_" + "oliairevoked".ljust(32, "0")
EXPIRED_KEY = "sk_live_" + "oliaiexpired".ljust(32, "0")
RESTRICTED_KEY = "sk_live_" + "oliairestricted".ljust(32, "0")
"""A valid key without any permission."""


class Standing(Enum):
    """What a known key is good for."""

    ACTIVE = "active"
    REVOKED = "revoked"
    EXPIRED = "expired"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Credential:
    """A known key's organisation and standing."""

    organization: str
    standing: Standing = Standing.ACTIVE


CREDENTIALS: Mapping[str, Credential] = MappingProxyType(
    {
        API_KEY: Credential(ORGANIZATION),
        OTHER_ORGANIZATION_KEY: Credential(OTHER_ORGANIZATION),
        REVOKED_KEY: Credential(ORGANIZATION, Standing.REVOKED),
        EXPIRED_KEY: Credential(ORGANIZATION, Standing.EXPIRED),
        RESTRICTED_KEY: Credential(ORGANIZATION, Standing.RESTRICTED),
    }
)
