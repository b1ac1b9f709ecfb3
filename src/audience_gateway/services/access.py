"""Who a caller is. There is no access control yet: everybody may read everything."""

from audience_gateway.domain.access import READING_SCOPES, Caller
from audience_gateway.services.directory import Directory


def anybody(directory: Directory) -> Caller:
    """A caller without a key."""
    return Caller(scopes=READING_SCOPES, provider_keys=tuple(directory.providers))
