"""A sending list is completed from the provider's own list of them, and only when it must be."""

import pytest

from audience_gateway.domain.audience import SourceList
from audience_gateway.services.source_lists import is_known, known_as

LISTED = [SourceList("1", "Newsletter", 10), SourceList("12", "Checkout", 0)]


@pytest.mark.parametrize(
    ("source_list", "known"),
    [
        (SourceList("1", "Newsletter", 0), True),
        (SourceList("1"), False),
        (SourceList("1", "Newsletter"), False),
        (SourceList("1", None, 3), False),
    ],
)
def test_only_a_list_with_name_and_count_needs_no_call(source_list: SourceList, *, known: bool) -> None:
    assert is_known(source_list) is known


def test_a_list_is_found_by_its_whole_identifier() -> None:
    assert known_as(SourceList("12"), LISTED) == LISTED[1]


def test_a_list_that_is_not_listed_stays_as_it_is() -> None:
    assert known_as(SourceList("2", "Said along"), LISTED) == SourceList("2", "Said along")
