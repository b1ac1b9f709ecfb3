"""A copy is a store like the one it was made of."""

from audience_gateway.domain.audience import AudienceStatus
from audience_gateway.ports import MembersRequest
from audience_gateway.services.cursors import Cursors
from audience_gateway.store import SqlStore
from audience_gateway.store.copying.contents import copied_tables
from audience_gateway.store.seed import seed
from audience_gateway.store.tables import metadata
from tests.store.copying.copies import REMOTE, copied_apart
from tests.store.population import HOSTILE_TERMS, START, audiences, people

Pair = tuple[str, str]
Stores = tuple[SqlStore, SqlStore]


async def test_every_table_is_read_back_the_same_in_the_order_of_what_refers_to_what(pair: Pair) -> None:
    tables = await copied_apart(*pair)

    rows = {table.name: table.rows for table in tables}
    assert all(table.same for table in tables)
    assert list(rows) == [table.name for table in copied_tables()]
    assert rows == {"audience": 8, "audience_change": 1, "catalogue": 1, "member": 60, "secret": 1, "membership": 126}


def test_only_what_is_put_aside_by_a_reading_is_left_behind() -> None:
    assert set(metadata.tables) - {table.name for table in copied_tables()} == {"audience_reading"}


async def test_audiences_members_and_secrets_are_the_same(pair: Pair, stores: Stores) -> None:
    source, target = stores
    await copied_apart(*pair)

    for status in AudienceStatus:
        ours, theirs = [await store.list_audiences(status=status, first=9, after=None) for store in stores]
        assert ours == theirs
        requests = [MembersRequest(audience.native_id, 100) for audience in ours.values]
        assert await source.list_members(requests) == await target.list_members(requests)
    assert await source.secret("cursors") == await target.secret("cursors")
    found = await target.index.find([REMOTE])
    assert found == await source.index.find([REMOTE])
    assert set(found) == {REMOTE}


async def test_search_finds_the_same_people(pair: Pair, stores: Stores) -> None:
    await copied_apart(*pair)

    requests = [MembersRequest("all", 100, search=term) for term in HOSTILE_TERMS]
    ours, theirs = [await store.list_members(requests) for store in stores]
    assert ours == theirs
    assert sum(page.total or 0 for page in theirs if page is not None) > len(HOSTILE_TERMS)


async def test_a_cursor_given_out_before_the_copy_resumes_after_it(pair: Pair, stores: Stores) -> None:
    source, target = stores
    question = ["members", "all"]
    (page,) = await source.list_members([MembersRequest("all", 7)])
    audience_page = await source.list_audiences(status=AudienceStatus.ACTIVE, first=2, after=None)
    assert page is not None
    assert page.end_cursor is not None
    sealed = Cursors(await source.secret("cursors")).seal(page.end_cursor, question=question)

    await copied_apart(*pair)

    opened = Cursors(await target.secret("cursors")).open(sealed, question=question)
    rest = [MembersRequest("all", 100, after=opened)]
    (following,) = await target.list_members(rest)
    assert [following] == list(await source.list_members(rest))
    assert following is not None
    assert [member.native_id for member in following.values] == [f"p{number}" for number in range(7, 60)]
    more = await target.list_audiences(status=AudienceStatus.ACTIVE, first=9, after=audience_page.end_cursor)
    assert [audience.native_id for audience in more.values] == ["half", "all", "rest"]


async def test_the_next_person_and_audience_get_numbers_of_their_own(pair: Pair, stores: Stores) -> None:
    _, target = stores
    await copied_apart(*pair)
    everyone = people(62)

    await seed(target, everyone, audiences(everyone)[3:4])

    (page,) = await target.list_members([MembersRequest("all", 2)])
    assert page is not None
    assert [member.native_id for member in page.values] == ["p60", "p61"]
    assert page.total == 62
    (found,) = await target.list_members([MembersRequest("all", 9, search="+12015550061")])
    assert found is not None
    assert [member.native_id for member in found.values] == ["p61"]


async def test_a_reading_under_way_stays_behind_so_that_the_provider_is_read_anew(pair: Pair, stores: Stores) -> None:
    source, target = stores
    await copied_apart(*pair)

    records = [(await store.index.sources([REMOTE.provider_key], now=START))[REMOTE.provider_key] for store in stores]
    assert [record.reading_since for record in records] == [START, None]
    held, free = [
        await store.index.begin(REMOTE.provider_key, wanted_since=START, now=START, lease_seconds=60)
        for store in (source, target)
    ]
    assert held is None
    assert free is not None
