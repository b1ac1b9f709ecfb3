"""What is read from vendors' records fits the answers it is passed on in."""

import pytest

from audience_gateway.domain.errors import UpstreamBadResponse
from audience_gateway.upstream.records import Record, count_of, identifier_of, read_each, whole_number_of

LARGEST = 2**31 - 1


@pytest.mark.parametrize("count", [0, 1, LARGEST])
def test_a_count_of_32_bits_is_read(count: int) -> None:
    assert Record("vendor", {"count": count}).count("count") == count_of(count) == count


@pytest.mark.parametrize("value", [LARGEST + 1, 10**30, -1, True, 1.0, "1", [], {}])
def test_anything_else_is_a_broken_field_of_its_record_and_no_total(value: object) -> None:
    with pytest.raises(UpstreamBadResponse, match=r"^vendor answered something unreadable at data\[1\]\.count\.$"):
        Record("vendor", {"count": value}, "data[1]").count("count")

    assert count_of(value) is None


def test_a_count_that_is_missing_is_unknown() -> None:
    assert Record("vendor", {}).count("count") is None
    assert Record("vendor", {"count": None}).count("count") is None


def test_a_count_beyond_32_bits_costs_only_its_own_record() -> None:
    outcomes = read_each(
        "vendor", [{"count": 1}, {"count": 2**40}, {"count": 3}], "data", lambda row: row.count("count")
    )

    assert (outcomes[0], outcomes[2]) == (1, 3)
    assert isinstance(outcomes[1], UpstreamBadResponse)


@pytest.mark.parametrize(("value", "number"), [(2, 2), ("2", 2), (2.0, 2), ("-3", -3), (-LARGEST, -LARGEST)])
def test_whole_numbers_are_read_as_number_or_text(value: object, number: int) -> None:
    assert whole_number_of(value) == number


@pytest.mark.parametrize("value", [2.5, "1e20", -LARGEST - 1, LARGEST + 1, None, False, "two"])
def test_what_is_no_whole_number_of_32_bits_is_unknown(value: object) -> None:
    assert whole_number_of(value) is None


@pytest.mark.parametrize("value", ["x", "x" * 1024, "é" * 512, 7])
def test_identifiers_up_to_a_kilobyte_are_read(value: str | int) -> None:
    assert identifier_of(value) == str(value)


@pytest.mark.parametrize("value", ["", "x" * 1025, "é" * 513, 1.0, True, None, ["x"]])
def test_what_is_longer_or_of_another_type_is_no_identifier(value: object) -> None:
    assert identifier_of(value) is None
