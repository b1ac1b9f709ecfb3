"""CommBox's one reading address and its envelope, in CommBox's words. Source: CommBox contract, Operations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from audience_gateway.upstream.client import UpstreamClient
from audience_gateway.upstream.records import array_at, document_of, moment_of
from audience_gateway.upstream.statuses import Explanation


@dataclass(frozen=True, slots=True)
class AudiencesReply:
    """``data`` as sent, and ``response_time`` as a moment; None where it makes no sense."""

    data: list[object]
    response_time: datetime | None


class CommboxClient:
    """The call we make. Raises UpstreamBadResponse for a reply of the wrong shape."""

    def __init__(self, upstream: UpstreamClient, provider_key: str) -> None:
        self._upstream = upstream
        self._key = provider_key

    async def list_audiences(self) -> AudiencesReply:
        """``GET /audiences``: all of them; there is no paging, and only a wrong address answers 404.

        The ``status`` in the body, text or number, must not contradict the reply's own.
        """
        reply = await self._upstream.get(["audiences"], thing="list of audiences", always_there=True)
        document = document_of(self._key, reply.document)
        status = document.fields.get("status")
        if status is not None and (isinstance(status, bool) or str(status) != str(reply.status)):
            raise document.broken("status")
        time = document.fields.get("response_time")
        return AudiencesReply(array_at(document, "data"), moment_of(time) if isinstance(time, str) else None)


def authorization(key: str) -> Mapping[str, str]:
    """The header that carries the key."""
    return {"Authorization": f"Bearer {key}"}


def explain(_status: int, _document: object) -> Explanation:
    """CommBox has no machine words: the status is all there is to rely on."""
    return Explanation()
