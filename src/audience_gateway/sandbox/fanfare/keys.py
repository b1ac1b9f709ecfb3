"""The invented API keys Fanfare accepts, and those it refuses for a reason of their own."""

from collections.abc import Mapping
from types import MappingProxyType

ORGANIZATION = "org_01J0000000000000000000001"

API_KEY = "sk_live_" + "fanfaresandbox".ljust(32, "0")
TEST_KEY = "sk_test_" + "fanfaresandbox".ljust(32, "0")
PUBLISHABLE_KEY = "pk_live_" + "fanfaresandbox".ljust(32, "0")
RESTRICTED_KEY = "sk_live_" + "fanfarerestricted".ljust(32, "0")
"""A secret key without permission for audiences."""

PUBLISHABLE_PREFIX = "pk_"

ORGANIZATIONS: Mapping[str, str] = MappingProxyType(
    {
        API_KEY: ORGANIZATION,
        TEST_KEY: ORGANIZATION,
        PUBLISHABLE_KEY: ORGANIZATION,
        RESTRICTED_KEY: ORGANIZATION,
    }
)
"""The organisation of each known key."""
