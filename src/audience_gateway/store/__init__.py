"""The gateway's own database: SQLite in a file, or PostgreSQL, behind one code path."""

from audience_gateway.store.sql_store import SqlStore, open_store

__all__ = ["SqlStore", "open_store"]
