"""The settings of a Fanfare account."""

from typing import Annotated

from pydantic import Field, field_validator

from audience_gateway.config import Secret
from audience_gateway.upstream.settings import UpstreamSettings


class FanfareSettings(UpstreamSettings):
    """``base_url`` includes the path up to the version: ``https://admin.fanfare.io/api/v1``."""

    display_name: Annotated[str, Field(min_length=1, max_length=100)] = "Fanfare"
    """What people call this account."""

    @field_validator("api_key")
    @classmethod
    def _is_secret_key(cls, value: object) -> object:
        """Fanfare refuses publishable keys on every operation."""
        if isinstance(value, Secret) and value.reveal().startswith("pk_"):
            raise ValueError("must be a secret key (sk_...), not a publishable one (pk_...)")
        return value
