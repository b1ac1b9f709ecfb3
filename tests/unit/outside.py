"""A dialect that is no part of the gateway, and some that are broken."""

from audience_gateway.domain.errors import ConfigurationError
from audience_gateway.ports import Provider, ProviderResources
from tests.unit.accounts import Account

not_a_function = 7


def connect(resources: ProviderResources) -> Provider:
    """A working account."""
    return Account(resources.key)


def refuse(resources: ProviderResources) -> Provider:
    """Two problems of its own."""
    raise ConfigurationError([f"providers.{resources.key}.colour: is missing", f"providers.{resources.key}.size: too"])


def fail(resources: ProviderResources) -> Provider:
    """A bug that would tell the key."""
    raise RuntimeError(f"canary {resources.settings}")
