"""OliAI, emulated: outbound voice campaigns over contacts, public API v1."""

from audience_gateway.sandbox.oliai.app import create_app
from audience_gateway.sandbox.oliai.seed import seeded

__all__ = ["create_app", "seeded"]
