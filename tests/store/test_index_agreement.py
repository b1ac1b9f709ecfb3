"""Whatever happens to an index, the SQL one answers as its oracle in plain Python does."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.domain.audience import Audience, AudienceKind, AudienceRef, AudienceSize, AudienceStatus
from audience_gateway.domain.catalogue import AudienceWindow
from audience_gateway.domain.errors import GatewayError
from audience_gateway.store import SqlStore
from audience_gateway.store.seed import SeedAudience
from tests.examples import some
from tests.store.index_examples import (
    EVERYTHING,
    FAILURES,
    MOMENTS,
    NAMES,
    NATIVE_IDS,
    PROVIDERS,
    QUERIES,
    REMOTE,
    SIZES,
    SORTS,
    remote_audiences,
)
from tests.store.index_pair import Pair
from tests.store.population import START

Command = tuple[Callable[..., Awaitable[None]], dict[str, Any]]
_KEYS = st.sampled_from(REMOTE)
_REFS = st.builds(AudienceRef, _KEYS, st.sampled_from(NATIVE_IDS))
_STATUSES = st.sampled_from([(AudienceStatus.ACTIVE,), tuple(AudienceStatus)])
_LOCAL = st.lists(
    st.builds(
        SeedAudience,
        st.builds(
            Audience,
            provider_key=st.just("local"),
            native_id=st.sampled_from([native_id for native_id in NATIVE_IDS if "\x00" not in native_id]),
            name=NAMES.map(lambda name: name.replace("\x00", "")),
            kind=st.sampled_from(AudienceKind),
            status=st.sampled_from(AudienceStatus),
            fetched_at=st.just(START),
            created_at=MOMENTS,
            updated_at=MOMENTS,
        ),
        st.lists(st.sampled_from(["p1", "p2", "p3"]), max_size=3).map(tuple),
    ),
    max_size=4,
    unique_by=lambda entry: entry.audience.native_id,
)


async def begin(pair: Pair, key: str, age: int) -> None:
    await pair.begin(key, age)


async def stage(pair: Pair, place: int, audiences: list[Audience]) -> None:
    await pair.stage(pair.readings[-1 - place % len(pair.readings)], audiences)


async def restart(pair: Pair, place: int) -> None:
    await pair.ask("restart", pair.readings[-1 - place % len(pair.readings)])


async def finish(pair: Pair, place: int, **options: object) -> None:
    await pair.ask("finish", pair.readings[-1 - place % len(pair.readings)], **options)


async def abandon(pair: Pair, place: int, failure: GatewayError | None) -> None:
    await pair.ask("abandon", pair.readings[-1 - place % len(pair.readings)], failure, now=pair.now)


async def adopt(pair: Pair, key: str, account: str) -> None:
    await pair.ask("adopt", {key: account})


async def put(pair: Pair, audience: Audience) -> None:
    await pair.ask("put", audience)


async def remove(pair: Pair, ref: AudienceRef) -> None:
    await pair.ask("remove", ref)


async def note_sizes(pair: Pair, sizes: dict[AudienceRef, AudienceSize]) -> None:
    await pair.ask("note_sizes", sizes, now=pair.now)


async def read(pair: Pair, key: str, audiences: list[Audience], own: list[Audience], written: int) -> None:
    """A whole reading, some of our own writes before it and the others while it goes on."""
    for audience in own[:written]:
        await pair.ask("put", audience)
    pair.now += timedelta(seconds=60)
    await pair.begin(key)
    await pair.stage(pair.readings[-1], audiences)
    for audience in own[written:]:
        await pair.ask("put", audience)
    await pair.ask("finish", pair.readings[-1], statuses=tuple(AudienceStatus), retire=True)


async def wait(pair: Pair, seconds: int) -> None:
    pair.now += timedelta(seconds=seconds)


async def look(pair: Pair, window: AudienceWindow, after: int | None, before: int | None) -> None:
    """The whole list, then a stretch of it between two of its positions."""
    met = await pair.look(replace(window, limit=99, backward=False))
    bounds = [None if place is None or not met else met[place % len(met)] for place in (after, before)]
    await pair.look(replace(window, after=bounds[0], before=bounds[1]))


def _command(
    function: Callable[..., Awaitable[None]], **arguments: st.SearchStrategy[Any]
) -> st.SearchStrategy[Command]:
    return st.tuples(st.just(function), st.fixed_dictionaries(arguments))


_WINDOWS = st.builds(
    AudienceWindow,
    query=EVERYTHING | QUERIES,
    sort=SORTS,
    provider_keys=st.just(PROVIDERS) | st.lists(st.sampled_from(PROVIDERS), max_size=2).map(tuple),
    limit=st.integers(1, 4) | st.just(99),
    backward=st.booleans(),
)
_PLACES = st.sampled_from([0, 0, 0, 1, 2])
_BOUNDS = st.none() | st.integers(0, 9)
_OWN = remote_audiences().filter(lambda audience: "\x00" not in audience.native_id)
_LOOK = _command(look, window=_WINDOWS, after=_BOUNDS, before=_BOUNDS)
_STAGE = _command(stage, place=_PLACES, audiences=st.lists(remote_audiences(), max_size=6))
_COMMANDS = st.one_of(
    _command(begin, key=_KEYS, age=st.sampled_from([-10, 0, 60])),
    _STAGE,
    _STAGE,
    _command(restart, place=_PLACES),
    _command(
        finish,
        place=_PLACES,
        statuses=_STATUSES,
        retire=st.booleans(),
        kept=st.lists(st.sampled_from(NATIVE_IDS), max_size=2).map(frozenset),
        gap=st.none() | FAILURES,
        doubt=st.none() | st.tuples(FAILURES, st.just("digest")),
    ),
    _command(abandon, place=_PLACES, failure=st.none() | FAILURES),
    _command(adopt, key=_KEYS, account=st.sampled_from(["here", "there"])),
    _command(put, audience=_OWN),
    _command(remove, ref=_REFS),
    _command(
        read,
        key=_KEYS,
        audiences=st.lists(remote_audiences(), max_size=6),
        own=st.lists(_OWN, max_size=3),
        written=st.integers(0, 2),
    ),
    _command(note_sizes, sizes=st.dictionaries(_REFS, SIZES, min_size=1, max_size=3)),
    _command(wait, seconds=st.sampled_from([1, 20, 40, 3_600, -3_600])),
    _LOOK,
    _LOOK,
)


@some(0.25)
@given(
    local=_LOCAL, first=st.lists(remote_audiences(), min_size=3, max_size=9), commands=st.lists(_COMMANDS, max_size=25)
)
async def test_the_index_answers_as_its_oracle_whatever_happens(
    store: SqlStore, local: list[SeedAudience], first: list[Audience], commands: list[Command]
) -> None:
    pair = await Pair.over(store, local)
    for key in REMOTE:
        await pair.begin(key)
    for reading in tuple(pair.readings):
        await pair.stage(reading, first)
        await pair.ask("finish", reading, statuses=tuple(AudienceStatus), retire=True)

    for function, arguments in commands:
        await function(pair, **arguments)
        await pair.compare()


@some(0.3)
@given(
    local=_LOCAL,
    remote=st.lists(remote_audiences(), min_size=1, max_size=14),
    windows=st.lists(st.tuples(_WINDOWS, _BOUNDS, _BOUNDS), min_size=4, max_size=8),
)
async def test_every_stretch_of_every_list_is_as_the_oracle_has_it(
    store: SqlStore,
    local: list[SeedAudience],
    remote: list[Audience],
    windows: list[tuple[AudienceWindow, int | None, int | None]],
) -> None:
    pair = await Pair.over(store, local)
    for key in REMOTE:
        await pair.begin(key)
    for reading in pair.readings:
        await pair.stage(reading, [audience for audience in remote if audience.provider_key == reading.provider_key])
        await pair.ask("finish", reading, statuses=tuple(AudienceStatus), retire=True)

    for window, after, before in windows:
        await look(pair, window, after, before)
