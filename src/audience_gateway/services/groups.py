"""Groups of audiences over all providers, known from the audiences that name them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from audience_gateway.domain.audience import AudienceStatus, GroupKind, GroupRef
from audience_gateway.domain.capability import Operation
from audience_gateway.domain.errors import GatewayError
from audience_gateway.domain.group import GroupKey
from audience_gateway.domain.page import Page, Row
from audience_gateway.services.cursors import Cursors
from audience_gateway.services.directory import Directory, ListingKey
from audience_gateway.services.listing import Listing
from audience_gateway.services.sources import Selection, SourceReport, is_complete

SortKey = tuple[str, str, str]
_SORTED_CHARACTERS = 100
"""How much of a name decides the order: cursors carry it and must not grow without bound."""


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
    sources: tuple[SourceReport, ...]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPlan:
    """What to read for one page of groups, and how what was read becomes the page; ``start`` None is the beginning."""

    query: GroupQuery
    selection: Selection
    cursors: Cursors
    keys: tuple[ListingKey, ...]
    first: int
    start: SortKey | None

    @classmethod
    def of(
        cls, query: GroupQuery, *, first: int, after: str | None, directory: Directory, cursors: Cursors
    ) -> "GroupPlan":
        """What must be read; a provider without groups needs no call.

        Raises BadInput for unknown provider keys and BadCursor for an ``after`` of another query.
        """
        selection = Selection.of(directory, query.provider_keys)
        keys = tuple(
            ListingKey(key, AudienceStatus.ACTIVE)
            for key, provider in directory.providers.items()
            if key in selection and provider.capabilities.supports(Operation.READ_GROUPS)
        )
        start = None if after is None else _position(cursors.open(after, question=query.question))
        return cls(query=query, selection=selection, cursors=cursors, keys=keys, first=first, start=start)

    def page(self, answers: Sequence[Listing | GatewayError], *, now: datetime) -> GroupPage:
        """A page of everything that was answered, by name; ``answers`` in the order of ``keys``."""
        found = dict(zip(self.keys, answers, strict=True))
        sources = self.selection.reports(found, statuses=(AudienceStatus.ACTIVE,), now=now)
        complete = is_complete(sources)
        wanted = sorted(filter(self.query.admits, _named_in(answers)), key=_sort_key)
        remaining = [group for group in wanted if self.start is None or _sort_key(group) > self.start]
        rows = tuple(Row(group, self._cursor(group)) for group in remaining[: self.first])
        page = Page(rows=rows, has_next=len(remaining) > self.first, total=len(wanted) if complete else None)
        return GroupPage(page=page, sources=sources, complete=complete)

    def _cursor(self, group: KnownGroup) -> str:
        return self.cursors.seal(json.dumps(_sort_key(group)), question=self.query.question)


def _named_in(answers: Iterable[Listing | GatewayError]) -> Iterable[KnownGroup]:
    """Each group once, as the first audience that names it does."""
    found: dict[GroupKey, KnownGroup] = {}
    for answer in answers:
        for audience in answer.audiences if isinstance(answer, Listing) else ():
            if audience.group is not None:
                group = KnownGroup(audience.provider_key, audience.group)
                found.setdefault(group.key, group)
    return found.values()


def _sort_key(group: KnownGroup) -> SortKey:
    """By name without case, then provider and identifier, so that no two groups are equal."""
    return group.ref.name.casefold()[:_SORTED_CHARACTERS], group.provider_key, group.ref.native_id


def _position(text: str) -> SortKey:
    name, provider_key, native_id = json.loads(text)
    return str(name), str(provider_key), str(native_id)
