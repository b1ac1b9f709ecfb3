"""Providers in memory, for tests of everything that stands before a provider."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from audience_gateway.domain.audience import (
    Audience,
    AudienceKind,
    AudienceSize,
    AudienceStatus,
    GroupRef,
    JobState,
    LoyaltyTier,
    Materialization,
    SizeBasis,
    SourceList,
)
from audience_gateway.domain.capability import NATIVE, Capabilities, Operation
from audience_gateway.domain.errors import GatewayError, NotFound
from audience_gateway.domain.group import AudienceGroup, GroupMember
from audience_gateway.domain.identity import Identifier, IdentifierKind
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page, Row
from audience_gateway.domain.rule import RuleOperator
from audience_gateway.ports import MembersRequest, Provider

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class SetClock:
    """It is whatever time the test says."""

    def __init__(self, now: datetime = NOW) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment


async def at_once(operation: str) -> None:
    """Neither wait nor fail."""


class Account(Provider):
    """An account that holds what the test gave it; every call is written down, then meets ``before``.

    :param before: awaited with the method's name; it may wait or raise.

    ``hidden`` are audiences that it has and does not list; ``tricks`` are what it makes of its next pages of
    audiences, one each.
    """

    dialect = "memory"

    def __init__(
        self,
        key: str,
        audiences: Sequence[Audience] = (),
        *,
        members: Sequence[Member] = (),
        can: Sequence[Operation] = tuple(Operation),
        statuses: frozenset[AudienceStatus] = frozenset(AudienceStatus),
        batches: frozenset[Operation] = frozenset(),
        page_limit: int = 100,
        identifiers: frozenset[IdentifierKind] = frozenset(),
        rule_fields: Mapping[str, frozenset[RuleOperator]] | None = None,
        before: Callable[[str], Awaitable[None]] = at_once,
    ) -> None:
        self.key = key
        self.display_name = key.title()
        self.capabilities = Capabilities(
            operations=dict.fromkeys(can, NATIVE),
            statuses=statuses,
            batches=batches,
            page_limit=page_limit,
            identifiers=identifiers,
            rule_fields=rule_fields or {},
        )
        self.audiences = {audience.native_id: audience for audience in audiences}
        self.members = tuple(members)
        self.before = before
        self.hidden: set[str] = set()
        self.tricks: list[Callable[[Page[Audience]], Page[Audience]]] = []
        self.calls: list[tuple[str, object]] = []
        self.closed = False

    async def list_audiences(self, *, status: AudienceStatus, first: int, after: str | None) -> Page[Audience]:
        await self._enter("list_audiences", (status, first, after))
        listed = (each for each in self.audiences.values() if each.native_id not in self.hidden)
        found = [audience for audience in listed if audience.status is status]
        start = int(after or 0)
        rows = [Row(audience, str(place)) for place, audience in enumerate(found, 1)][start : start + first]
        page = Page(rows=tuple(rows), has_next=start + first < len(found), total=len(found))
        return self.tricks.pop(0)(page) if self.tricks else page

    async def get_audience(self, native_id: str) -> Audience:
        await self._enter("get_audience", native_id)
        return self._audience(native_id)

    async def get_audiences(self, native_ids: Sequence[str]) -> Sequence[Audience | GatewayError]:
        await self._enter("get_audiences", tuple(native_ids))
        return [self.audiences.get(native_id) or NotFound(f"no {native_id}") for native_id in native_ids]

    async def list_members(self, request: MembersRequest) -> Page[Member]:
        await self._enter("list_members", request)
        return self._members(request)

    async def list_members_of_many(self, requests: Sequence[MembersRequest]) -> Sequence[Page[Member] | GatewayError]:
        await self._enter("list_members_of_many", tuple(requests))
        return [self._members(request) for request in requests]

    async def list_candidates(self, request: MembersRequest) -> Page[Member]:
        await self._enter("list_candidates", request)
        return self._members(request)

    async def contains(self, native_id: str, identifier: Identifier) -> bool:
        await self._enter("contains", (native_id, identifier))
        self._audience(native_id)
        return any(identifier.is_of(member) for member in self.members)

    async def get_member(self, native_id: str) -> Member:
        await self._enter("get_member", native_id)
        for member in self.members:
            if member.native_id == native_id:
                return member
        raise NotFound(f"no member {native_id}", provider_key=self.key)

    async def read_size(self, native_id: str) -> AudienceSize:
        await self._enter("read_size", native_id)
        self._audience(native_id)
        return AudienceSize(len(self.members), SizeBasis.LIVE, NOW)

    async def list_source_lists(self) -> Sequence[SourceList]:
        await self._enter("list_source_lists", None)
        return [SourceList("1")]

    async def close(self) -> None:
        self.closed = True

    async def _enter(self, method: str, argument: object) -> None:
        self.calls.append((method, argument))
        await self.before(method)

    def _audience(self, native_id: str) -> Audience:
        try:
            return self.audiences[native_id]
        except KeyError:
            raise NotFound(f"{self.key} has no audience {native_id}.", provider_key=self.key) from None

    def _members(self, request: MembersRequest) -> Page[Member]:
        self._audience(request.native_id)
        start = int(request.after or 0)
        end = start + request.first
        rows = [Row(member, str(place)) for place, member in enumerate(self.members, 1)][start:end]
        return Page(rows=tuple(rows), has_next=end < len(self.members), total=len(self.members))


class WholeAccount(Account):
    """An account that has what few providers have: stored membership that is told about, and groups."""

    async def read_materialization(self, native_id: str) -> Materialization:
        await self._enter("read_materialization", native_id)
        self._audience(native_id)
        return Materialization(state=JobState.SUCCEEDED, member_count=len(self.members))

    async def get_group(self, native_id: str) -> AudienceGroup:
        await self._enter("get_group", native_id)
        named = [each for each in self.audiences.values() if each.group and each.group.native_id == native_id]
        if not named or named[0].group is None:
            raise NotFound(f"no group {native_id}", provider_key=self.key)
        ref = named[0].group
        return AudienceGroup(
            provider_key=self.key, native_id=native_id, name=ref.name, kind=ref.kind, audiences=tuple(named)
        )

    async def list_group_members(self, request: MembersRequest, *, audience_id: str | None) -> Page[GroupMember]:
        await self._enter("list_group_members", (request, audience_id))
        start = int(request.after or 0)
        rows = [Row(GroupMember(each, ("a",)), str(place)) for place, each in enumerate(self.members, 1)]
        end = start + request.first
        return Page(rows=tuple(rows[start:end]), has_next=end < len(rows), total=len(rows))


class Batches(Account):
    """Answers every batch with ``answers``, whatever was asked."""

    def __init__(self, answers: Sequence[Audience | GatewayError]) -> None:
        super().__init__("one", [audience("a")], batches=frozenset(Operation))
        self._answers = answers

    async def get_audiences(self, native_ids: Sequence[str]) -> Sequence[Audience | GatewayError]:
        await self._enter("get_audiences", tuple(native_ids))
        return self._answers

    async def list_members_of_many(self, requests: Sequence[MembersRequest]) -> Sequence[Page[Member] | GatewayError]:
        await self._enter("list_members_of_many", tuple(requests))
        return [answer for answer in self._answers if isinstance(answer, GatewayError)]


def audience(
    native_id: str,
    provider_key: str = "one",
    *,
    name: str | None = None,
    kind: AudienceKind = AudienceKind.STATIC,
    status: AudienceStatus = AudienceStatus.ACTIVE,
    days_old: float | None = 1,
    group: GroupRef | None = None,
    tier: LoyaltyTier | None = None,
) -> Audience:
    return Audience(
        provider_key=provider_key,
        native_id=native_id,
        name=f"Audience {native_id}" if name is None else name,
        kind=kind,
        status=status,
        created_at=None if days_old is None else NOW - timedelta(days=days_old),
        fetched_at=NOW,
        group=group,
        tier=tier,
    )


def member(native_id: str, provider_key: str = "one") -> Member:
    return Member(provider_key=provider_key, native_id=native_id, email=f"person-{native_id}@example.test")
