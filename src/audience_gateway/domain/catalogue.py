"""The list of all audiences: what can be asked of it, in which order it comes, and how far it can be trusted."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from audience_gateway.domain.audience import Audience, AudienceKind, AudienceStatus, GroupRef
from audience_gateway.domain.errors import GatewayError
from audience_gateway.domain.group import GroupKey


class AudienceSortField(Enum):
    """What a list of audiences is ordered by; audiences without it come last, in either direction."""

    NAME = "NAME"
    CREATED_AT = "CREATED_AT"
    UPDATED_AT = "UPDATED_AT"
    SIZE = "SIZE"
    PROVIDER = "PROVIDER"


class SortDirection(Enum):
    """Which end comes first."""

    ASC = "ASC"
    DESC = "DESC"


@dataclass(frozen=True, slots=True)
class AudienceSort:
    """An order of audiences. Equal ones follow each other by provider key and native id, always ascending."""

    field: AudienceSortField = AudienceSortField.CREATED_AT
    direction: SortDirection = SortDirection.DESC


@dataclass(frozen=True, slots=True)
class MomentRange:
    """From ``start`` up to, not including, ``end``; None is open."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class CountRange:
    """From ``least`` to ``most``, both included; None is open."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceQuery:
    """Which audiences: all conditions hold together; None means no condition.

    :param name_contains: part of the name, without case.
    :param created_at: audiences whose moment is not known are outside every range.
    :param size: audiences whose size is not known are outside every range.
    """

    provider_keys: tuple[str, ...] | None = None
    statuses: tuple[AudienceStatus, ...] = (AudienceStatus.ACTIVE,)
    kinds: tuple[AudienceKind, ...] | None = None
    name_contains: str | None = None
    created_at: MomentRange | None = None
    size: CountRange | None = None
    group: GroupKey | None = None

    @property
    def question(self) -> list[object]:
        """The query as cursors are bound to it: equal for queries that mean the same."""
        return [
            "audiences",
            None if self.provider_keys is None else sorted(set(self.provider_keys)),
            sorted({status.value for status in self.statuses}),
            None if self.kinds is None else sorted({kind.value for kind in self.kinds}),
            self.name_contains,
            self.created_at and [_text(self.created_at.start), _text(self.created_at.end)],
            self.size and [self.size.least, self.size.most],
            self.group and [self.group.provider_key, self.group.native_id],
        ]


@dataclass(frozen=True, slots=True)
class AudiencePosition:
    """Where an audience stands in an ordered list.

    :param value: what the list is ordered by, moments as microseconds since 1970; None stands behind all others.
    """

    value: int | str | None
    provider_key: str
    native_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceWindow:
    """A stretch of an ordered list: up to ``limit`` audiences from one of its ends, between two positions.

    :param provider_keys: the providers whose audiences there are at all.
    :param after: only what stands behind it; None for no bound.
    :param before: only what stands in front of it; None for no bound.
    :param backward: whether the stretch is taken from the far end; it comes in list order all the same.
    """

    query: AudienceQuery
    sort: AudienceSort
    provider_keys: tuple[str, ...]
    limit: int
    after: AudiencePosition | None = None
    before: AudiencePosition | None = None
    backward: bool = False


@dataclass(frozen=True, slots=True)
class PlacedAudience:
    """An audience and where it stands in the list that was asked for."""

    audience: Audience
    position: AudiencePosition


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A group as one of its audiences names it."""

    provider_key: str
    ref: GroupRef

    @property
    def key(self) -> GroupKey:
        """Which group this is."""
        return GroupKey(self.provider_key, self.ref.native_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """How far the index follows one provider.

    :param read_at: when the last read that is in the index began; None before the first.
    :param gap: why not everything of that read could be taken over; None when it could.
    :param failure: why the last read failed, if none has succeeded since; it ended at ``failed_at``.
    :param failures: how many reads have failed since the last that succeeded.
    :param reading_since: when the read that is under way began; None when there is none, or its reader is gone.
    :param suspicion: what a doubtful read left out, for the next one to agree with.
    """

    provider_key: str
    read_at: datetime | None = None
    gap: GatewayError | None = None
    failure: GatewayError | None = None
    failed_at: datetime | None = None
    failures: int = 0
    reading_since: datetime | None = None
    suspicion: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The right to read one provider into the index, held until it is given up, finished or outlived.

    :param number: of all readings of this provider; a later one ends the right of an earlier one.
    :param change: the number of the last change of our own that the provider already knew when the reading began.
    """

    provider_key: str
    number: int
    change: int
    began_at: datetime


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()
