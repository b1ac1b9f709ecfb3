"""From CommBox's list of audiences to ours. Source: CommBox contract, Operations (list)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from audience_gateway.domain.audience import Audience, AudienceKind, AudienceSize, AudienceStatus, SizeBasis
from audience_gateway.domain.errors import GatewayError, NotFound, UpstreamBadResponse
from audience_gateway.upstream.records import Record, identifier_of, record_at

_KINDS = MappingProxyType({"Static": AudienceKind.STATIC, "Dynamic": AudienceKind.DYNAMIC})

Place = tuple[bool, int, str, str]
"""Where an audience stands in the list; see :func:`place_of`."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The whole list, read.

    :param audiences: each once, in the order of their places.
    :param problems: one error a record that could not be read.
    :param broken: those of them whose identifier is known.
    """

    provider_key: str
    audiences: tuple[Audience, ...]
    problems: tuple[UpstreamBadResponse, ...]
    broken: Mapping[str, UpstreamBadResponse]

    @property
    def total(self) -> int:
        """How many audiences CommBox has, readable or not."""
        return len(self.audiences) + len(self.problems)

    def find(self, native_id: str) -> Audience | GatewayError:
        """The audience, or why there is none: while a record hides its identifier, absence is not certain."""
        for audience in self.audiences:
            if audience.native_id == native_id:
                return audience
        if native_id in self.broken:
            return self.broken[native_id]
        if len(self.broken) < len(self.problems):
            return self.problems[0]
        return NotFound(f"{self.provider_key} has no audience {native_id}.", provider_key=self.provider_key)


def listing_of(
    provider_key: str, data: list[object], *, response_time: datetime | None, fetched_at: datetime
) -> Listing:
    """The whole list from its ``data`` array."""
    audiences: dict[str, Audience] = {}
    problems: list[UpstreamBadResponse] = []
    broken: dict[str, UpstreamBadResponse] = {}
    for index, value in enumerate(data):
        try:
            audience = _audience_of(record_at(provider_key, value, f"data[{index}]"), response_time, fetched_at)
            audiences.setdefault(audience.native_id, audience)
        except UpstreamBadResponse as error:
            problems.append(error)
            native_id = identifier_of(value.get("id")) if isinstance(value, Mapping) else None
            if native_id is not None:
                broken[native_id] = error
    ordered = sorted(audiences.values(), key=lambda audience: place_of(audience.native_id))
    return Listing(provider_key, tuple(ordered), tuple(problems), broken)


def place_of(native_id: str) -> Place:
    """The sort key of an identifier: numbers by size, however long, then everything else as text."""
    if not (native_id.isascii() and native_id.isdigit()):
        return (True, 0, native_id, native_id)
    digits = native_id.lstrip("0")
    return (False, len(digits), digits, native_id)


def _audience_of(record: Record, response_time: datetime | None, fetched_at: datetime) -> Audience:
    size = record.count("user_count")
    return Audience(
        provider_key=record.provider_key,
        native_id=record.identifier("id"),
        name=record.required_text("name"),
        kind=_KINDS.get(record.text("type") or "", AudienceKind.UNKNOWN),
        status=AudienceStatus.ACTIVE,
        size=AudienceSize(None, SizeBasis.UNKNOWN)
        if size is None
        else AudienceSize(size, SizeBasis.LIVE, response_time),
        created_at=record.moment("created_time"),
        fetched_at=fetched_at,
        raw=record.fields,
    )
