"""Audience Gateway: one GraphQL API over scattered audiences. Start reading at ``ports.py``."""

__version__ = "0.1.0"
