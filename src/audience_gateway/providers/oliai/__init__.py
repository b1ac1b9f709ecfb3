"""OliAI, public API v1: hand-picked audiences for voice campaigns. README.md has its source, quirks and limits."""

from audience_gateway.providers.oliai.provider import connect

__all__ = ["connect"]
