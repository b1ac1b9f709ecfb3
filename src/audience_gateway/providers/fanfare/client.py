"""Fanfare's addresses and envelopes, in Fanfare's words. Source: Fanfare contract, Audience operations and Paging."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from audience_gateway.domain.errors import NotFound
from audience_gateway.upstream.client import UpstreamClient
from audience_gateway.upstream.records import Record, array_at, decimal_of, document_of
from audience_gateway.upstream.statuses import Explanation

_INCLUDE = "rules,imports,primarySyncSource"
_LITERALS = frozenset({"groups", "loyalty-tiers", "import"})
_SLUG = re.compile(r"[a-z]+(_[a-z]+){0,5}")
_SENTENCES = frozenset(
    {
        "Validation failed",
        "Authentication required",
        "Secret key required",
        "Insufficient permissions",
        "Audience not found",
        "Group not found",
        "Audience is not a static list",
        "Audience is not a synced list",
        "Audience is not dynamic",
        "Audience has no sync source",
        "Sync already in progress",
        "Rate limit exceeded",
    }
)


@dataclass(frozen=True, slots=True)
class DataPage:
    """``data`` and ``pageInfo`` as sent.

    :param path: where the rows stand in the document: ``data``, or empty for a bare array.
    :param whole: whether it is a bare array, which has no cursors and holds everything there is.
    :param has_next: ``hasNextPage``, which Fanfare does not document; None when it is not there.
    """

    data: list[object]
    path: str
    whole: bool
    end_cursor: str | None = None
    has_next: bool | None = None


class FanfareClient:
    """The calls we make. All raise UpstreamBadResponse for a reply of the wrong shape."""

    def __init__(self, upstream: UpstreamClient, provider_key: str) -> None:
        self._upstream = upstream
        self._key = provider_key

    async def list_audiences(self, *, first: int, after: str | None) -> DataPage:
        """``GET /audiences``: one page of audiences that are not archived, with their relations."""
        return await self._page(
            ["audiences"], {"include": _INCLUDE}, first, after, "list of audiences", always_there=True
        )

    async def get_audience(self, audience_id: str) -> Record:
        """``GET /audiences/:audienceId``: one audience with its relations, archived or not."""
        reply = await self._upstream.get(
            self._audience(audience_id), {"include": _INCLUDE}, thing=f"audience {audience_id}"
        )
        return document_of(self._key, reply.document)

    async def get_status(self, audience_id: str) -> Record:
        """``GET /audiences/:audienceId/status``: how far stored membership follows the definition."""
        reply = await self._upstream.get([*self._audience(audience_id), "status"], thing=f"audience {audience_id}")
        return document_of(self._key, reply.document)

    async def get_count(self, audience_id: str) -> Record:
        """``GET /audiences/:audienceId/count``: the size of the stored membership."""
        reply = await self._upstream.get([*self._audience(audience_id), "count"], thing=f"audience {audience_id}")
        return document_of(self._key, reply.document)

    async def list_members(
        self, audience_id: str, *, first: int, after: str | None, search: str | None, with_audiences: bool
    ) -> DataPage:
        """``GET /audiences/:audienceId/members``: one page of consumers, each with its ``audiences`` if asked for."""
        query = {"search": search} if search else {}
        if with_audiences:
            query["include"] = "audiences"
        path = [*self._audience(audience_id), "members"]
        return await self._page(path, query, first, after, f"audience {audience_id}")

    async def get_group(self, group_id: str) -> DataPage:
        """``GET /audiences/groups/:groupId``: all audiences of a group, with rules and imports."""
        reply = await self._upstream.get(["audiences", "groups", group_id], thing=f"group {group_id}")
        return self._data(reply.document)

    async def list_group_members(
        self, group_id: str, *, first: int, after: str | None, search: str | None, audience_id: str | None
    ) -> DataPage:
        """``GET /audiences/groups/:groupId/members``: one page of consumers, each with ``audienceIds``."""
        query = {"search": search} if search else {}
        if audience_id is not None:
            query["audienceId"] = audience_id
        return await self._page(["audiences", "groups", group_id, "members"], query, first, after, f"group {group_id}")

    def _audience(self, audience_id: str) -> list[str]:
        """The path of an audience; words that Fanfare routes elsewhere cannot be identifiers."""
        if audience_id in _LITERALS:
            raise NotFound(f"{self._key} has no audience {audience_id}.", provider_key=self._key)
        return ["audiences", audience_id]

    async def _page(
        self,
        path: list[str],
        query: Mapping[str, str],
        first: int,
        after: str | None,
        thing: str,
        *,
        always_there: bool = False,
    ) -> DataPage:
        paging = {"first": str(first)} if after is None else {"first": str(first), "after": after}
        reply = await self._upstream.get(path, {**query, **paging}, thing=thing, always_there=always_there)
        return self._data(reply.document)

    def _data(self, document: object) -> DataPage:
        if isinstance(document, list):
            return DataPage(document, "", whole=True)
        root = document_of(self._key, document)
        info = root.record("pageInfo")
        if info is None:
            return DataPage(array_at(root, "data"), "data", whole=False)
        has_next = info.fields.get("hasNextPage")
        return DataPage(
            array_at(root, "data"),
            "data",
            whole=False,
            end_cursor=info.text("endCursor") or None,
            has_next=has_next if isinstance(has_next, bool) else None,
        )


def authorization(key: str) -> Mapping[str, str]:
    """The header that carries the key."""
    return {"Authorization": f"Bearer {key}"}


def explain(_status: int, document: object) -> Explanation:
    """Fanfare's documented sentence or slug in ``error``, and ``retryAfter`` in seconds.

    Any other sentence, ``message``, ``details`` (array or object) and ``issues`` may quote what was sent and are left
    out. Source: Fanfare contract, Errors and Audience operations.
    """
    if not isinstance(document, Mapping):
        return Explanation()
    sentence, seconds = document.get("error"), decimal_of(document.get("retryAfter"))
    return Explanation(
        sentence if isinstance(sentence, str) and (sentence in _SENTENCES or _SLUG.fullmatch(sentence)) else None,
        float(seconds) if seconds is not None and seconds >= 0 else None,
    )
