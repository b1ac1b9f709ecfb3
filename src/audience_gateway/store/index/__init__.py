"""The index of all audiences: what other providers said, beside the local ones, in one ordered table."""

from audience_gateway.store.index.sql_index import SqlAudienceIndex

__all__ = ["SqlAudienceIndex"]
