"""Indexes and cursors with the faults that lists over many providers are known for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from audience_gateway.domain.catalogue import AudiencePosition, AudienceWindow, PlacedAudience, Reading, SortDirection
from audience_gateway.domain.errors import GatewayError
from audience_gateway.ports import AudienceIndex
from audience_gateway.services.cursors import Cursors
from tests.store.walk_world import EVERY
from tests.unit.memory_index import order_key


class Relayed:
    """The index as it is; mutants differ from it in one method."""

    def __init__(self, inner: AudienceIndex) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def _whole(self, window: AudienceWindow) -> Sequence[PlacedAudience]:
        return await self._inner.page(replace(window, limit=1_000, after=None, before=None, backward=False))


class HasNoTieBreaker(Relayed):
    """Goes on behind the value of the last row, not behind the row."""

    async def page(self, window: AudienceWindow) -> Sequence[PlacedAudience]:
        def key(position: AudiencePosition) -> tuple[object, ...]:
            return order_key(position, window.sort)[:2]

        return _stretch(await self._whole(window), window, key)


class LeavesNullsToTheEngine(Relayed):
    """Puts unknown values first when rising, as SQLite does."""

    async def page(self, window: AudienceWindow) -> Sequence[PlacedAudience]:
        def key(position: AudiencePosition) -> tuple[object, ...]:
            rank, *rest = order_key(position, window.sort)
            return (-rank if window.sort.direction is SortDirection.ASC else rank, *rest)  # type: ignore[operator]  # a number

        placed = sorted(await self._whole(window), key=lambda each: key(each.position))
        return _stretch(placed, window, key)


class CountsRows(Relayed):
    """Goes on behind as many rows as there were, not behind the row that was last."""

    def __init__(self, inner: AudienceIndex) -> None:
        super().__init__(inner)
        self._places: dict[AudiencePosition, int] = {}

    async def page(self, window: AudienceWindow) -> Sequence[PlacedAudience]:
        placed = await self._whole(window)
        start = 0 if window.after is None else self._places.get(window.after, -1) + 1
        end = len(placed) if window.before is None else self._places.get(window.before, len(placed))
        for place, each in enumerate(placed):
            self._places.setdefault(each.position, place)
        inside = placed[start:end]
        return inside[-window.limit :] if window.backward else inside[: window.limit]


class ErasesOwnWrites(Relayed):
    """Takes over everything that was read, whatever we wrote meanwhile."""

    async def finish(self, reading: Reading, **options: Any) -> None:
        await self._inner.finish(replace(reading, change=2**40), **options)


class RetiresHalfARead(Relayed):
    """Takes a reading that broke off for a whole one."""

    async def abandon(self, reading: Reading, failure: GatewayError | None, *, now: datetime) -> None:
        del now
        await self._inner.finish(reading, statuses=EVERY, retire=failure is not None)


class AcceptsAnyCursor(Cursors):
    """Binds cursors to nothing."""

    def _mac(self, body: bytes, question: object) -> bytes:
        del question
        return super()._mac(body, None)


def _stretch(placed: Sequence[PlacedAudience], window: AudienceWindow, key: Any) -> Sequence[PlacedAudience]:
    inside = [
        each
        for each in placed
        if (window.after is None or key(each.position) > key(window.after))
        and (window.before is None or key(each.position) < key(window.before))
    ]
    return inside[-window.limit :] if window.backward else inside[: window.limit]
