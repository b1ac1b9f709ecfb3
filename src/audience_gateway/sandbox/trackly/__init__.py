"""Trackly SMS v2, emulated: dynamic audiences over the contacts of sending lists."""

from audience_gateway.sandbox.trackly.app import create_app
from audience_gateway.sandbox.trackly.seed import seeded

__all__ = ["create_app", "seeded"]
