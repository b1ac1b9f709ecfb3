"""Moments, money and JSON go out in one spelling that every client can read."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.graphql.scalars import moment_text, plain_json, read_moment

ZONES = st.builds(timezone, st.integers(-14 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=ZONES)  # noqa: DTZ001 (bounds are naive)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda part: st.lists(part) | st.dictionaries(st.text(), part),
)


@given(MOMENTS)
def test_a_moment_goes_out_in_utc_and_comes_back_the_same(moment: datetime) -> None:
    text = moment_text(moment)

    assert text.endswith("Z")
    assert read_moment(text) == moment
    assert read_moment(text).tzinfo is UTC


def test_fractions_are_written_only_where_there_are_any() -> None:
    assert moment_text(datetime(2026, 1, 2, 10, 15, tzinfo=UTC)) == "2026-01-02T10:15:00Z"
    assert moment_text(datetime(2026, 1, 2, 10, 15, 0, 500_000, tzinfo=UTC)) == "2026-01-02T10:15:00.500000Z"


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-02T10:15:00",
        "2026-01-02",
        "soon",
        "",
        0,
        1.5,
        None,
        True,
        "2026-02-30T00:00:00Z",
    ],
)
def test_a_moment_without_a_zone_or_sense_is_refused(value: object) -> None:
    with pytest.raises(GraphQLError, match="RFC 3339 text with a zone"):
        read_moment(value)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_outside_all_years_is_refused(text: str) -> None:
    with pytest.raises(GraphQLError, match="between the years"):
        read_moment(text)


@given(JSON)
def test_what_is_json_already_stays_as_it_is(value: object) -> None:
    assert plain_json(value) == value


def test_what_json_does_not_have_becomes_something_it_has() -> None:
    value = MappingProxyType(
        {
            "amount": Decimal("412.50"),
            "when": datetime(2026, 1, 2, tzinfo=UTC),
            "pair": (1, [Decimal(2)]),
            7: float("nan"),
            "far": [float("inf"), float("-inf"), 1.5],
        }
    )

    assert plain_json(value) == {
        "amount": "412.50",
        "when": "2026-01-02T00:00:00Z",
        "pair": [1, ["2"]],
        "7": None,
        "far": [None, None, 1.5],
    }
    json.dumps(plain_json(value), allow_nan=False)
