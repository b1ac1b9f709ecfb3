"""Fanfare, emulated: a launch and loyalty platform, Admin API v1."""

from audience_gateway.sandbox.fanfare.app import create_app
from audience_gateway.sandbox.fanfare.seed import seeded

__all__ = ["create_app", "seeded"]
