"""The dialects we speak, one folder each; none knows another."""

from collections.abc import Mapping
from types import MappingProxyType

REGISTRY: Mapping[str, str] = MappingProxyType(
    {
        "local": "audience_gateway.providers.local:connect",
        "trackly": "audience_gateway.providers.trackly:connect",
        "commbox": "audience_gateway.providers.commbox:connect",
        "oliai": "audience_gateway.providers.oliai:connect",
        "fanfare": "audience_gateway.providers.fanfare:connect",
    }
)
"""Dialect -> ``package.module:connect``, a :class:`audience_gateway.ports.Connect`."""
