"""Trackly's addresses and envelopes, in Trackly's words. Source: Trackly contract, Operations and Errors."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from audience_gateway.upstream.client import UpstreamClient
from audience_gateway.upstream.records import Record, array_at, count_of, document_of
from audience_gateway.upstream.statuses import Explanation

_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class AudiencesPage:
    """``audiences`` as sent, with ``total`` and ``per_page`` of ``pagination``; None where they make no sense."""

    audiences: list[object]
    total: int | None
    per_page: int | None


class TracklyClient:
    """The calls we make. All raise UpstreamBadResponse for a reply of the wrong shape."""

    def __init__(self, upstream: UpstreamClient, provider_key: str) -> None:
        self._upstream = upstream
        self._key = provider_key

    async def list_audiences(self, *, status: str, page: int, per_page: int) -> AudiencesPage:
        """``GET /audiences``: one page, from 1, of ``active`` or ``archived`` audiences, newest first."""
        query = {"status": status, "page": str(page), "per_page": str(per_page)}
        reply = await self._upstream.get(["audiences"], query, thing="list of audiences", always_there=True)
        document = document_of(self._key, reply.document)
        pagination = document.fields.get("pagination")
        facts: Mapping[str, object] = pagination if isinstance(pagination, Mapping) else {}
        return AudiencesPage(
            array_at(document, "audiences"), count_of(facts.get("total")), count_of(facts.get("per_page"))
        )

    async def get_audience(self, audience_id: str) -> Record:
        """``GET /audiences/{id}``: one audience, flat, of either status."""
        reply = await self._upstream.get(["audiences", audience_id], thing=f"audience {audience_id}")
        return document_of(self._key, reply.document)

    async def list_lists(self) -> list[object]:
        """``GET /lists``: every sending list that is not deleted, without paging."""
        reply = await self._upstream.get(["lists"], thing="list of sending lists", always_there=True)
        return array_at(document_of(self._key, reply.document), "lists")


def authorization(key: str) -> Mapping[str, str]:
    """The header that carries the key."""
    return {"X-Api-Key": key}


def explain(_status: int, document: object) -> Explanation:
    """Trackly's machine word for a failure; the text for people beside it is left out."""
    code = document.get("code") if isinstance(document, Mapping) else None
    return Explanation(code if isinstance(code, str) and _CODE.fullmatch(code) else None)
