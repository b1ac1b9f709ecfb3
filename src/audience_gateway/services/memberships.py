"""The audiences that people are in, where their provider tells: a page for each person, all out of one look."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from audience_gateway.config import LOCAL_KEY
from audience_gateway.domain.audience import Audience, AudienceRef, AudienceStatus
from audience_gateway.domain.capability import Capabilities
from audience_gateway.domain.errors import GatewayError, UnsupportedOperation, UpstreamBadResponse
from audience_gateway.domain.member import Member, MemberRef
from audience_gateway.domain.page import PageRequest, Row
from audience_gateway.ports import AudienceIndex, Clock
from audience_gateway.services.catalogue import AudiencePage, as_of
from audience_gateway.services.cursors import Cursors
from audience_gateway.services.sources import SourceReport, Sources, is_complete

_Answer = TypeVar("_Answer")
_Place = tuple[bool, int, str]
_STATUSES = (AudienceStatus.ACTIVE,)


@dataclass(frozen=True, slots=True)
class MembershipsKey:
    """One page of the audiences of one person.

    :param audience_ids: as their provider told them along; None for people of the local store.
    """

    member: MemberRef
    audience_ids: tuple[str, ...] | None
    request: PageRequest

    @classmethod
    def of(cls, member: Member, capabilities: Capabilities, request: PageRequest) -> "MembershipsKey":
        """What to ask; raises UnsupportedOperation where the provider does not tell, or has not told along."""
        key = member.provider_key
        if not capabilities.memberships:
            raise UnsupportedOperation(f"{key} does not tell which audiences a person is in.", provider_key=key)
        if key != LOCAL_KEY and member.audience_ids is None:
            raise UnsupportedOperation(
                f"{key} tells which audiences a person is in only in lists of an audience's members.", provider_key=key
            )
        return cls(member.ref, member.audience_ids, request)

    @property
    def question(self) -> list[object]:
        """What cursors are bound to."""
        return ["audiences of a person", self.member.provider_key, self.member.native_id]


class Memberships:
    """Pages of people's active audiences, newest first."""

    def __init__(self, index: AudienceIndex, sources: Sources, cursors: Cursors, clock: Clock) -> None:
        self._index = index
        self._sources = sources
        self._cursors = cursors
        self._clock = clock

    async def pages(self, keys: Sequence[MembershipsKey], *, deadline: float) -> list[AudiencePage | GatewayError]:
        """A page or an error for each, in order, with a few statements in all.

        :param deadline: the moment of the event loop's clock by which all are there.
        """
        providers = dict.fromkeys(key.member.provider_key for key in keys)
        reports = await self._sources.report(providers, _STATUSES, max_age_seconds=None, deadline=deadline)
        named = await self._named(keys)
        known = await self._index.find(list(dict.fromkeys(ref for refs in named.values() for ref in refs)))
        return [self._page_or_error(key, named[key], known, reports) for key in keys]

    async def _named(self, keys: Sequence[MembershipsKey]) -> Mapping[MembershipsKey, Sequence[AudienceRef]]:
        local = [key.member.native_id for key in keys if key.audience_ids is None]
        ours = await self._index.audiences_of(local) if local else {}
        return {
            key: ours[key.member.native_id]
            if key.audience_ids is None
            else [AudienceRef(key.member.provider_key, native_id) for native_id in dict.fromkeys(key.audience_ids)]
            for key in keys
        }

    def _page_or_error(
        self,
        key: MembershipsKey,
        named: Sequence[AudienceRef],
        known: Mapping[AudienceRef, Audience],
        reports: Sequence[SourceReport],
    ) -> AudiencePage | GatewayError:
        try:
            return self._page(key, named, known, reports)
        except GatewayError as error:
            return error

    def _page(
        self,
        key: MembershipsKey,
        named: Sequence[AudienceRef],
        known: Mapping[AudienceRef, Audience],
        reports: Sequence[SourceReport],
    ) -> AudiencePage:
        after, now = key.request.after, self._clock.now()
        start = None if after is None else _read_place(self._cursors.open(after, question=key.question))
        found = [known[ref] for ref in named if ref in known and known[ref].status is AudienceStatus.ACTIVE]
        found.sort(key=_place)
        behind = [audience for audience in found if start is None or _place(audience) > start]
        sources = _own(reports, key.member.provider_key, missing=sum(ref not in known for ref in named))
        complete = is_complete(sources)
        return AudiencePage(
            rows=tuple(
                Row(as_of(each, now), self._cursors.seal(json.dumps(_place(each)), question=key.question))
                for each in behind[: key.request.size]
            ),
            sources=sources,
            complete=complete,
            has_next=_telling(len(behind) > key.request.size),
            has_previous=_telling(len(behind) < len(found)),
            total=_telling(len(found) if complete else None),
        )


def _own(reports: Sequence[SourceReport], provider_key: str, *, missing: int) -> list[SourceReport]:
    """The lines of a list of one provider's, which names ``missing`` audiences that the index does not know."""
    lines = []
    for report in reports:
        if report.provider_key != provider_key:
            lines.append(SourceReport.excluded(report.provider_key))
        elif missing:
            problem = UpstreamBadResponse(
                f"{provider_key} names audiences that are not in its list.", provider_key=provider_key
            )
            lines.append(replace(report, missing=True, problem=report.problem or problem))
        else:
            lines.append(report)
    return lines


def _place(audience: Audience) -> _Place:
    """Newest first, those of unknown age last, equal ones by identifier."""
    created = audience.created_at
    age = 0 if created is None else -round(created.timestamp() * 1_000_000)
    return created is None, age, audience.native_id


def _read_place(text: str) -> _Place:
    unknown, age, native_id = json.loads(text)
    return bool(unknown), int(age), str(native_id)


def _telling(answer: _Answer) -> Callable[[], Awaitable[_Answer]]:
    return partial(_tell, answer)


async def _tell(answer: _Answer) -> _Answer:
    return answer
