"""The settings every provider over HTTP has; a dialect adds its own by subclassing."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from audience_gateway.config import Secret
from audience_gateway.domain.loopback import is_loopback


def _base_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:  # its own words would repeat the address, which may hold a password
        raise ValueError("must be an https address") from None
    plain = value.isascii() and value.isprintable() and not set(value) & {" ", "\\"}
    if parts.scheme not in {"http", "https"} or not host or port == 0 or not plain:
        raise ValueError("must be an https address")
    if parts.username is not None or set(value) & {"?", "#"}:
        raise ValueError("must hold neither user, query nor fragment")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("must be https; plain http is only for loopback")
    return value.rstrip("/")


def _secret(value: object) -> Secret:
    if not isinstance(value, Secret):
        raise ValueError('must be "env:NAME" or "file:PATH"')  # noqa: TRY004 (pydantic reads ValueError)
    if not value.reveal().isascii() or not value.reveal().isprintable():
        raise ValueError("holds characters that no header can carry")
    return value


class UpstreamSettings(BaseModel):
    """Address, key and patience of one account."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        arbitrary_types_allowed=True,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )

    base_url: Annotated[str, AfterValidator(_base_url)]
    """Resource paths are appended to it; plain http only to loopback."""
    api_key: Annotated[object, AfterValidator(_secret)]
    """Where the key comes from: ``env:NAME`` or ``file:PATH``."""
    deadline_seconds: Annotated[float, Field(gt=0, le=120)] = 10.0
    """How long one operation may take in all, retries and waits included."""
    attempt_seconds: Annotated[float, Field(gt=0, le=120)] = 2.0
    """How long a single try may take."""

    @property
    def secret(self) -> Secret:
        """The key."""
        return _secret(self.api_key)
