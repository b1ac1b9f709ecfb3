"""OliAI's addresses and envelopes, in OliAI's words. Source: OliAI contract, Operations and Errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from audience_gateway.upstream.client import UpstreamClient
from audience_gateway.upstream.records import Record, array_at, count_of, document_of
from audience_gateway.upstream.statuses import Explanation


@dataclass(frozen=True, slots=True)
class DataPage:
    """``data`` as sent, with ``total`` and ``limit``; None where they make no sense."""

    data: list[object]
    total: int | None
    limit: int | None


class OliaiClient:
    """The calls we make. All raise UpstreamBadResponse for a reply of the wrong shape."""

    def __init__(self, upstream: UpstreamClient, provider_key: str) -> None:
        self._upstream = upstream
        self._key = provider_key

    async def list_audiences(self, *, page: int, limit: int) -> DataPage:
        """``GET /audiences``: one page, from 1, newest first."""
        return await self._page(["audiences"], page, limit, None, "list of audiences", always_there=True)

    async def get_audience(self, audience_id: str) -> Record:
        """``GET /audiences/:id``."""
        reply = await self._upstream.get(["audiences", audience_id], thing=f"audience {audience_id}")
        return document_of(self._key, reply.document)

    async def list_contacts(self, audience_id: str, *, page: int, limit: int, search: str | None) -> DataPage:
        """``GET /audiences/:id/contacts``: one page, from 1, of the audience's contacts."""
        return await self._page(["audiences", audience_id, "contacts"], page, limit, search, f"audience {audience_id}")

    async def list_available_contacts(self, audience_id: str, *, page: int, limit: int, search: str | None) -> DataPage:
        """``GET /audiences/:id/available-contacts``: one page, from 1, of the contacts not yet in the audience."""
        return await self._page(
            ["audiences", audience_id, "available-contacts"], page, limit, search, f"audience {audience_id}"
        )

    async def get_contact(self, contact_id: str) -> Record:
        """``GET /contacts/:id``."""
        reply = await self._upstream.get(["contacts", contact_id], thing=f"member {contact_id}")
        return document_of(self._key, reply.document)

    async def _page(
        self, path: list[str], page: int, limit: int, search: str | None, thing: str, *, always_there: bool = False
    ) -> DataPage:
        query = {"page": str(page), "limit": str(limit)}
        if search:
            query["search"] = search
        reply = await self._upstream.get(path, query, thing=thing, always_there=always_there)
        document = document_of(self._key, reply.document)
        return DataPage(
            array_at(document, "data"),
            count_of(document.fields.get("total")),
            count_of(document.fields.get("limit")),
        )


def authorization(key: str) -> Mapping[str, str]:
    """The header that carries the key."""
    return {"x-api-key": key}


def explain(status: int, document: object) -> Explanation:
    """OliAI has no machine words but the status's own name in ``error``; the text in ``message`` is left out."""
    word = document.get("error") if isinstance(document, Mapping) else None
    phrases = {known.value: known.phrase for known in HTTPStatus}
    return Explanation(word if isinstance(word, str) and word == phrases.get(status) else None)
