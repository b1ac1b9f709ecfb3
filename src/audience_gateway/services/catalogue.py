"""One list over all providers: which to ask, and how their answers become a page. Asked live, newest first."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from audience_gateway.domain.audience import Audience, AudienceKind, AudienceRef, AudienceStatus
from audience_gateway.domain.errors import GatewayError
from audience_gateway.domain.page import Page, Row
from audience_gateway.services.cursors import Cursors
from audience_gateway.services.directory import Directory, ListingKey
from audience_gateway.services.listing import Listing
from audience_gateway.services.sources import Selection, SourceReport, is_complete

SortKey = tuple[bool, int, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceQuery:
    """Which audiences: all conditions hold together; None means no condition.

    :param name_contains: part of the name, without case.
    """

    provider_keys: tuple[str, ...] | None = None
    statuses: tuple[AudienceStatus, ...] = (AudienceStatus.ACTIVE,)
    kinds: tuple[AudienceKind, ...] | None = None
    name_contains: str | None = None

    def admits(self, audience: Audience) -> bool:
        """Whether ``audience`` is wanted; its provider and status have been chosen before."""
        if self.kinds is not None and audience.kind not in self.kinds:
            return False
        return self.name_contains is None or self.name_contains.casefold() in audience.name.casefold()

    @property
    def question(self) -> list[object]:
        """The query as cursors are bound to it."""
        names = [sorted(self.provider_keys)] if self.provider_keys is not None else []
        kinds = [sorted(kind.value for kind in self.kinds)] if self.kinds is not None else []
        return ["audiences", names, sorted(status.value for status in self.statuses), kinds, self.name_contains]


@dataclass(frozen=True, slots=True, kw_only=True)
class AudiencePage:
    """A page over all selected providers; ``complete`` when each of them contributed everything it has."""

    page: Page[Audience]
    sources: tuple[SourceReport, ...]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to read for one page, and where the page starts; ``start`` None is the beginning."""

    query: AudienceQuery
    selection: Selection
    keys: tuple[ListingKey, ...]
    first: int
    start: SortKey | None


class Catalogue:
    """Chooses what to ask and puts the answers together; the asking itself is the caller's."""

    def __init__(self, directory: Directory, cursors: Cursors) -> None:
        self._directory = directory
        self._cursors = cursors

    def plan(self, query: AudienceQuery, *, first: int, after: str | None) -> Plan:
        """What must be read; a status that a provider never lists needs no call.

        Raises BadInput for unknown provider keys and BadCursor for an ``after`` of another query.
        """
        selection = Selection.of(self._directory, query.provider_keys)
        keys = tuple(
            ListingKey(key, status)
            for key, provider in self._directory.providers.items()
            if key in selection
            for status in dict.fromkeys(query.statuses)
            if status in provider.capabilities.statuses
        )
        start = None if after is None else _position(self._cursors.open(after, question=query.question))
        return Plan(query=query, selection=selection, keys=keys, first=first, start=start)

    def page(self, plan: Plan, answers: Sequence[Listing | GatewayError], *, now: datetime) -> AudiencePage:
        """A page of everything that was answered; ``answers`` in the order of ``plan.keys``."""
        found = dict(zip(plan.keys, answers, strict=True))
        sources = plan.selection.reports(found, statuses=plan.query.statuses, now=now)
        complete = is_complete(sources)
        wanted = sorted(filter(plan.query.admits, _distinct(answers)), key=_sort_key)
        remaining = [audience for audience in wanted if plan.start is None or _sort_key(audience) > plan.start]
        rows = tuple(Row(audience, self._cursor(audience, plan.query)) for audience in remaining[: plan.first])
        page = Page(rows=rows, has_next=len(remaining) > plan.first, total=len(wanted) if complete else None)
        return AudiencePage(page=page, sources=sources, complete=complete)

    def _cursor(self, audience: Audience, query: AudienceQuery) -> str:
        return self._cursors.seal(json.dumps(_sort_key(audience)), question=query.question)


def _distinct(answers: Iterable[Listing | GatewayError]) -> Iterable[Audience]:
    """Each audience once: what was read both as active and as archived was archived between the two reads."""
    found: dict[AudienceRef, Audience] = {}
    for answer in answers:
        for audience in answer.audiences if isinstance(answer, Listing) else ():
            if audience.ref not in found or audience.status is AudienceStatus.ARCHIVED:
                found[audience.ref] = audience
    return found.values()


def _sort_key(audience: Audience) -> SortKey:
    """Newest first, unknown moments last, then provider and identifier, so that no two audiences are equal."""
    created = audience.created_at
    age = 0 if created is None else -round(created.timestamp() * 1_000_000)
    return created is None, age, audience.provider_key, audience.native_id


def _position(text: str) -> SortKey:
    unknown, age, provider_key, native_id = json.loads(text)
    return bool(unknown), int(age), str(provider_key), str(native_id)
