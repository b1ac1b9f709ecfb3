"""Audience Gateway: one GraphQL API over scattered audiences. Start reading at ``ports``."""

__version__ = "0.1.0"
