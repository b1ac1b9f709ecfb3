"""Walking through the list of all audiences while the world changes, and what every step of it must keep."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from audience_gateway.domain.audience import Audience, AudienceRef
from audience_gateway.domain.catalogue import (
    AudiencePosition,
    AudienceQuery,
    AudienceSort,
    AudienceSortField,
    SortDirection,
)
from audience_gateway.domain.errors import BadCursor
from audience_gateway.domain.page import PageRequest
from audience_gateway.services.catalogue import AudiencePage
from tests.store.walk_world import REMOTE, SECONDS, World
from tests.unit.memory_index import admits, order_key, position_of, size_value

Event = tuple[Callable[..., Awaitable[None]], dict[str, Any]]
"""Something that happens to a world, and its details."""


@dataclass(frozen=True, slots=True)
class Step:
    """A page that is asked for, and what happens before."""

    size: int
    backward: bool
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A row that was met: the cursor of its edge, and where it stood."""

    cursor: str
    position: AudiencePosition


@dataclass(slots=True)
class Leg:
    """A run of pages in one direction: from where, past what, and what has stood still since it began."""

    backward: bool
    start: AudiencePosition | None
    stable: dict[AudienceRef, AudiencePosition]
    met: list[AudienceRef]
    last: AudiencePosition | None = None


class Walk:
    """A walk through one list.

    Every page is the stretch of the list as it is now that follows where the walk stands, and says truly what lies on
    either side and how many there are; and over every run of pages in one direction, whatever stood still was met
    exactly once and in order.
    """

    def __init__(self, world: World, query: AudienceQuery, sort: AudienceSort) -> None:
        self._world = world
        self._query = query
        self._sort = sort
        self._first: Place | None = None
        self._last: Place | None = None
        self._leg = self._leg_from(None, backward=False)

    async def take(self, step: Step) -> bool:
        """Let happen what happens, then take the page; whether the end of the list is reached."""
        for happen, details in step.events:
            await happen(self._world, **details)
            self._forget_what_moved()
        if step.backward is not self._leg.backward:
            self._end_leg(whole=False)
            place = self._first if step.backward else self._last
            self._leg = self._leg_from(place, backward=step.backward)
        place = self._first if step.backward else self._last
        request = PageRequest(
            size=step.size,
            after=None if step.backward or place is None else place.cursor,
            before=place.cursor if step.backward and place else None,
            backward=step.backward,
        )
        page = await self._page(request)
        bounds = (None, place) if step.backward else (place, None)
        await self._check(page, request, bounds[0], bounds[1])
        if page.rows:
            self._first, self._last = [self._place(page, at) for at in (0, -1)]
            await self._check_edges(page)
        met = [row.value.ref for row in page.rows]
        self._leg.met += met[::-1] if step.backward else met
        if page.rows:
            edge = self._first if step.backward else self._last
            self._leg.last = None if edge is None else edge.position
        ended = not await (page.has_previous() if step.backward else page.has_next())
        if ended:
            self._end_leg(whole=True)
            self._leg = self._leg_from(self._first if step.backward else self._last, backward=step.backward)
        return ended

    async def _page(self, request: PageRequest, sort: AudienceSort | None = None) -> AudiencePage:
        deadline = asyncio.get_running_loop().time() + SECONDS
        return await self._world.catalogue.page(self._query, sort or self._sort, request, deadline=deadline)

    async def _check(self, page: AudiencePage, request: PageRequest, after: Place | None, before: Place | None) -> None:
        everything = self._listed()
        inside = [each for each in everything if self._between(each, after, before)]
        wanted = inside[-request.size :] if request.backward else inside[: request.size]
        assert [(row.value.ref, row.value.name) for row in page.rows] == [(each.ref, each.name) for each in wanted]
        keys = [self._key(position_of(each, self._sort)) for each in everything]
        if wanted:
            assert await page.has_previous() is (keys[0] < self._key(position_of(wanted[0], self._sort)))
            assert await page.has_next() is (keys[-1] > self._key(position_of(wanted[-1], self._sort)))
        else:
            assert await page.has_previous() is (after is not None and bool(everything))
            assert await page.has_next() is (before is not None and bool(everything))
        complete = self._is_complete()
        assert page.complete is complete
        assert await page.total() == (len(everything) if complete else None)

    async def _check_edges(self, page: AudiencePage) -> None:
        """The cursors of both ends resume right beside them, and open no list in another order."""
        first, last = self._place(page, 0), self._place(page, -1)
        behind = PageRequest(size=2, after=first.cursor)
        await self._check(await self._page(behind), behind, first, None)
        in_front = PageRequest(size=2, before=last.cursor, backward=True)
        await self._check(await self._page(in_front), in_front, None, last)
        between = PageRequest(size=7, after=first.cursor, before=last.cursor)
        rows = (await self._page(between)).rows
        assert [row.value.ref for row in rows] == [row.value.ref for row in page.rows[1:-1]]
        field = AudienceSortField.SIZE if self._sort.field is AudienceSortField.NAME else AudienceSortField.NAME
        for other in (replace(self._sort, field=field), replace(self._sort, direction=_turned(self._sort.direction))):
            try:
                await self._page(behind, other)
            except BadCursor:
                continue
            raise AssertionError("a cursor of another list was accepted")

    def _listed(self) -> list[Audience]:
        """The list as it must be now."""
        wanted = [
            audience
            for audience in self._world.known.values()
            if self._selects(audience.provider_key) and admits(self._query, audience)
        ]
        return sorted(wanted, key=lambda each: self._key(position_of(each, self._sort)))

    def _is_complete(self) -> bool:
        if any(self._selects(key) for key in self._world.unread):
            return False
        sizeless = replace(self._query, size=None)
        return self._query.size is None or not any(
            size_value(audience) is None and self._selects(audience.provider_key) and admits(sizeless, audience)
            for audience in self._world.known.values()
        )

    def _selects(self, key: str) -> bool:
        return bool(self._query.statuses) and (self._query.provider_keys is None or key in self._query.provider_keys)

    def _key(self, position: AudiencePosition) -> tuple[object, ...]:
        return order_key(position, self._sort)

    def _between(self, audience: Audience, after: Place | None, before: Place | None) -> bool:
        key = self._key(position_of(audience, self._sort))
        return (after is None or key > self._key(after.position)) and (
            before is None or key < self._key(before.position)
        )

    def _place(self, page: AudiencePage, at: int) -> Place:
        row = page.rows[at]
        return Place(row.cursor, position_of(self._world.known[row.value.ref], self._sort))

    def _leg_from(self, place: Place | None, *, backward: bool) -> Leg:
        stable = {audience.ref: position_of(audience, self._sort) for audience in self._listed()}
        return Leg(backward, None if place is None else place.position, stable, [])

    def _forget_what_moved(self) -> None:
        now = {audience.ref: position_of(audience, self._sort) for audience in self._listed()}
        self._leg.stable = {ref: at for ref, at in self._leg.stable.items() if now.get(ref) == at}

    def _end_leg(self, *, whole: bool) -> None:
        """Whatever stood still between both ends of the leg was met once, in order."""
        leg = self._leg
        if leg.last is None and not whole:
            return
        keys = {ref: self._key(position) for ref, position in leg.stable.items()}
        passed = [
            ref
            for ref in sorted(keys, key=keys.__getitem__, reverse=leg.backward)
            if (leg.start is None or _is_past(keys[ref], self._key(leg.start), leg.backward))
            and (whole or leg.last is None or not _is_past(keys[ref], self._key(leg.last), leg.backward))
        ]
        assert [ref for ref in leg.met if ref in leg.stable] == passed


async def walk(
    world: World, query: AudienceQuery, sort: AudienceSort, steps: tuple[Step, ...], way_back: tuple[Step, ...]
) -> None:
    """Take all steps, then go on to the end of the list, and all the way back to its beginning."""
    walking = Walk(world, query, sort)
    for step in steps:
        await walking.take(step)
    for number in range(500):
        step = steps[number % len(steps)]
        if await walking.take(Step(step.size, False, ())):
            break
    for number in range(500):
        step = way_back[number % len(way_back)]
        if await walking.take(Step(step.size, True, step.events if number < len(way_back) else ())):
            return
    raise AssertionError("the list has no end")


def _is_past(key: tuple[Any, ...], bound: tuple[Any, ...], backward: bool) -> bool:
    return key < bound if backward else key > bound


def _turned(direction: SortDirection) -> SortDirection:
    return SortDirection.ASC if direction is SortDirection.DESC else SortDirection.DESC


async def opened(world: World, local: list[Audience], remote: list[Audience], down: str | None) -> World:
    """The world after a first reading of everybody but who is down."""
    await world.keep_locally(local)
    for audience in remote:
        world.accounts[audience.provider_key].audiences[audience.native_id] = audience
    for key in REMOTE:
        if key == down:
            await world.fail_to_read(key, 0)
        else:
            await world.read(key)
    return world
