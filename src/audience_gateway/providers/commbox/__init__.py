"""CommBox, API 2.07: audiences of a customer service desk. README.md has its source, quirks and limits."""

from audience_gateway.providers.commbox.provider import connect

__all__ = ["connect"]
