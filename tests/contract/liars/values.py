"""Lies about what things are: claims, keys, facts, sizes, orders, and which error it is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from audience_gateway.domain.audience import (
    Audience,
    AudienceKind,
    AudienceSize,
    AudienceStatus,
    JobState,
    Materialization,
    SizeBasis,
    SourceList,
)
from audience_gateway.domain.capability import NATIVE, UNSUPPORTED, Capability, Operation, Restriction, Support
from audience_gateway.domain.errors import GatewayError, InternalError, NotFound, ProviderFault
from audience_gateway.domain.group import AudienceGroup, GroupMember
from audience_gateway.domain.identity import Identifier
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page, Row
from audience_gateway.ports import MembersRequest, Provider
from tests.contract.liars.relay import Relay


def _claiming(provider: Relay, changes: Mapping[Operation, Capability]) -> None:
    operations = MappingProxyType({**provider.capabilities.operations, **changes})
    provider.capabilities = replace(provider.capabilities, operations=operations)


class ClaimsMembersItHasNot(Relay):
    def __init__(self, inner: Provider) -> None:
        super().__init__(inner)
        _claiming(self, {Operation.LIST_MEMBERS: NATIVE})


class ClaimsABatchItHasNot(Relay):
    def __init__(self, inner: Provider) -> None:
        super().__init__(inner)
        self.capabilities = replace(self.capabilities, batches=frozenset({Operation.GET}))


class DoesWhatItDoesNotClaim(Relay):
    def __init__(self, inner: Provider) -> None:
        super().__init__(inner)
        _claiming(self, {Operation.GET_MEMBER: UNSUPPORTED})


class AsksBeforeItRefuses(Relay):
    async def list_source_lists(self) -> Sequence[SourceList | GatewayError]:
        await self.inner.list_audiences(status=AudienceStatus.ACTIVE, first=1, after=None)
        return await self.inner.list_source_lists()


class EmulatesWithoutSayingThePrice(Relay):
    def __init__(self, inner: Provider) -> None:
        super().__init__(inner)
        _claiming(self, {Operation.GET: Capability(Support.EMULATED)})


class KeepsNothingBack(Relay):
    def __init__(self, inner: Provider) -> None:
        super().__init__(inner)
        self.capabilities = replace(self.capabilities, restrictions=MappingProxyType({}))


class KeepsSizesOfItsOwnBack(Relay):
    def __init__(self, inner: Provider) -> None:
        super().__init__(inner)
        dynamic = Restriction(reason="Not today.", kinds=frozenset({AudienceKind.DYNAMIC}))
        self.capabilities = replace(self.capabilities, restrictions=MappingProxyType({Operation.READ_SIZE: dynamic}))


class ListsActiveOnesAsArchived(Relay):
    async def list_audiences(self, *, status: AudienceStatus, first: int, after: str | None) -> Page[Audience]:  # noqa: ARG002 (the lie)
        return await self.inner.list_audiences(status=AudienceStatus.ACTIVE, first=first, after=after)


class PutsItsDialectForItsKey(Relay):
    async def list_audiences(self, *, status: AudienceStatus, first: int, after: str | None) -> Page[Audience]:
        page = await super().list_audiences(status=status, first=first, after=after)
        rows = tuple(Row(replace(row.value, provider_key=self.dialect), row.cursor) for row in page.rows)
        return replace(page, rows=rows)


class LeavesItsKeyOffErrors(Relay):
    async def get_audience(self, native_id: str) -> Audience:
        try:
            return await self.inner.get_audience(native_id)
        except GatewayError as error:
            error.provider_key = None
            raise


class RaisesPlainExceptions(Relay):
    async def get_audience(self, native_id: str) -> Audience:
        try:
            return await self.inner.get_audience(native_id)
        except NotFound as error:
            raise KeyError(native_id) from error


class CallsEveryFaultInternal(Relay):
    async def get_audience(self, native_id: str) -> Audience:
        try:
            return await self.inner.get_audience(native_id)
        except ProviderFault as error:
            raise InternalError("Something went wrong.", provider_key=self.key) from error


class GetsAnotherName(Relay):
    async def get_audience(self, native_id: str) -> Audience:
        audience = await self.inner.get_audience(native_id)
        return replace(audience, name=audience.name.strip().title() + " ")


class GetsNoArchivedOnes(Relay):
    async def get_audience(self, native_id: str) -> Audience:
        audience = await self.inner.get_audience(native_id)
        if audience.status is AudienceStatus.ARCHIVED:
            raise NotFound("It is gone.", provider_key=self.key)
        return audience


class ForgetsImports(Relay):
    async def get_audience(self, native_id: str) -> Audience:
        return replace(await self.inner.get_audience(native_id), imports=())


class CountsOneMore(Relay):
    async def read_size(self, native_id: str) -> AudienceSize:
        size = await self.inner.read_size(native_id)
        return replace(size, value=(size.value or 0) + 1)


class CarriesAnotherSize(Relay):
    async def get_audience(self, native_id: str) -> Audience:
        audience = await self.inner.get_audience(native_id)
        return replace(audience, size=replace(await self.inner.read_size(native_id), value=7))


class SizesWhatIsNotThere(Relay):
    async def read_size(self, native_id: str) -> AudienceSize:
        try:
            return await self.inner.read_size(native_id)
        except NotFound:
            return AudienceSize(0, SizeBasis.LIVE)


class AnswersABatchInItsOwnOrder(Relay):
    async def get_audiences(self, native_ids: Sequence[str]) -> Sequence[Audience | GatewayError]:
        return await self.inner.get_audiences(sorted(native_ids))


class LeavesTheMissingOutOfABatch(Relay):
    async def get_audiences(self, native_ids: Sequence[str]) -> Sequence[Audience | GatewayError]:
        return [answer for answer in await self.inner.get_audiences(native_ids) if isinstance(answer, Audience)]


class FailsABatchForOne(Relay):
    async def get_audiences(self, native_ids: Sequence[str]) -> Sequence[Audience | GatewayError]:
        answers = await self.inner.get_audiences(native_ids)
        for answer in answers:
            if isinstance(answer, GatewayError):
                raise answer
        return answers


class AnswersMembersInItsOwnOrder(Relay):
    async def list_members_of_many(self, requests: Sequence[MembersRequest]) -> Sequence[Page[Member] | GatewayError]:
        return list(reversed(await self.inner.list_members_of_many(requests)))


class IgnoresSearches(Relay):
    async def list_members(self, request: MembersRequest) -> Page[Member]:
        return await self.inner.list_members(replace(request, search=None))


class SearchesWithCase(Relay):
    async def list_members(self, request: MembersRequest) -> Page[Member]:
        page = await super().list_members(request)
        kept = [row for row in page.rows if request.search is None or request.search in str(row.value)]
        return replace(page, rows=tuple(kept))


class ConfusesTwoFacts(Relay):
    async def list_members(self, request: MembersRequest) -> Page[Member]:
        page = await super().list_members(request)
        swapped = (Row(replace(row.value, updated_at=row.value.created_at), row.cursor) for row in page.rows)
        return replace(page, rows=tuple(swapped))


class GetsPeopleInPart(Relay):
    async def get_member(self, native_id: str) -> Member:
        return replace(await self.inner.get_member(native_id), attributes=None)


class TakesWhomASearchFinds(Relay):
    async def contains(self, native_id: str, identifier: Identifier) -> bool:
        page = await self.inner.list_members(MembersRequest(native_id, 1, search=identifier.value))
        return bool(page.rows)


class ReadsTheFirstPageOnly(Relay):
    async def contains(self, native_id: str, identifier: Identifier) -> bool:
        page = await self.inner.list_members(MembersRequest(native_id, 5))
        return any(identifier.is_of(member) for member in page.values)


class SaysNoOfWhatIsNotThere(Relay):
    async def contains(self, native_id: str, identifier: Identifier) -> bool:
        try:
            return await self.inner.contains(native_id, identifier)
        except NotFound:
            return False


class OffersMembersAsCandidates(Relay):
    async def list_candidates(self, request: MembersRequest) -> Page[Member]:
        return await self.inner.list_members(request)


class TurnsLaddersRound(Relay):
    async def get_group(self, native_id: str) -> AudienceGroup:
        group = await self.inner.get_group(native_id)
        return replace(group, audiences=group.audiences[::-1])


class PutsEverybodyEverywhere(Relay):
    async def list_group_members(self, request: MembersRequest, *, audience_id: str | None) -> Page[GroupMember]:
        page = await super().list_group_members(request, audience_id=audience_id)
        group = await self.inner.get_group(request.native_id)
        everywhere = tuple(audience.native_id for audience in group.audiences)
        rows = tuple(Row(replace(row.value, audience_ids=everywhere), row.cursor) for row in page.rows)
        return replace(page, rows=rows)


class IgnoresTheAudienceOfAGroup(Relay):
    async def list_group_members(self, request: MembersRequest, *, audience_id: str | None) -> Page[GroupMember]:  # noqa: ARG002 (the lie)
        return await self.inner.list_group_members(request, audience_id=None)


class IsAlwaysDone(Relay):
    async def read_materialization(self, native_id: str) -> Materialization:
        return replace(await self.inner.read_materialization(native_id), state=JobState.SUCCEEDED)


class ForgetsASourceList(Relay):
    async def list_source_lists(self) -> Sequence[SourceList | GatewayError]:
        return (await self.inner.list_source_lists())[1:]
