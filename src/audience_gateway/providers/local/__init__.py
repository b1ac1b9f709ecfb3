"""Our own store, offered like anyone else's."""

from audience_gateway.providers.local.provider import connect

__all__ = ["connect"]
