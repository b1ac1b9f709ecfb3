from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from audience_gateway.domain.errors import InternalError
from audience_gateway.domain.member import Member
from audience_gateway.store import SqlStore, open_store
from audience_gateway.store.seed import seed
from tests.databases import empty_postgresql
from tests.store.population import people

PERSON = people(2)[1]


async def kept(store: SqlStore, person: Member) -> Member:
    await seed(store, [person], [])
    found = await store.get_member(person.native_id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 1, 12, 0, 0, 1, UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC),
        datetime(2026, 3, 1, 12, 0, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    ],
)
async def test_moments_keep_their_microseconds_and_come_back_in_utc(store: SqlStore, moment: datetime) -> None:
    found = (await kept(store, replace(PERSON, created_at=moment))).created_at

    assert found == moment
    assert found is not None
    assert found.tzinfo is UTC


async def test_moments_come_back_in_utc_whatever_the_zone_of_the_server() -> None:
    with empty_postgresql() as url:
        store = open_store(f"{url}?options=-c%20timezone%3DAsia/Kolkata")
        await store.migrate()
        found = (await kept(store, PERSON)).created_at
        await store.close()

    assert found == PERSON.created_at
    assert found is not None
    assert found.tzinfo is UTC


async def test_a_moment_without_a_zone_is_refused(store: SqlStore) -> None:
    naive = datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None)

    with pytest.raises(InternalError):
        await kept(store, replace(PERSON, created_at=naive))


@pytest.mark.parametrize(
    ("given", "expected"),
    [("12.30", "12.30"), ("-0.01", "-0.01"), ("0.125", "0.12"), ("0.135", "0.14"), ("92233720368547758.07",) * 2],
)
async def test_money_is_kept_to_the_hundredth_half_to_even(store: SqlStore, given: str, expected: str) -> None:
    found = await kept(store, replace(PERSON, total_order_value=Decimal(given)))

    assert found.total_order_value == Decimal(expected)


async def test_attributes_are_the_same_json_on_both_databases(store: SqlStore) -> None:
    attributes: dict[str, object] = {
        "": None,
        "text": 'ä"\\',
        "list": [1, -2.5, True, {"deep": []}],
        "big": 2**62,
        "object": {},
    }

    assert (await kept(store, replace(PERSON, attributes=attributes))).attributes == attributes
    assert (await kept(store, replace(PERSON, attributes={}))).attributes == {}
    assert (await kept(store, replace(PERSON, attributes=None))).attributes is None


async def test_an_attribute_that_json_cannot_say_is_refused(store: SqlStore) -> None:
    with pytest.raises((InternalError, ValueError)):
        await kept(store, replace(PERSON, attributes={"score": float("nan")}))
