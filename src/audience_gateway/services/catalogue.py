"""One list over all providers, paged in any order and both ways out of the index of their audiences."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from audience_gateway.config import LOCAL_KEY
from audience_gateway.domain.audience import Audience, AudienceStatus
from audience_gateway.domain.catalogue import (
    AudiencePosition,
    AudienceQuery,
    AudienceSort,
    AudienceWindow,
    PlacedAudience,
)
from audience_gateway.domain.errors import BadInput, StoreBusy, UnsupportedOperation
from audience_gateway.domain.page import PageRequest, Row
from audience_gateway.ports import AudienceIndex, Clock
from audience_gateway.services.cursors import Cursors
from audience_gateway.services.sources import SourceReport, Sources, is_complete


@dataclass(frozen=True, slots=True, kw_only=True)
class AudiencePage:
    """A page over all selected providers; ``complete`` when each of them contributed everything it has.

    What may cost another look is asked when it is wanted: whether rows stand on either side of the page, and how many
    audiences the whole list has, which is known only when it is complete.
    """

    rows: tuple[Row[Audience], ...]
    sources: Sequence[SourceReport]
    complete: bool
    has_next: Callable[[], Awaitable[bool]]
    has_previous: Callable[[], Awaitable[bool]]
    total: Callable[[], Awaitable[int | None]]


class Catalogue:
    """Lists of audiences; every page is held to the providers that are configured now."""

    def __init__(self, index: AudienceIndex, sources: Sources, cursors: Cursors, clock: Clock) -> None:
        self._index = index
        self._sources = sources
        self._cursors = cursors
        self._clock = clock

    async def page(
        self,
        query: AudienceQuery,
        sort: AudienceSort,
        request: PageRequest,
        *,
        max_age_seconds: int | None = None,
        deadline: float,
    ) -> AudiencePage:
        """A page of the audiences that ``query`` admits.

        Raises BadInput for unknown provider keys, BadCursor for cursors of another query or order, and StoreBusy.

        :param max_age_seconds: how old what providers said may be; None for the configured freshness, read anew in
            the background.
        :param deadline: the moment of the event loop's clock by which there must be a page.
        """
        question = [*query.question, sort.field.value, sort.direction.value]
        bounds = [None if cursor is None else self._open(cursor, question) for cursor in request.bounds]
        selected = self._selected(query)
        reports = await self._sources.report(
            selected, query.statuses, max_age_seconds=max_age_seconds, deadline=deadline
        )
        window = AudienceWindow(
            query=query,
            sort=sort,
            provider_keys=selected,
            limit=request.size + 1,
            after=bounds[0],
            before=bounds[1],
            backward=request.backward,
        )
        sources = await self._tell_unknown_sizes(window, reports)
        found = await self._read(window)
        further = len(found) > request.size
        placed = found[-request.size :] if request.backward else found[: request.size]
        beside = _Beside(self._index, window, placed, further=further)
        complete, now = is_complete(sources), self._clock.now()

        async def total() -> int | None:
            return await self._index.count(query, selected) if complete else None

        return AudiencePage(
            rows=tuple(Row(as_of(each.audience, now), self._seal(each.position, question)) for each in placed),
            sources=sources,
            complete=complete,
            has_next=beside.has_next,
            has_previous=beside.has_previous,
            total=total,
        )

    async def counts(self, provider_key: str) -> Mapping[AudienceStatus, int]:
        """How many audiences of each status the index has of that provider."""
        return {
            status: await self._index.count(
                AudienceQuery(provider_keys=(provider_key,), statuses=(status,)), [provider_key]
            )
            for status in AudienceStatus
        }

    async def _read(self, window: AudienceWindow) -> Sequence[PlacedAudience]:
        try:
            found = await self._index.page(window)
        except StoreBusy as error:
            self._sources.witness_store(error)
            raise
        self._sources.witness_store(None)
        return found

    def _selected(self, query: AudienceQuery) -> tuple[str, ...]:
        """The providers that can contribute: for a group, only its own."""
        if query.group is not None and query.group.provider_key not in self._sources.providers:
            raise BadInput(f"filter.groupId: there is no provider {query.group.provider_key!r}.")
        selected = self._sources.select(query.provider_keys, query.statuses)
        only = None if query.group is None else query.group.provider_key
        return tuple(key for key in selected if only in {None, key})

    async def _tell_unknown_sizes(
        self, window: AudienceWindow, reports: Sequence[SourceReport]
    ) -> Sequence[SourceReport]:
        """Say where a range of sizes leaves out audiences whose size nobody knows."""
        if window.query.size is None:
            return reports
        unknown = await self._index.count_of_unknown_size(window.query, window.provider_keys)
        return [
            replace(report, missing=True, problem=report.problem or _unknown_sizes(report.provider_key, number))
            if (number := unknown.get(report.provider_key, 0))
            else report
            for report in reports
        ]

    def _seal(self, position: AudiencePosition, question: object) -> str:
        return self._cursors.seal(
            json.dumps([position.value, position.provider_key, position.native_id]), question=question
        )

    def _open(self, cursor: str, question: object) -> AudiencePosition:
        value, provider_key, native_id = json.loads(self._cursors.open(cursor, question=question))
        return AudiencePosition(value, provider_key, native_id)


def as_of(audience: Audience, now: datetime) -> Audience:
    """The audience as an answer at ``now`` shows it: a local one is the truth, whenever it is read."""
    if audience.provider_key != LOCAL_KEY:
        return audience
    size = None if audience.size is None else replace(audience.size, as_of=now)
    return replace(audience, fetched_at=now, size=size)


class _Beside:
    """Whether rows stand on either side of a page.

    :param further: whether they do on the side that the page was read towards, which is known from reading it.
    """

    def __init__(
        self, index: AudienceIndex, window: AudienceWindow, placed: Sequence[PlacedAudience], *, further: bool
    ) -> None:
        self._index = index
        self._window = window
        self._placed = placed
        self._further = further

    async def has_next(self) -> bool:
        if not self._window.backward and self._placed:
            return self._further or (self._window.before is not None and await self._any(after=self._last))
        if not self._placed:
            return self._window.before is not None and await self._any(after=self._window.after)
        return await self._any(after=self._last)

    async def has_previous(self) -> bool:
        if self._window.backward and self._placed:
            return self._further or (self._window.after is not None and await self._any(before=self._first))
        if not self._placed:
            return self._window.after is not None and await self._any(before=self._window.before)
        return await self._any(before=self._first)

    @property
    def _first(self) -> AudiencePosition:
        return self._placed[0].position

    @property
    def _last(self) -> AudiencePosition:
        return self._placed[-1].position

    async def _any(self, *, after: AudiencePosition | None = None, before: AudiencePosition | None = None) -> bool:
        window = replace(self._window, limit=1, after=after, before=before, backward=False)
        return bool(await self._index.page(window))


def _unknown_sizes(provider_key: str, number: int) -> UnsupportedOperation:
    which = "an audience" if number == 1 else f"{number} audiences"
    return UnsupportedOperation(
        f"{provider_key} has {which} without a known size, left out here.", provider_key=provider_key
    )
