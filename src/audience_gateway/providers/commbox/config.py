"""The settings of a CommBox account."""

from typing import Annotated

from pydantic import Field

from audience_gateway.upstream.settings import UpstreamSettings


class CommboxSettings(UpstreamSettings):
    """``base_url`` has no version: ``https://api.commbox.io``."""

    display_name: Annotated[str, Field(min_length=1, max_length=100)] = "CommBox"
    """What people call this account."""
