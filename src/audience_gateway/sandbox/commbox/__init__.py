"""CommBox, emulated: static audiences of phone numbers, and dynamic ones that only name themselves."""

from audience_gateway.sandbox.commbox.app import create_app
from audience_gateway.sandbox.commbox.seed import seeded

__all__ = ["create_app", "seeded"]
