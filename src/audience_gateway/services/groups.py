"""Groups of audiences over all providers, known from the active audiences that name them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from audience_gateway.domain.audience import AudienceStatus, GroupKind
from audience_gateway.domain.capability import Operation
from audience_gateway.domain.catalogue import KnownGroup
from audience_gateway.domain.page import Page, Row
from audience_gateway.ports import AudienceIndex
from audience_gateway.services.cursors import Cursors
from audience_gateway.services.sources import SourceReport, Sources, is_complete

SortKey = tuple[str, str, str]
_STATUSES = (AudienceStatus.ACTIVE,)
_SORTED_CHARACTERS = 100
"""How much of a name decides the order: cursors carry it and must not grow without bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupQuery:
    """Which groups: all conditions hold together; None means no condition.

    :param name_contains: part of the name, without case.
    """

    provider_keys: tuple[str, ...] | None = None
    kinds: tuple[GroupKind, ...] | None = None
    name_contains: str | None = None

    def admits(self, group: KnownGroup) -> bool:
        """Whether ``group`` is wanted; its provider has been chosen before."""
        if self.kinds is not None and group.ref.kind not in self.kinds:
            return False
        return self.name_contains is None or self.name_contains.casefold() in group.ref.name.casefold()

    @property
    def question(self) -> list[object]:
        """The query as cursors are bound to it."""
        names = [sorted(self.provider_keys)] if self.provider_keys is not None else []
        kinds = [sorted(kind.value for kind in self.kinds)] if self.kinds is not None else []
        return ["groups", names, kinds, self.name_contains]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPage:
    """A page over all selected providers; ``complete`` when each of them contributed everything it has."""

    page: Page[KnownGroup]
    sources: Sequence[SourceReport]
    complete: bool


class Groups:
    """Lists of groups, by name."""

    def __init__(self, index: AudienceIndex, sources: Sources, cursors: Cursors) -> None:
        self._index = index
        self._sources = sources
        self._cursors = cursors

    async def page(self, query: GroupQuery, *, first: int, after: str | None, deadline: float) -> GroupPage:
        """A page of groups; providers without groups are not asked.

        Raises BadInput for unknown provider keys, BadCursor for an ``after`` of another query, and StoreBusy.

        :param deadline: the moment of the event loop's clock by which there must be a page.
        """
        start = None if after is None else _position(self._cursors.open(after, question=query.question))
        providers = self._sources.providers
        selected = [
            key
            for key in self._sources.select(query.provider_keys, _STATUSES)
            if providers[key].capabilities.supports(Operation.READ_GROUPS)
        ]
        reports = await self._sources.report(selected, _STATUSES, max_age_seconds=None, deadline=deadline)
        wanted = sorted(filter(query.admits, await self._index.groups(selected)), key=_sort_key)
        remaining = [group for group in wanted if start is None or _sort_key(group) > start]
        rows = tuple(Row(group, self._cursor(group, query)) for group in remaining[:first])
        complete = is_complete(reports)
        page = Page(rows=rows, has_next=len(remaining) > first, total=len(wanted) if complete else None)
        return GroupPage(page=page, sources=reports, complete=complete)

    def _cursor(self, group: KnownGroup, query: GroupQuery) -> str:
        return self._cursors.seal(json.dumps(_sort_key(group)), question=query.question)


def _sort_key(group: KnownGroup) -> SortKey:
    """By name without case, then provider and identifier, so that no two groups are equal."""
    return group.ref.name.casefold()[:_SORTED_CHARACTERS], group.provider_key, group.ref.native_id


def _position(text: str) -> SortKey:
    name, provider_key, native_id = json.loads(text)
    return str(name), str(provider_key), str(native_id)
