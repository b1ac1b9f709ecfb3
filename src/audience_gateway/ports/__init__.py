"""What the core asks of the outside world: a provider of audiences, a store, a way out over HTTP, a clock.

Read this first, beginning with ``provider``. ``tests/contract`` is the promise of :class:`Provider`, executable.
"""

from audience_gateway.ports.clock import Clock
from audience_gateway.ports.http import HttpReply, HttpRequest, HttpTransport
from audience_gateway.ports.index import AudienceIndex
from audience_gateway.ports.members import MembersRequest
from audience_gateway.ports.provider import Connect, Provider, ProviderResources
from audience_gateway.ports.store import Store

__all__ = [
    "AudienceIndex",
    "Clock",
    "Connect",
    "HttpReply",
    "HttpRequest",
    "HttpTransport",
    "MembersRequest",
    "Provider",
    "ProviderResources",
    "Store",
]
