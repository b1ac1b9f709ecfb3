"""Readings of a provider: what shows when, who may change what, and what survives them."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from audience_gateway.domain.audience import Audience, AudienceRef, AudienceSize, AudienceStatus, SizeBasis
from audience_gateway.domain.catalogue import AudienceQuery, AudienceSort, AudienceWindow, Reading
from audience_gateway.domain.errors import Superseded, UpstreamBadResponse, UpstreamTimeout
from audience_gateway.store import SqlStore
from audience_gateway.store.index.sql_index import SqlAudienceIndex
from audience_gateway.store.seed import seed
from tests.examples import some
from tests.store.index_examples import WHOLE
from tests.store.index_pair import LEASE_SECONDS, emptied
from tests.store.population import START, audiences, people
from tests.unit.accounts import audience

ACTIVE = (AudienceStatus.ACTIVE,)
EVERY = tuple(AudienceStatus)
LATER = START + timedelta(minutes=1)


async def begun(index: SqlAudienceIndex, *, minutes: int = 0) -> Reading:
    now = START + timedelta(minutes=minutes)
    reading = await index.begin("one", wanted_since=now, now=now, lease_seconds=LEASE_SECONDS)
    assert reading is not None
    return reading


async def stage(index: SqlAudienceIndex, reading: Reading, *values: Audience) -> list[str]:
    return list(await index.stage(reading, values, now=reading.began_at, lease_seconds=LEASE_SECONDS))


async def read(index: SqlAudienceIndex, *values: Audience, minutes: int = 0) -> None:
    """A whole reading that finds ``values`` and nothing else."""
    reading = await begun(index, minutes=minutes)
    await stage(index, reading, *values)
    await index.finish(reading, statuses=EVERY, retire=True)


async def shown(index: SqlAudienceIndex) -> list[str]:
    """The names of everything, by provider and identifier."""
    window = AudienceWindow(
        query=AudienceQuery(statuses=EVERY), sort=AudienceSort(), provider_keys=("local", "one"), limit=1_000
    )
    placed = sorted(await index.page(window), key=lambda each: (each.audience.provider_key, each.audience.native_id))
    return [each.audience.name for each in placed]


def _long_text(characters: int) -> str:
    """Text that nothing makes shorter."""
    return "".join(random.Random(0).choices("0123456789abcdefghijklmnopqrstuvwxyz", k=characters))


async def test_nothing_of_a_reading_shows_before_it_is_finished(store: SqlStore) -> None:
    await read(store.index, audience("a", name="old"), audience("b", name="old"))
    reading = await begun(store.index, minutes=1)
    await stage(store.index, reading, audience("a", name="new"), audience("c", name="new"))

    assert await shown(store.index) == ["old", "old"]
    assert await store.index.missing(reading, EVERY) == (2, ["b"])
    await store.index.finish(reading, statuses=EVERY, retire=True)
    assert await shown(store.index) == ["new", "new"]
    assert list(await store.index.find([AudienceRef("one", "b")])) == []


async def test_a_reading_is_taken_over_in_one_transaction(store: SqlStore) -> None:
    """Whoever looks meanwhile sees all of the old or all of the new."""
    generations = [[audience(str(number), name=name) for number in range(60)] for name in ("old", "new")]
    generations[1] += [audience(str(number), name="new") for number in range(60, 90)]
    await read(store.index, *generations[0])
    seen: set[tuple[str, ...]] = set()

    async def look() -> None:
        while True:
            seen.add(tuple(await shown(store.index)))

    looking = asyncio.create_task(look())
    for minute in range(1, 7):
        await read(store.index, *generations[minute % 2], minutes=minute)
    looking.cancel()
    await asyncio.wait([looking])

    assert seen == {("old",) * 60, ("new",) * 90}


async def test_a_takeover_that_fails_changes_nothing(store: SqlStore) -> None:
    await read(store.index, audience("a", name="old"), audience("b", name="old"))
    reading = await begun(store.index, minutes=1)
    await stage(store.index, reading, audience("a", name="new"))
    unspeakable = UpstreamBadResponse("half a character \ud800", provider_key="one")

    with pytest.raises(ValueError, match="surrogates"):
        await store.index.finish(reading, statuses=EVERY, retire=True, gap=unspeakable)

    assert await shown(store.index) == ["old", "old"]


async def test_a_second_reader_is_refused_while_the_first_shows_life(store: SqlStore) -> None:
    await begun(store.index)

    assert await store.index.begin("one", wanted_since=LATER, now=START, lease_seconds=LEASE_SECONDS) is None
    assert (await store.index.sources(["one"], now=START))["one"].reading_since == START
    assert await store.index.begin("two", wanted_since=START, now=START, lease_seconds=LEASE_SECONDS) is not None


async def test_putting_aside_holds_the_right_on(store: SqlStore) -> None:
    reading = await begun(store.index)
    late = START + timedelta(seconds=LEASE_SECONDS - 1)
    await store.index.stage(reading, [], now=late, lease_seconds=LEASE_SECONDS)

    after_the_first_lease = START + timedelta(seconds=LEASE_SECONDS + 1)
    assert await store.index.begin("one", wanted_since=LATER, now=after_the_first_lease, lease_seconds=1) is None


async def test_no_reading_begins_while_the_index_is_young_enough(store: SqlStore) -> None:
    await read(store.index, audience("a"))

    assert await store.index.begin("one", wanted_since=START, now=LATER, lease_seconds=LEASE_SECONDS) is None
    assert await store.index.begin("one", wanted_since=LATER, now=LATER, lease_seconds=LEASE_SECONDS) is not None


async def test_a_reader_who_lost_the_right_changes_nothing(store: SqlStore) -> None:
    await read(store.index, audience("a", name="old"))
    lost = await begun(store.index, minutes=1)
    await stage(store.index, lost, audience("b", name="lost"))
    won = await begun(store.index, minutes=2)
    await stage(store.index, won, audience("a", name="won"))

    for change in (
        store.index.stage(lost, [audience("a", name="lost")], now=LATER, lease_seconds=LEASE_SECONDS),
        store.index.restart(lost),
        store.index.finish(lost, statuses=EVERY, retire=True),
    ):
        with pytest.raises(Superseded):
            await change
    await store.index.abandon(lost, UpstreamTimeout("late", provider_key="one"), now=LATER)
    assert await shown(store.index) == ["old"]
    assert (await store.index.sources(["one"], now=won.began_at))["one"].failure is None
    await store.index.finish(won, statuses=EVERY, retire=True)
    assert await shown(store.index) == ["won"]


@pytest.mark.parametrize("end", ["finished", "abandoned"])
async def test_a_right_that_was_given_up_is_gone(store: SqlStore, end: str) -> None:
    """Finishing twice would retire everything, as nothing is put aside any more."""
    await read(store.index, audience("a", name="kept"))
    reading = await begun(store.index, minutes=1)
    await stage(store.index, reading, audience("a", name="kept"))
    if end == "finished":
        await store.index.finish(reading, statuses=EVERY, retire=True)
    else:
        await store.index.abandon(reading, None, now=LATER)

    with pytest.raises(Superseded):
        await store.index.finish(reading, statuses=EVERY, retire=True)
    with pytest.raises(Superseded):
        await stage(store.index, reading, audience("a", name="late"))

    assert await shown(store.index) == ["kept"]


async def test_a_right_dated_by_a_clock_that_was_wrong_keeps_nobody_out(store: SqlStore) -> None:
    await begun(store.index, minutes=60)

    assert (await store.index.sources(["one"], now=START))["one"].reading_since is None
    assert (await begun(store.index)).number == 2


async def test_own_writes_and_deletions_survive_a_reading_begun_before_them(store: SqlStore) -> None:
    await read(store.index, *(audience(native_id, name="old") for native_id in "abc"))
    reading = await begun(store.index, minutes=1)
    await stage(store.index, reading, *(audience(native_id, name="read") for native_id in "abc"))

    await store.index.put(audience("a", name="own"))
    await store.index.put(audience("d", name="own"))
    await store.index.remove(AudienceRef("one", "b"))
    assert await store.index.missing(reading, EVERY) == (3, [])
    await store.index.finish(reading, statuses=EVERY, retire=True)

    assert await shown(store.index) == ["own", "read", "own"]
    assert list(await store.index.find([AudienceRef("one", "b")])) == []


async def test_own_writes_and_deletions_do_not_survive_a_reading_begun_after_them(store: SqlStore) -> None:
    await read(store.index, *(audience(native_id, name="old") for native_id in "abc"))
    await store.index.put(audience("a", name="own"))
    await store.index.put(audience("d", name="own"))
    await store.index.remove(AudienceRef("one", "b"))

    await read(store.index, *(audience(native_id, name="read") for native_id in "abc"), minutes=1)

    assert await shown(store.index) == ["read", "read", "read"]


async def test_a_doubtful_reading_spares_own_writes_in_the_next_one_too(store: SqlStore) -> None:
    """It does not count as read, so that what it began after may not be forgotten."""
    await read(store.index, audience("a", name="old"))
    late, doubtful = UpstreamBadResponse("doubt", provider_key="one"), await begun(store.index, minutes=1)
    await store.index.put(audience("a", name="own"))

    await stage(store.index, doubtful, audience("a", name="read"))
    await store.index.finish(doubtful, statuses=EVERY, retire=False, doubt=(late, "digest"))

    record = (await store.index.sources(["one"], now=LATER))["one"]
    assert (record.read_at, record.failures, record.suspicion) == (START, 1, "digest")
    assert await shown(store.index) == ["own"]


async def test_only_statuses_that_were_read_are_retired_and_kept_ones_are_not(store: SqlStore) -> None:
    await read(
        store.index, *(audience(native_id) for native_id in "abc"), audience("z", status=AudienceStatus.ARCHIVED)
    )
    reading = await begun(store.index, minutes=1)

    assert await store.index.missing(reading, ACTIVE) == (3, ["a", "b", "c"])
    await store.index.finish(reading, statuses=ACTIVE, retire=True, kept={"b"})

    assert await shown(store.index) == ["Audience b", "Audience z"]


async def test_a_reading_touches_neither_local_audiences_nor_other_providers(store: SqlStore) -> None:
    await seed(store, people(3), audiences(people(3)))
    two = await store.index.begin("two", wanted_since=START, now=START, lease_seconds=LEASE_SECONDS)
    assert two is not None
    await store.index.stage(two, [audience("all", "two")], now=START, lease_seconds=LEASE_SECONDS)
    await store.index.finish(two, statuses=EVERY, retire=True)
    before = await shown(store.index)

    await read(store.index)

    assert await shown(store.index) == before
    assert list(await store.index.find([AudienceRef("two", "all")])) == [AudienceRef("two", "all")]
    assert len(await store.get_audiences(["all", "old"])) == 2


async def test_a_size_that_a_list_does_not_tell_stays_and_keeps_its_moment(store: SqlStore) -> None:
    sized = replace(audience("a"), size=AudienceSize(7, SizeBasis.LIVE), fetched_at=START)
    await store.index.put(sized)

    for minutes in (1, 2):
        await read(store.index, replace(sized, size=None, fetched_at=START + timedelta(minutes=5)), minutes=minutes)

    (found,) = (await store.index.find([sized.ref])).values()
    assert found.size == AudienceSize(7, SizeBasis.LIVE, START)
    assert found.fetched_at == START + timedelta(minutes=5)


async def test_a_size_asked_for_by_itself_was_true_when_it_was_told(store: SqlStore) -> None:
    await read(store.index, audience("a"), audience("b"))
    refs = [AudienceRef("one", native_id) for native_id in "abx"]

    sizes = [
        AudienceSize(3, SizeBasis.LIVE), AudienceSize(4, SizeBasis.MATERIALIZED), AudienceSize(5, SizeBasis.LIVE),
    ]  # fmt: skip
    await store.index.note_sizes(dict(zip(refs, sizes, strict=True)), now=LATER)

    found = await store.index.find(refs)
    assert [each.size for each in found.values()] == [
        AudienceSize(3, SizeBasis.LIVE, LATER),
        AudienceSize(4, SizeBasis.MATERIALIZED),
    ]


async def test_what_no_database_can_hold_is_left_out_and_named(store: SqlStore) -> None:
    reading = await begun(store.index)
    wrong = [
        audience("nul\x00"),
        audience("half\ud800"),
        audience("name", name="\ud800"),
        replace(audience("raw"), raw={"number": 2**64, "object": object()}),
        audience(_long_text(1_025)),
    ]
    longest = replace(audience(_long_text(1_024)), name="".join(map(chr, range(0x20000, 0x20000 + 200))))

    refused = await stage(store.index, reading, longest, *wrong, audience("~", name="nul\x00"))
    await store.index.finish(reading, statuses=EVERY, retire=True)

    assert refused == [each.native_id for each in wrong]
    assert await shown(store.index) == [longest.name, "nul\x00"]


@some(0.5)
@given(value=WHOLE)
async def test_every_audience_comes_back_as_it_was_put_aside(store: SqlStore, value: Audience) -> None:
    index = (await emptied(store)).index

    reading = await begun(index)
    refused = await stage(index, reading, value)
    await index.finish(reading, statuses=EVERY, retire=True)

    assert refused == []
    size = value.size
    if size is not None and size.as_of is None and size.value is not None and size.basis is not SizeBasis.MATERIALIZED:
        size = replace(size, as_of=value.fetched_at)
    assert await index.find([value.ref]) == {value.ref: replace(value, size=size)}


@some(0.2)
@given(value=WHOLE, other=WHOLE)
async def test_an_own_write_comes_back_whatever_was_there(store: SqlStore, value: Audience, other: Audience) -> None:
    index = (await emptied(store)).index
    await index.put(replace(other, native_id=value.native_id))

    await index.put(value)

    (found,) = (await index.find([value.ref])).values()
    assert replace(found, size=None) == replace(value, size=None)


async def test_a_key_that_is_given_to_another_account_shows_nothing_of_the_old_one(store: SqlStore) -> None:
    await store.index.adopt({"one": "oliai https://one.test"})
    await read(store.index, audience("a"))
    late = await begun(store.index, minutes=1)

    await store.index.adopt({"one": "oliai https://one.test"})
    assert await shown(store.index) == ["Audience a"]
    await store.index.adopt({"one": "oliai https://two.test"})

    assert await shown(store.index) == []
    record = (await store.index.sources(["one"], now=LATER))["one"]
    assert (record.read_at, record.reading_since) == (None, None)
    with pytest.raises(Superseded):
        await stage(store.index, late, audience("a"))
