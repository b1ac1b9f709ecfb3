"""Every list that a provider has, all with one face: identifiers, page by page."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from audience_gateway.domain.audience import Audience, AudienceStatus
from audience_gateway.domain.capability import Operation
from audience_gateway.domain.group import GroupMember
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page, Row
from audience_gateway.ports import MembersRequest
from tests.contract.harness import Harness
from tests.contract.truth import Truth

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KnownList:
    """A list, and the identifiers it should hold.

    :param read: a page, given how many rows at most and the cursor to go on from.
    """

    name: str
    read: Callable[[int, str | None], Awaitable[Page[str]]]
    native_ids: frozenset[str]


Lists = Callable[[Harness], list[KnownList]]


def audience_lists(harness: Harness) -> list[KnownList]:
    """The audiences of each status that can be listed."""
    return [
        _audiences(harness, status) for status in AudienceStatus if status in harness.provider.capabilities.statuses
    ]


def member_lists(harness: Harness) -> list[KnownList]:
    """The members of a few audiences."""
    return [
        _members(harness, audience.native_id, audience.members or frozenset())
        for audience in harness.truth.telling_audiences
    ]


def all_lists(harness: Harness) -> list[KnownList]:
    """The audiences of each status that can be listed and, where they are shown, the members of every audience."""
    lists = audience_lists(harness)
    if harness.provider.capabilities.supports(Operation.LIST_MEMBERS):
        for audience in harness.truth.open_audiences:
            lists.append(_members(harness, audience.native_id, audience.members or frozenset()))
    return lists


def found_member_lists(harness: Harness) -> list[KnownList]:
    """What searches find in the largest audience."""
    audience = harness.truth.telling_audiences[-1]
    members = audience.members or frozenset()
    return [
        _members(harness, audience.native_id, harness.truth.found(members, search), search)
        for search in searches(harness.truth, members)
    ]


def candidate_lists(harness: Harness) -> list[KnownList]:
    """The candidates of a few audiences, and what a search finds among them."""
    lists = []
    for audience in harness.truth.telling_audiences:
        candidates = audience.candidates or frozenset()
        lists.append(_candidates(harness, audience.native_id, candidates))
        if candidates and harness.provider.capabilities.supports(Operation.SEARCH_MEMBERS):
            search = searches(harness.truth, candidates)[0]
            found = harness.truth.found(candidates, search)
            lists.append(_candidates(harness, audience.native_id, found, search))
    return lists


def group_member_lists(harness: Harness) -> list[KnownList]:
    """The people of every group, and of the last audience of each."""
    lists = []
    for group_id, group in harness.truth.groups.items():
        members = {key: harness.truth.audiences[key].members or frozenset() for key in group.audience_ids}
        everybody = frozenset[str]().union(*members.values())
        last = group.audience_ids[-1]
        lists.append(_group_members(harness, group_id, everybody))
        lists.append(_group_members(harness, group_id, members[last], last))
    return lists


def every_kind_of_list(harness: Harness) -> list[KnownList]:
    """A few lists of every kind that the provider claims."""
    capabilities = harness.provider.capabilities
    return [
        known
        for operation, lists in (
            (Operation.LIST, audience_lists),
            (Operation.LIST_MEMBERS, member_lists),
            (Operation.SEARCH_MEMBERS, found_member_lists),
            (Operation.LIST_CANDIDATES, candidate_lists),
            (Operation.READ_GROUPS, group_member_lists),
        )
        if capabilities.supports(operation)
        for known in lists(harness)
    ]


def searches(truth: Truth, among: frozenset[str]) -> tuple[str, ...]:
    """A name's ending, a name, parts of a phone number and an e-mail, some in odd case; wildcards; and nonsense."""
    people = [truth.people[key] for key in sorted(among)]
    names = [person.full_name for person in people if person.full_name]
    phones = [person.phone for person in people if person.phone]
    addresses = [person.email for person in people if person.email]
    texts = [names[0][-4:].swapcase(), names[-1], phones[0][3:8], phones[-1][:3], "%", "_", "no such person"]
    return (*texts, *(address.upper()[-9:] for address in addresses[:1]))


def _audiences(harness: Harness, status: AudienceStatus) -> KnownList:
    async def read(first: int, after: str | None) -> Page[str]:
        page = await harness.provider.list_audiences(status=status, first=first, after=after)
        return _identified(page, _audience_id)

    return KnownList(f"{status.value} audiences", read, harness.truth.with_status(status))


def _members(harness: Harness, audience_id: str, members: frozenset[str], search: str | None = None) -> KnownList:
    async def read(first: int, after: str | None) -> Page[str]:
        page = await harness.provider.list_members(MembersRequest(audience_id, first, after, search))
        return _identified(page, _member_id)

    return KnownList(f"members of {audience_id} with {search}", read, members)


def _candidates(harness: Harness, audience_id: str, people: frozenset[str], search: str | None = None) -> KnownList:
    async def read(first: int, after: str | None) -> Page[str]:
        page = await harness.provider.list_candidates(MembersRequest(audience_id, first, after, search))
        return _identified(page, _member_id)

    return KnownList(f"candidates for {audience_id} with {search}", read, people)


def _group_members(
    harness: Harness, group_id: str, people: frozenset[str], audience_id: str | None = None
) -> KnownList:
    async def read(first: int, after: str | None) -> Page[str]:
        request = MembersRequest(group_id, first, after)
        page = await harness.provider.list_group_members(request, audience_id=audience_id)
        return _identified(page, _group_member_id)

    return KnownList(f"people of group {group_id} in {audience_id}", read, people)


def _identified(page: Page[T], identify: Callable[[T], str]) -> Page[str]:
    rows = tuple(Row(identify(row.value), row.cursor) for row in page.rows)
    return Page(rows=rows, has_next=page.has_next, total=page.total, problems=page.problems)


def _audience_id(audience: Audience) -> str:
    return audience.native_id


def _member_id(member: Member) -> str:
    return member.native_id


def _group_member_id(row: GroupMember) -> str:
    return row.member.native_id
