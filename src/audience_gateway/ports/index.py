"""The list of all audiences of all providers, and how it is kept up to date."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from audience_gateway.domain.audience import (
    Audience,
    AudienceRef,
    AudienceSize,
    AudienceStatus,
)
from audience_gateway.domain.catalogue import (
    AudienceQuery,
    AudienceWindow,
    KnownGroup,
    PlacedAudience,
    Reading,
    SourceRecord,
)
from audience_gateway.domain.errors import GatewayError


class AudienceIndex(Protocol):
    """All audiences of all providers in one ordered table: the local ones, and of the others what they last said.

    Raises StoreBusy when the database is locked or away.
    """

    async def page(self, window: AudienceWindow) -> Sequence[PlacedAudience]:
        """The stretch, in list order."""
        ...

    async def count(self, query: AudienceQuery, provider_keys: Sequence[str]) -> int:
        """How many audiences of those providers the query admits."""
        ...

    async def count_of_unknown_size(self, query: AudienceQuery, provider_keys: Sequence[str]) -> Mapping[str, int]:
        """How many audiences ``query.size`` leaves out because their size is not known, by provider; zeros left out."""
        ...

    async def find(self, refs: Sequence[AudienceRef]) -> Mapping[AudienceRef, Audience]:
        """The audiences among ``refs``, in one statement; unknown ones are left out."""
        ...

    async def audiences_of(self, member_ids: Sequence[str]) -> Mapping[str, Sequence[AudienceRef]]:
        """The active local audiences that each of those people of the local store is in, in one statement.

        Raises CostExceeded for more than 20,000 memberships in all.
        """
        ...

    async def groups(self, provider_keys: Sequence[str]) -> Sequence[KnownGroup]:
        """Every group that an active audience of those providers names, once."""
        ...

    async def sources(self, provider_keys: Sequence[str], *, now: datetime) -> Mapping[str, SourceRecord]:
        """How far each of those providers is followed, in one statement; one that was never read has a blank record."""
        ...

    async def adopt(self, accounts: Mapping[str, str]) -> None:
        """Say whose audiences stand under each provider key; what was known of another account is forgotten."""
        ...

    async def begin(
        self, provider_key: str, *, wanted_since: datetime, now: datetime, lease_seconds: float
    ) -> Reading | None:
        """Take the right to read that provider.

        None while somebody else has it and has shown life in time, and when there is no need to: a reading that began
        at ``wanted_since`` or later is in the index.
        """
        ...

    async def stage(
        self, reading: Reading, audiences: Sequence[Audience], *, now: datetime, lease_seconds: float
    ) -> Sequence[str]:
        """Put audiences aside, replacing those put aside before, and hold the right on; nothing shows yet.

        Returns the native ids that no database can hold, which are left out. Raises Superseded.
        """
        ...

    async def restart(self, reading: Reading) -> None:
        """Forget what was put aside. Raises Superseded."""
        ...

    async def missing(self, reading: Reading, statuses: Collection[AudienceStatus]) -> tuple[int, Sequence[str]]:
        """How many audiences of those statuses the index has, and the native ids of those not put aside, in order.

        Audiences that we have changed ourselves since the reading began are not among them.
        """
        ...

    async def finish(
        self,
        reading: Reading,
        *,
        statuses: Collection[AudienceStatus],
        retire: bool,
        kept: Collection[str] = (),
        gap: GatewayError | None = None,
        doubt: tuple[GatewayError, str] | None = None,
    ) -> None:
        """Take over what was put aside, in one transaction, and give up the right. Raises Superseded.

        What we have changed ourselves since the reading began stays as it is.

        :param statuses: those that were read.
        :param retire: whether audiences of those statuses that were not put aside leave the index, but for ``kept``.
        :param gap: why not everything could be put aside.
        :param doubt: why the reading is not trusted, and what it left out: the failure and suspicion to remember.
        """
        ...

    async def abandon(self, reading: Reading, failure: GatewayError | None, *, now: datetime) -> None:
        """Give up the right, saying what went wrong if anything did; nothing happens when it is lost already."""
        ...

    async def put(self, audience: Audience) -> None:
        """Take over what a provider answered to a write of ours; no reading that has begun before undoes it."""
        ...

    async def remove(self, ref: AudienceRef) -> None:
        """Take out an audience that is gone; no reading that has begun before brings it back."""
        ...

    async def sizes_due(self, provider_key: str, *, before: datetime, limit: int) -> Sequence[Audience]:
        """Active audiences whose size was never noted, or not since ``before``, the longest due first."""
        ...

    async def note_sizes(self, sizes: Mapping[AudienceRef, AudienceSize], *, now: datetime) -> None:
        """Keep sizes that were asked for one by one."""
        ...
