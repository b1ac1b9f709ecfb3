"""Which HTTP library calls the providers."""

import re
from collections.abc import Callable
from importlib import metadata

from audience_gateway.config import HttpLibrary
from audience_gateway.domain.errors import ConfigurationError
from audience_gateway.ports import HttpTransport
from audience_gateway.upstream.httpx_transport import HttpxTransport

_OLDEST_AIOHTTP = (3, 14)


def open_transport(
    library: HttpLibrary | None = None, *, version_of: Callable[[str], str] = metadata.version
) -> HttpTransport:
    """A transport on ``library``; with None on aiohttp, the cheaper one, where that is installed, else on httpx.

    :param version_of: the version of an installed distribution; raises PackageNotFoundError without one.

    Raises ConfigurationError when ``library`` is not installed.
    """
    fast = _has_aiohttp(version_of)
    if library == "httpx" or (library is None and not fast):
        return HttpxTransport()
    if not fast:
        raise ConfigurationError(
            ["gateway.transport: aiohttp 3.14 or newer is not installed; audience-gateway[fast] brings it"]
        )
    from audience_gateway.upstream.aiohttp_transport import AiohttpTransport  # noqa: PLC0415 (it may not be there)

    return AiohttpTransport()


def _has_aiohttp(version_of: Callable[[str], str]) -> bool:
    try:
        found = re.match(r"(\d+)\.(\d+)", version_of("aiohttp"))
    except metadata.PackageNotFoundError:
        return False
    return found is not None and (int(found[1]), int(found[2])) >= _OLDEST_AIOHTTP
