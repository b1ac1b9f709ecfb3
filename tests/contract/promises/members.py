"""What listing members, candidates and the people of groups promises."""

from audience_gateway.domain.audience import AudienceRef
from audience_gateway.domain.capability import Operation
from audience_gateway.domain.errors import NotFound
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page
from audience_gateway.ports import MembersRequest
from tests.contract.harness import Harness
from tests.contract.lists import searches
from tests.contract.promises.promise import UNKNOWN_IDS, expect


async def lists_members_truly(harness: Harness) -> None:
    """Members carry the provider's key and the facts as they are."""
    for audience in harness.truth.telling_audiences:
        page = await harness.provider.list_members(MembersRequest(audience.native_id, 100))

        assert {key: harness.truth.people[key] for key in _ids(page)} == {row.native_id: row for row in page.values}


async def lists_members_of_no_unknown_audience(harness: Harness) -> None:
    """Nobody's members are NotFound and not an empty page, and so are those of an audience whose inside is closed."""
    closed = [audience.native_id for audience in harness.truth.audiences.values() if audience.closed]
    for native_id in (*UNKNOWN_IDS, *closed):
        await expect(NotFound, harness, harness.provider.list_members(MembersRequest(native_id, 5)))


async def searches_no_unknown_audience(harness: Harness) -> None:
    """A search in an unknown audience is NotFound and not a search that found nobody."""
    for native_id in UNKNOWN_IDS:
        await expect(NotFound, harness, harness.provider.list_members(MembersRequest(native_id, 5, search="a")))


async def lists_members_of_many_as_of_one(harness: Harness) -> None:
    """A batch gives a page a request, in order, and a NotFound in the place of an unknown audience."""
    requests = await _various(harness)
    answers = await harness.provider.list_members_of_many(requests)

    assert len(answers) == len(requests)
    for request, answer in zip(requests, answers, strict=True):
        if request.native_id in harness.truth.audiences:
            assert await harness.provider.list_members(request) == answer
        else:
            assert isinstance(answer, NotFound)
            assert harness.key == answer.provider_key
    assert list(await harness.provider.list_members_of_many([])) == []


async def gets_everybody(harness: Harness) -> None:
    """Everybody can be had by identifier, with the same facts as in lists; nobody else can."""
    for native_id, person in harness.truth.people.items():
        assert person == await harness.provider.get_member(native_id)
    for native_id in UNKNOWN_IDS:
        await expect(NotFound, harness, harness.provider.get_member(native_id))


async def lists_candidates_truly(harness: Harness) -> None:
    """Candidates are whole people of the provider's who are not members."""
    for audience in harness.truth.telling_audiences:
        page = await harness.provider.list_candidates(MembersRequest(audience.native_id, 100))

        assert not _ids(page) & (audience.members or frozenset())
        assert {key: harness.truth.people[key] for key in _ids(page)} == {row.native_id: row for row in page.values}
    for native_id in UNKNOWN_IDS:
        await expect(NotFound, harness, harness.provider.list_candidates(MembersRequest(native_id, 5)))


async def knows_groups(harness: Harness) -> None:
    """A group has its name, its kind and all its audiences in ladder order, each as getting it gives it."""
    for native_id, true in harness.truth.groups.items():
        group = await harness.provider.get_group(native_id)

        assert (harness.key, native_id) == (group.provider_key, group.native_id)
        assert (true.name, true.kind, true.tier_attribute) == (group.name, group.kind, group.tier_attribute)
        assert true.audience_ids == tuple(audience.native_id for audience in group.audiences)
        for audience in group.audiences:
            again = await harness.provider.get_audience(audience.native_id)
            assert (again.ref, again.group, again.tier) == (audience.ref, audience.group, audience.tier)
            assert AudienceRef(harness.key, audience.native_id) == audience.ref


async def lists_group_members_truly(harness: Harness) -> None:
    """The people of a group are whole, and each comes with exactly the group's audiences they are in."""
    for native_id, true in harness.truth.groups.items():
        page = await harness.provider.list_group_members(MembersRequest(native_id, 50), audience_id=None)
        for row in page.values:
            key = row.member.native_id
            inside = {each for each in true.audience_ids if key in (harness.truth.audiences[each].members or ())}

            assert harness.truth.people[key] == row.member
            assert inside == set(row.audience_ids)


async def knows_no_unknown_group(harness: Harness) -> None:
    """A group that is not there is NotFound, and so are its people."""
    for native_id in UNKNOWN_IDS:
        await expect(NotFound, harness, harness.provider.get_group(native_id))
        request = MembersRequest(native_id, 5)
        await expect(NotFound, harness, harness.provider.list_group_members(request, audience_id=None))


async def _various(harness: Harness) -> list[MembersRequest]:
    """Requests for few and many rows, from the start and from the middle, for everybody and for some."""
    audience = harness.truth.telling_audiences[-1]
    page = await harness.provider.list_members(MembersRequest(audience.native_id, 2))
    requests = [MembersRequest("no such audience", 5)]
    for number, each in enumerate(harness.truth.telling_audiences, 1):
        requests.append(MembersRequest(each.native_id, number * 3))
    requests.append(MembersRequest(audience.native_id, 4, page.end_cursor))
    if harness.provider.capabilities.supports(Operation.SEARCH_MEMBERS):
        search = searches(harness.truth, audience.members or frozenset())[0]
        requests.append(MembersRequest(audience.native_id, 4, search=search))
    return [*requests, requests[1]]


def _ids(page: Page[Member]) -> set[str]:
    return {member.native_id for member in page.values}
