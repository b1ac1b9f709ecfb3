"""An audience: a named group of people at one provider, and what hangs on it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum

from audience_gateway.domain.rule import Rule


class AudienceKind(Enum):
    """How an audience gets its members: by hand, by a rule, or from an outside list."""

    STATIC = "STATIC"
    DYNAMIC = "DYNAMIC"
    SYNCED = "SYNCED"
    UNKNOWN = "UNKNOWN"


class AudienceStatus(Enum):
    """Whether an audience is in use."""

    ACTIVE = "ACTIVE"
    ARCHIVED = "ARCHIVED"


class SizeBasis(Enum):
    """What a size is worth: counted now, remembered, counted from stored membership, or not known."""

    LIVE = "LIVE"
    CACHED = "CACHED"
    MATERIALIZED = "MATERIALIZED"
    UNKNOWN = "UNKNOWN"


class JobState(Enum):
    """Where long work stands; UNKNOWN is any word of a provider's that we do not know."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class AudienceRef:
    """Which audience: the configured account and the provider's own identifier."""

    provider_key: str
    native_id: str


@dataclass(frozen=True, slots=True)
class AudienceSize:
    """How many people. ``value`` is None when the provider does not know; ``as_of`` is when it was true."""

    value: int | None
    basis: SizeBasis
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceList:
    """A sending list that scopes an audience. ``name`` and ``contact_count`` are None when not read along."""

    native_id: str
    name: str | None = None
    contact_count: int | None = None


class GroupKind(Enum):
    """What holds a group of audiences together."""

    LOYALTY_TIERS = "LOYALTY_TIERS"
    RFM = "RFM"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class GroupRef:
    """The group an audience belongs to."""

    native_id: str
    name: str
    kind: GroupKind


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyTier:
    """One step of a loyalty ladder: from ``start_value`` up to, not including, ``end_value`` (None: open).

    ``attribute`` is what the values measure, in the provider's word; ``order`` is the position in the ladder.
    """

    name: str
    attribute: str | None = None
    order: int | None = None
    start_value: Decimal | None = None
    end_value: Decimal | None = None
    icon_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Materialization:
    """How far stored membership follows the definition; ``problem`` is the provider's word for the last failure."""

    state: JobState
    member_count: int | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncSource:
    """The outside list a synced audience is fed from."""

    vendor: str
    external_id: str | None
    state: JobState
    last_synced_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """One file import as the provider reports it; counts are rows, ``progress`` is 0 to 1.

    :param finished_at: when it came to its end, and not when it was last touched.
    """

    native_id: str
    state: JobState
    total: int | None
    processed: int
    errors: int
    progress: float | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """What a provider says about one audience. Facts the provider does not have are None, never guessed.

    :param size: None when the provider wants a call of its own for it (``Provider.read_size``).
    :param rule: None for a static audience and where the provider hides it.
    :param source_lists: sending lists that scope it, empty for all of them; None where the provider has none.
    :param imports: newest first; None where the provider has none or did not send them along.
    :param members_as_of: when stored membership was last brought up to date; None where the provider does not say.
    :param fetched_at: when the provider told us.
    :param raw: the provider's own payload.
    """

    provider_key: str
    native_id: str
    name: str
    kind: AudienceKind
    status: AudienceStatus
    fetched_at: datetime
    description: str | None = None
    size: AudienceSize | None = None
    rule: Rule | None = None
    source_lists: tuple[SourceList, ...] | None = None
    group: GroupRef | None = None
    tier: LoyaltyTier | None = None
    sync_source: SyncSource | None = None
    imports: tuple[ImportRun, ...] | None = None
    members_as_of: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    raw: Mapping[str, object] | None = None

    @property
    def ref(self) -> AudienceRef:
        """Which audience this is."""
        return AudienceRef(self.provider_key, self.native_id)

    def dated(self, size: AudienceSize) -> AudienceSize:
        """A size of this audience with its moment; stored membership that was counted is as old as itself."""
        if size.as_of is not None or size.basis is not SizeBasis.MATERIALIZED:
            return size
        return replace(size, as_of=self.members_as_of)
