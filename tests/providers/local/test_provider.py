"""The local provider over a real store in a file; tests/store says what the store itself promises."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from audience_gateway.domain.audience import Audience, AudienceSize, AudienceStatus, SizeBasis
from audience_gateway.domain.capability import Operation
from audience_gateway.domain.errors import (
    BadCursor,
    BadInput,
    ConfigurationError,
    GatewayError,
    NotFound,
    UnsupportedOperation,
)
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page
from audience_gateway.ports import HttpReply, HttpRequest, MembersRequest, Provider, ProviderResources
from audience_gateway.providers.local import connect
from audience_gateway.services.guard import Guarded
from audience_gateway.store import SqlStore, open_store
from audience_gateway.store.seed import seed
from tests.store.population import audiences, people

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
PEOPLE = people(12)


class NowClock:
    def now(self) -> datetime:
        return NOW


class NoTransport:
    async def send(self, request: HttpRequest) -> HttpReply:
        raise AssertionError(request)

    async def close(self) -> None:
        """Nothing is open."""


def provider_over(store: SqlStore, key: str = "local", **settings: object) -> Provider:
    return connect(
        ProviderResources(
            key=key,
            settings=settings,
            transport=NoTransport(),
            store=store,
            clock=NowClock(),
            randomness=random.Random(1),
        )
    )


def total_of(answer: object) -> int | None:
    assert isinstance(answer, Page)
    return answer.total


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    await store.migrate()
    await seed(store, PEOPLE, audiences(PEOPLE))
    yield store
    await store.close()


@pytest.fixture
def provider(store: SqlStore) -> Provider:
    return provider_over(store)


async def test_both_statuses_are_listed_newest_first(provider: Provider) -> None:
    active = await provider.list_audiences(status=AudienceStatus.ACTIVE, first=2, after=None)
    rest = await provider.list_audiences(status=AudienceStatus.ACTIVE, first=9, after=active.end_cursor)
    archived = await provider.list_audiences(status=AudienceStatus.ARCHIVED, first=9, after=None)

    assert [audience.native_id for audience in (*active.values, *rest.values)] == [
        "empty",
        "one",
        "half",
        "all",
        "rest",
    ]
    assert [audience.native_id for audience in archived.values] == ["old", "gone"]
    assert (active.has_next, active.total, rest.has_next) == (True, 5, False)


async def test_an_audience_carries_its_live_size_and_was_told_now(provider: Provider) -> None:
    audience = await provider.get_audience("half")

    assert audience.size == await provider.read_size("half") == AudienceSize(6, SizeBasis.LIVE, NOW)
    assert audience.fetched_at == NOW


async def test_many_audiences_come_in_order_with_an_error_for_each_unknown_one(provider: Provider) -> None:
    first, unknown, archived, again = await provider.get_audiences(["one", "unknown", "old", "one"])

    assert isinstance(first, Audience)
    assert isinstance(archived, Audience)
    assert (first.native_id, archived.native_id, again) == ("one", "old", first)
    assert isinstance(unknown, NotFound)
    assert unknown.provider_key == "local"


async def test_members_are_paged_and_searched(provider: Provider) -> None:
    page = await provider.list_members(MembersRequest("all", 5))
    rest = await provider.list_members(MembersRequest("all", 100, page.end_cursor))
    found = await provider.list_members(MembersRequest("all", 100, None, "drop TABLE"))

    assert [*page.values, *rest.values] == PEOPLE
    assert (page.total, page.has_next, rest.has_next) == (12, True, False)
    assert [member.full_name for member in found.values] == ["O'Brien; DROP TABLE member"]


async def test_a_batch_of_pages_has_an_error_only_where_something_is_wrong(provider: Provider) -> None:
    cursor = (await provider.list_members(MembersRequest("all", 5))).end_cursor
    requests = [
        MembersRequest("all", 5, cursor),
        MembersRequest("half", 5, cursor),
        MembersRequest("unknown", 5),
        MembersRequest("one", 5, None, "nul\x00"),
        MembersRequest("half", 5),
    ]

    good, foreign_cursor, unknown, unsearchable, also_good = await provider.list_members_of_many(requests)

    assert (total_of(good), total_of(also_good)) == (12, 6)
    assert isinstance(foreign_cursor, BadCursor)
    assert isinstance(unknown, NotFound)
    assert isinstance(unsearchable, BadInput)
    assert {fault.provider_key for fault in (foreign_cursor, unknown, unsearchable)} == {"local"}


async def test_a_batch_answers_as_its_requests_would_one_by_one(provider: Provider) -> None:
    requests = [MembersRequest("half", 2), MembersRequest("all", 3, None, "p"), MembersRequest("empty", 1)]

    assert list(await provider.list_members_of_many(requests)) == [await provider.list_members(one) for one in requests]


async def test_candidates_are_everybody_else(provider: Provider) -> None:
    page = await provider.list_candidates(MembersRequest("half", 100))

    assert list(page.values) == PEOPLE[1::2]


async def test_a_person_is_found_by_native_id(provider: Provider) -> None:
    assert await provider.get_member("p3") == PEOPLE[3]


@pytest.mark.parametrize("question", ["audience", "size", "members", "candidates", "member"])
async def test_what_is_not_there_is_not_found(provider: Provider, question: str) -> None:
    asked: dict[str, Callable[[], Awaitable[object]]] = {
        "audience": lambda: provider.get_audience("unknown"),
        "size": lambda: provider.read_size("unknown"),
        "members": lambda: provider.list_members(MembersRequest("unknown", 5)),
        "candidates": lambda: provider.list_candidates(MembersRequest("unknown", 5)),
        "member": lambda: provider.get_member("unknown"),
    }

    with pytest.raises(NotFound) as caught:
        await asked[question]()

    assert caught.value.provider_key == "local"


async def test_under_another_key_everything_bears_that_key(store: SqlStore) -> None:
    provider = provider_over(store, "archive", display_name="Archive")
    audience = await provider.get_audience("half")
    page = await provider.list_members(MembersRequest("half", 2))
    member = await provider.get_member("p0")

    assert (provider.key, provider.display_name) == ("archive", "Archive")
    assert {audience.provider_key, member.provider_key, *(each.provider_key for each in page.values)} == {"archive"}
    assert list(page.values) == [replace(person, provider_key="archive") for person in PEOPLE[0:4:2]]


async def test_a_store_that_fails_is_this_providers_failure(store: SqlStore, provider: Provider) -> None:
    async with store.database.writing() as connection:
        await connection.execute(text("DROP TABLE membership"))

    with pytest.raises(GatewayError) as caught:
        await provider.list_members_of_many([MembersRequest("half", 2)])

    assert caught.value.provider_key == "local"


async def test_a_cursor_of_another_list_is_refused_under_this_providers_key(provider: Provider) -> None:
    cursor = (await provider.list_audiences(status=AudienceStatus.ACTIVE, first=1, after=None)).end_cursor

    with pytest.raises(BadCursor) as caught:
        await provider.list_audiences(status=AudienceStatus.ARCHIVED, first=1, after=cursor)

    assert caught.value.provider_key == "local"


async def test_what_it_does_not_claim_it_refuses(provider: Provider) -> None:
    guarded = Guarded(provider, NowClock())

    assert set(Operation) - set(provider.capabilities.operations) == {
        Operation.READ_MATERIALIZATION,
        Operation.READ_GROUPS,
        Operation.LIST_SOURCE_LISTS,
    }
    with pytest.raises(UnsupportedOperation):
        await guarded.list_source_lists()
    with pytest.raises(UnsupportedOperation):
        await provider.get_group("any")


async def test_closing_the_provider_leaves_the_store_open(store: SqlStore, provider: Provider) -> None:
    await provider.close()

    member: Member | None = await store.get_member("p0")
    assert member == PEOPLE[0]


def test_unknown_settings_are_refused(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")

    with pytest.raises(ConfigurationError, match=r"^providers\.local\.base_url: unknown setting$"):
        provider_over(store, base_url="https://example.com")
