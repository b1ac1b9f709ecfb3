"""The settings of a Trackly account."""

from typing import Annotated

from pydantic import Field

from audience_gateway.upstream.settings import UpstreamSettings


class TracklySettings(UpstreamSettings):
    """``base_url`` includes the version: ``https://app.tracklysms.com/api/v2``."""

    display_name: Annotated[str, Field(min_length=1, max_length=100)] = "Trackly"
    """What people call this account."""
