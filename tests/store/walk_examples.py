"""Worlds, lists and walks to draw examples from; values are few, so that many are equal."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from audience_gateway.domain.audience import (
    Audience,
    AudienceKind,
    AudienceRef,
    AudienceSize,
    AudienceStatus,
    SizeBasis,
)
from audience_gateway.domain.catalogue import AudienceQuery, AudienceSort, CountRange, MomentRange
from tests.store.index_examples import SORTS
from tests.store.population import START
from tests.store.walk_world import EVERY, PROVIDERS, REMOTE, World
from tests.store.walking import Event, Step

_IDS = st.sampled_from("abcdef")
_KEYS = st.sampled_from(REMOTE)
_REFS = st.builds(AudienceRef, _KEYS, _IDS)
_MOMENTS = st.sampled_from([None, START, START, START + timedelta(microseconds=1), START - timedelta(days=1)])
_SIZES = st.sampled_from([None, None, 1, 1, 2]).map(
    lambda value: None if value is None else AudienceSize(value, SizeBasis.CACHED, START)
)


def _audiences(
    keys: st.SearchStrategy[str], sizes: st.SearchStrategy[AudienceSize | None]
) -> st.SearchStrategy[Audience]:
    return st.builds(
        Audience,
        provider_key=keys,
        native_id=_IDS,
        name=st.sampled_from(["a", "A", "b", "ß", "ss", "İ"]),
        kind=st.sampled_from([AudienceKind.STATIC, AudienceKind.STATIC, AudienceKind.DYNAMIC]),
        status=st.sampled_from([AudienceStatus.ACTIVE, AudienceStatus.ACTIVE, AudienceStatus.ARCHIVED]),
        fetched_at=st.just(START),
        size=sizes,
        created_at=_MOMENTS,
        updated_at=_MOMENTS,
    )


_REMOTE = _audiences(_KEYS, _SIZES)
_LOCAL = _audiences(st.just("local"), st.just(AudienceSize(0, SizeBasis.LIVE)))


async def changed(world: World, audience: Audience) -> None:
    """The provider has something new, and is read."""
    world.accounts[audience.provider_key].audiences[audience.native_id] = audience
    await world.read(audience.provider_key)


async def changed_unseen(world: World, audience: Audience) -> None:
    """The provider has something new, and is not read."""
    world.accounts[audience.provider_key].audiences[audience.native_id] = audience


async def deleted(world: World, ref: AudienceRef) -> None:
    """The provider has something no more, and is read."""
    world.accounts[ref.provider_key].audiences.pop(ref.native_id, None)
    await world.read(ref.provider_key)


async def broken_off(world: World, key: str, after_calls: int) -> None:
    """The provider fails while it is read."""
    await world.fail_to_read(key, after_calls)


async def kept_locally(world: World, audience: Audience) -> None:
    """A local audience is written."""
    await world.keep_locally([audience])


async def written(world: World, audience: Audience, while_read: bool) -> None:
    """We write, perhaps while the provider is read."""
    if while_read:
        await world.read(audience.provider_key, meanwhile=lambda: world.put(audience))
    else:
        await world.put(audience)


async def removed(world: World, ref: AudienceRef, while_read: bool) -> None:
    """We delete, perhaps while the provider is read."""
    if while_read:
        await world.read(ref.provider_key, meanwhile=lambda: world.remove(ref))
    else:
        await world.remove(ref)


def _event(happen: Callable[..., Awaitable[None]], **details: st.SearchStrategy[Any]) -> st.SearchStrategy[Event]:
    return st.tuples(st.just(happen), st.fixed_dictionaries(details))


_EVENTS = st.one_of(
    _event(changed, audience=_REMOTE),
    _event(changed_unseen, audience=_REMOTE),
    _event(deleted, ref=_REFS),
    _event(broken_off, key=_KEYS, after_calls=st.integers(0, 4)),
    _event(kept_locally, audience=_LOCAL),
    _event(written, audience=_REMOTE, while_read=st.booleans()),
    _event(removed, ref=_REFS, while_read=st.booleans()),
)


def _steps(most: int) -> st.SearchStrategy[tuple[Step, ...]]:
    events = st.lists(_EVENTS, max_size=2).map(tuple)
    backward = st.sampled_from([False, False, True])
    return st.lists(st.builds(Step, st.integers(1, 7), backward, events), min_size=1, max_size=most).map(tuple)


_QUERIES = st.just(AudienceQuery(statuses=EVERY)) | st.builds(
    AudienceQuery,
    provider_keys=st.none() | st.lists(st.sampled_from(PROVIDERS), unique=True, max_size=4).map(tuple),
    statuses=st.sampled_from([(AudienceStatus.ACTIVE,), EVERY]),
    kinds=st.none() | st.just((AudienceKind.STATIC,)),
    name_contains=st.none() | st.sampled_from(["a", "SS"]),
    created_at=st.none() | st.just(MomentRange(START, None)),
    size=st.none() | st.just(CountRange(1, None)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A world, a list in it, and a walk through that; ``down`` cannot be read at first."""

    local: list[Audience]
    remote: list[Audience]
    down: str | None
    query: AudienceQuery
    sort: AudienceSort
    steps: tuple[Step, ...]
    way_back: tuple[Step, ...]


STORIES = st.builds(
    Story,
    local=st.lists(_LOCAL, max_size=4, unique_by=lambda audience: audience.ref),
    remote=st.lists(_REMOTE, min_size=4, max_size=16, unique_by=lambda audience: audience.ref),
    down=st.none() | st.none() | _KEYS,
    query=_QUERIES,
    sort=SORTS,
    steps=_steps(5),
    way_back=_steps(3),
)
