"""One audience comes out of the index while that is fresh, else from its provider, and leaves when it is gone there."""

import asyncio

from audience_gateway.domain.audience import Audience, AudienceRef
from audience_gateway.domain.catalogue import Reading
from audience_gateway.domain.errors import GatewayError, NotFound, UpstreamUnavailable
from tests.unit.accounts import Account, audience
from tests.unit.memory_index import MemoryIndex
from tests.unit.services.lists import AwayIndex, Lists, account, now
from tests.virtual_time import virtual_time


async def get(lists: Lists, *native_ids: str, key: str = "one") -> list[Audience | GatewayError]:
    refs = [AudienceRef(key, native_id) for native_id in native_ids]
    return await lists.services.audiences.get(refs, deadline=now() + 10)


def gets(account: Account) -> list[object]:
    return [argument for method, argument in account.calls if method == "get_audience"]


@virtual_time
async def test_a_fresh_index_answers_and_nobody_is_asked() -> None:
    one = account()
    lists = Lists(one)
    await lists.page()

    answers = await get(lists, "b", "a", "b")

    assert [each.native_id for each in answers if isinstance(each, Audience)] == ["b", "a", "b"]
    assert gets(one) == []


@virtual_time
async def test_what_a_fresh_index_does_not_have_is_asked_for() -> None:
    one = account()
    lists = Lists(one)
    await lists.page()
    one.audiences["c"] = audience("c")

    answers = await get(lists, "c", "a", "c")

    assert [each.native_id for each in answers if isinstance(each, Audience)] == ["c", "a", "c"]
    assert gets(one) == ["c"]


@virtual_time
async def test_an_old_index_is_not_believed() -> None:
    one = account()
    lists = Lists(one)
    await lists.page()
    await asyncio.sleep(61)
    one.audiences["a"] = audience("a", name="new")

    (answer,) = await get(lists, "a")

    assert isinstance(answer, Audience)
    assert answer.name == "new"


@virtual_time
async def test_an_audience_that_is_gone_leaves_the_index_at_once() -> None:
    lists = Lists(account())
    await lists.page()
    await asyncio.sleep(61)
    del lists.accounts[0].audiences["a"]

    (answer,) = await get(lists, "a")

    assert isinstance(answer, NotFound)
    assert list(await lists.index.find([AudienceRef("one", "a"), AudienceRef("one", "b")])) == [AudienceRef("one", "b")]


@virtual_time
async def test_an_audience_that_cannot_be_asked_for_stays_in_the_index() -> None:
    one = account()
    lists = Lists(one)
    await lists.page()
    await asyncio.sleep(61)

    async def fail(_: str) -> None:
        raise UpstreamUnavailable("down", provider_key="one")

    one.before = fail
    (answer,) = await get(lists, "a")

    assert isinstance(answer, UpstreamUnavailable)
    assert AudienceRef("one", "a") in await lists.index.find([AudienceRef("one", "a")])


@virtual_time
async def test_a_local_audience_is_asked_of_the_store_and_never_taken_out() -> None:
    local = account("local")
    lists = Lists(local, index=MemoryIndex([audience("a", "local")]))
    del local.audiences["a"]

    (answer,) = await get(lists, "a", key="local")

    assert isinstance(answer, NotFound)
    assert gets(local) == ["a"]
    assert AudienceRef("local", "a") in await lists.index.find([AudienceRef("local", "a")])


@virtual_time
async def test_an_unknown_provider_is_not_found_at_its_own_place() -> None:
    one = account()
    refs = [AudienceRef("nobody", "a"), AudienceRef("one", "a")]

    answers = await Lists(one).services.audiences.get(refs, deadline=now() + 10)

    assert [type(answer) for answer in answers] == [NotFound, Audience]


@virtual_time
async def test_audiences_of_a_provider_that_others_have_configured_stay_in_the_shared_index() -> None:
    theirs = audience("a", "theirs")
    lists = Lists(account())
    await lists.index.put(theirs)

    (answer,) = await lists.services.audiences.get([theirs.ref], deadline=now() + 10)

    assert isinstance(answer, NotFound)
    assert list(await lists.index.find([theirs.ref])) == [theirs.ref]


@virtual_time
async def test_while_the_store_is_away_providers_answer_all_the_same() -> None:
    one = account()

    found, missing = await get(Lists(one, index=AwayIndex("sources", "find")), "a", "x")

    assert isinstance(found, Audience)
    assert isinstance(missing, NotFound)


@virtual_time
async def test_a_store_that_goes_away_meanwhile_hides_no_answer() -> None:
    (missing,) = await get(Lists(account(), index=AwayIndex("find")), "x")

    assert isinstance(missing, NotFound)


@virtual_time
async def test_a_reading_that_was_under_way_does_not_bring_a_deleted_audience_back() -> None:
    lists = Lists(account())
    await lists.page()
    reading = await lists.index.begin(
        "one", wanted_since=lists.clock.now().replace(year=2027), now=lists.clock.now(), lease_seconds=30
    )
    assert isinstance(reading, Reading)
    await lists.index.stage(reading, [audience("a"), audience("b")], now=lists.clock.now(), lease_seconds=30)
    await asyncio.sleep(61)
    del lists.accounts[0].audiences["a"]
    await get(lists, "a")

    await lists.index.finish(reading, statuses=[audience("a").status], retire=True)

    assert list(await lists.index.find([AudienceRef("one", "a")])) == []
