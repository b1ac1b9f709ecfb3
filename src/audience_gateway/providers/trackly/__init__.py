"""Trackly SMS, API v2: SMS audiences defined by filters. README.md has its source, quirks and limits."""

from audience_gateway.providers.trackly.provider import connect

__all__ = ["connect"]
