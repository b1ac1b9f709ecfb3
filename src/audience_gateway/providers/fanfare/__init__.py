"""Fanfare, Admin API: audiences and loyalty tiers of a launch platform. README.md has its source and quirks."""

from audience_gateway.providers.fanfare.provider import connect

__all__ = ["connect"]
