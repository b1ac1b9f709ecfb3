from dataclasses import fields, replace
from decimal import Decimal

import pytest
from sqlalchemy import text

from audience_gateway.domain.errors import BadInput, InternalError
from audience_gateway.domain.rule import All, Condition, RuleOperator
from audience_gateway.ports import MembersRequest
from audience_gateway.store import SqlStore
from audience_gateway.store.member_rows import FACTS
from audience_gateway.store.seed import Engagement, SeedAudience, seed
from audience_gateway.store.tables import member
from tests.store.population import START, audiences, people

PEOPLE = people(20)
AUDIENCES = audiences(PEOPLE)
TABLES = ("audience", "member", "membership")


async def contents(store: SqlStore) -> list[list[tuple[object, ...]]]:
    return [
        [tuple(row) for row in await store.database.read(text(f"SELECT * FROM {table} ORDER BY 1, 2"))]  # noqa: S608 (our own names)
        for table in TABLES
    ]


async def names_found(store: SqlStore, search: str) -> list[str | None]:
    (page,) = await store.list_members([MembersRequest("all", 100, None, search)])
    assert page is not None
    return [member.full_name for member in page.values]


async def assert_counts_are_right(store: SqlStore) -> None:
    counted = "(SELECT count(*) FROM membership WHERE audience_id = audience.id) AS counted"
    rows = await store.database.read(text(f"SELECT size_value, {counted} FROM audience"))  # noqa: S608 (our own text)
    assert rows
    assert [row.size_value for row in rows] == [row.counted for row in rows]


async def test_the_same_data_again_changes_nothing(store: SqlStore) -> None:
    await seed(store, PEOPLE, AUDIENCES)
    before = await contents(store)

    await seed(store, PEOPLE, AUDIENCES)

    assert await contents(store) == before


async def test_size_values_are_the_number_of_memberships(store: SqlStore) -> None:
    await seed(store, PEOPLE, AUDIENCES)
    await assert_counts_are_right(store)

    await seed(store, [], [SeedAudience(AUDIENCES[0].audience, ("p1", "p2", "p1"))])

    await assert_counts_are_right(store)


async def test_a_person_who_changed_is_found_by_the_new_name_only(store: SqlStore) -> None:
    await seed(store, PEOPLE, AUDIENCES)

    await seed(store, [replace(PEOPLE[1], full_name="Wilhelmina")], [])

    assert await names_found(store, "WILHELM") == ["Wilhelmina"]
    assert await names_found(store, "100 percent") == []


async def test_a_person_who_was_deleted_is_not_found(store: SqlStore) -> None:
    await seed(store, PEOPLE, [])
    async with store.database.writing() as connection:
        await connection.execute(text("DELETE FROM member WHERE native_id = 'p1'"))
    await seed(store, [], [SeedAudience(AUDIENCES[3].audience, ("p0", "p2"))])

    assert await names_found(store, "100") == ["100% Ana_Ruiz"]
    if store.database.dialect == "sqlite":
        compare = text("INSERT INTO member_search (member_search, rank) VALUES ('integrity-check', 1)")
        async with store.database.writing() as connection:
            await connection.execute(compare)


async def test_engagement_is_kept_by_person_and_forgotten_where_it_is_no_longer_told(store: SqlStore) -> None:
    clicked = Engagement(click_count=7, revenue_total=Decimal("12.50"), last_clicked_at=START, has_revenue=True)

    async def found() -> list[str]:
        rules = (
            Condition("clickCount", RuleOperator.EQ, 7),
            Condition("revenueTotal", RuleOperator.EQ, 12.5),
            Condition("lastClickedAt", RuleOperator.EXISTS),
            Condition("hasRevenue", RuleOperator.EQ, True),
            Condition("carrier", RuleOperator.NOT_EXISTS),
        )
        shown = await store.preview_rule(All(rules), now=START, first=20)
        return [member.native_id for member in shown.members]

    await seed(store, PEOPLE, [], engagement={"p3": clicked, "p5": clicked, "nobody": clicked})
    assert await found() == ["p3", "p5"]

    await seed(store, PEOPLE, [], engagement={"p5": clicked})
    assert await found() == ["p5"]


def test_engagement_holds_every_column_that_people_do_not_have() -> None:
    of_people = {column.name for column in FACTS} | {"id", "search_text"}

    assert {field.name for field in fields(Engagement)} == {column.name for column in member.c} - of_people


async def test_an_unknown_member_fails_the_whole_seed(store: SqlStore) -> None:
    with pytest.raises(BadInput):
        await seed(store, PEOPLE, [*AUDIENCES, SeedAudience(AUDIENCES[0].audience, ("p1", "nobody"))])

    assert await contents(store) == [[], [], []]


async def test_audiences_of_other_providers_do_not_belong_here(store: SqlStore) -> None:
    with pytest.raises(BadInput):
        await seed(store, [], [SeedAudience(replace(AUDIENCES[0].audience, provider_key="trackly"), ())])


async def test_a_member_in_an_audience_cannot_be_deleted_so_counts_stay_true(store: SqlStore) -> None:
    await seed(store, PEOPLE, AUDIENCES)

    with pytest.raises(InternalError):
        async with store.database.writing() as connection:
            await connection.execute(text("DELETE FROM member WHERE native_id = 'p1'"))


async def test_more_members_than_one_statement_takes(store: SqlStore) -> None:
    many = [replace(PEOPLE[1], native_id=f"m{number}") for number in range(3_000)]

    await seed(store, many, [SeedAudience(AUDIENCES[0].audience, tuple(person.native_id for person in many))])

    (page,) = await store.list_members([MembersRequest("empty", 1)])
    assert page is not None
    assert page.total == 3_000
