"""The settings of an OliAI account."""

from typing import Annotated

from pydantic import Field

from audience_gateway.upstream.settings import UpstreamSettings


class OliaiSettings(UpstreamSettings):
    """``base_url`` includes the version: ``https://api.oliai.in/v1``."""

    display_name: Annotated[str, Field(min_length=1, max_length=100)] = "OliAI"
    """What people call this account."""
