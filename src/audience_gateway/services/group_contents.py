"""What one group holds: its audiences, page by page and in ladder order, and its people, each once."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from audience_gateway.domain.audience import Audience, AudienceRef, GroupKind
from audience_gateway.domain.errors import BadInput, GatewayError
from audience_gateway.domain.group import AudienceGroup, GroupKey, GroupMember
from audience_gateway.domain.page import Page, Row
from audience_gateway.ports import MembersRequest
from audience_gateway.services.answers import answer_each
from audience_gateway.services.catalogue import AudiencePage
from audience_gateway.services.cursors import Cursors
from audience_gateway.services.directory import Directory
from audience_gateway.services.members import read_search
from audience_gateway.services.sources import SourceReport, SourceState

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class GroupMembersKey:
    """One page of one group's people at one provider; of one of its audiences with ``audience_id``."""

    provider_key: str
    request: MembersRequest
    audience_id: str | None


@dataclass(frozen=True, slots=True)
class GroupMembersQuestion:
    """One page of one group's people; the request in ``key`` holds the provider's own cursor."""

    key: GroupMembersKey
    cursors: Cursors

    @classmethod
    def of(
        cls,
        group: GroupKey,
        *,
        first: int,
        after: str | None,
        search: str | None,
        audience: AudienceRef | None,
        cursors: Cursors,
    ) -> "GroupMembersQuestion":
        """Read a caller's arguments; a blank ``search`` is none. Raises BadCursor and BadInput."""
        if audience is not None and audience.provider_key != group.provider_key:
            raise _foreign()
        request = MembersRequest(group.native_id, first, None, read_search(search))
        key = GroupMembersKey(group.provider_key, request, None if audience is None else audience.native_id)
        if after is not None:
            key = replace(key, request=replace(request, after=cursors.open(after, question=_bound(key))))
        return cls(key, cursors)

    @property
    def group(self) -> GroupKey:
        """Whose people are wanted."""
        return GroupKey(self.key.provider_key, self.key.request.native_id)

    async def ask(
        self,
        get_group: Callable[[GroupKey], Awaitable[AudienceGroup]],
        list_members: Callable[[GroupMembersKey], Awaitable[Page[GroupMember]]],
    ) -> tuple[AudienceGroup, Page[GroupMember]]:
        """The group and the page, side by side unless the group must first vouch for the audience that is wanted.

        Raises BadInput when it does not, before any people are asked for, and what the two calls raise.
        """
        if self.key.audience_id is None:
            group, page = await asyncio.gather(get_group(self.group), list_members(self.key))
            return group, page
        group = await get_group(self.group)
        if all(audience.native_id != self.key.audience_id for audience in group.audiences):
            raise _foreign()
        return group, await list_members(self.key)

    def seal(self, position: str) -> str:
        """The caller's cursor for a provider's own."""
        return self.cursors.seal(position, question=_bound(self.key))

    def following(self, page: Page[GroupMember]) -> GroupMembersKey:
        """What to ask to learn whether rows follow ``page``."""
        return replace(self.key, request=replace(self.key.request, first=1, after=page.end_cursor))


def has_tiers(kind: GroupKind) -> bool:
    """Whether groups of that kind are ladders."""
    return kind is GroupKind.LOYALTY_TIERS


def tiers_of(group: AudienceGroup) -> tuple[Audience, ...] | None:
    """The audiences that are the group's tiers, in ladder order; None unless it is a ladder.

    Raises the problem of one that could not be read: a ladder with a step missing would be another ladder.
    """
    if not has_tiers(group.kind):
        return None
    if group.problems:
        raise group.problems[0]
    return tuple(audience for audience in group.audiences if audience.tier is not None)


def audiences_of(group: AudienceGroup, member: GroupMember) -> tuple[Audience, ...]:
    """The group's audiences that a person is in, in ladder order; one that the group did not name is left out."""
    return tuple(audience for audience in group.audiences if audience.native_id in member.audience_ids)


def audience_page(
    group: AudienceGroup, *, first: int, after: str | None, directory: Directory, cursors: Cursors
) -> AudiencePage:
    """A page of the group's audiences; raises BadCursor for an ``after`` of another list.

    It goes on behind the audience of the cursor or, when that has left the group, where it stood.
    """
    question = ["audiences of group", group.provider_key, group.native_id]
    start = 0 if after is None else _start(group, cursors.open(after, question=question))
    rows = tuple(
        Row(audience, cursors.seal(json.dumps([place, audience.native_id]), question=question))
        for place, audience in enumerate(group.audiences)
    )
    return AudiencePage(
        rows=rows[start : start + first],
        sources=_sources(group, directory),
        complete=not group.problems,
        has_next=partial(_tell, start + first < len(rows)),
        has_previous=partial(_tell, start > 0),
        total=partial(_tell, None if group.problems else len(rows)),
    )


async def get_groups(
    directory: Directory, keys: Sequence[GroupKey], *, deadline: float
) -> list[AudienceGroup | GatewayError]:
    """The groups with all their audiences, in order."""

    async def ask(key: GroupKey) -> AudienceGroup:
        return await directory.provider(key.provider_key).get_group(key.native_id)

    return await answer_each(keys, ask, deadline=deadline, provider_key=lambda key: key.provider_key)


async def list_group_members(
    directory: Directory, keys: Sequence[GroupMembersKey], *, deadline: float
) -> list[Page[GroupMember] | GatewayError]:
    """One page for each key, in order."""

    async def ask(key: GroupMembersKey) -> Page[GroupMember]:
        provider = directory.provider(key.provider_key)
        return await provider.list_group_members(key.request, audience_id=key.audience_id)

    return await answer_each(keys, ask, deadline=deadline, provider_key=lambda key: key.provider_key)


async def _tell(answer: _Answer) -> _Answer:
    return answer


def _start(group: AudienceGroup, position: str) -> int:
    place, native_id = json.loads(position)
    known = [audience.native_id for audience in group.audiences]
    return known.index(native_id) + 1 if native_id in known else int(place)


def _sources(group: AudienceGroup, directory: Directory) -> tuple[SourceReport, ...]:
    """The group's provider gave everything; nobody else was asked."""
    as_of = max((audience.fetched_at for audience in group.audiences), default=None)
    return tuple(
        SourceReport(key, SourceState.FRESH, as_of, next(iter(group.problems), None), bool(group.problems))
        if key == group.provider_key
        else SourceReport.excluded(key)
        for key in directory.providers
    )


def _bound(key: GroupMembersKey) -> list[str | None]:
    return ["group members", key.provider_key, key.request.native_id, key.request.search, key.audience_id]


def _foreign() -> BadInput:
    return BadInput("audienceId: is no audience of this group.")
