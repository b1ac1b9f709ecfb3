"""How groups, lists and rows make up an audience (Trackly contract, Filter group and Contact row)."""

from dataclasses import replace

import pytest

from tests.sandbox.trackly.contacts import BLANK, CLICKED, ago, all_of, any_of, size


def test_groups_join_their_conditions_and_inner_groups() -> None:
    exists = {**CLICKED, "operator": "exists"}
    missing = {**CLICKED, "operator": "not_exists"}

    assert size(BLANK, group=all_of(missing, groups=(any_of(exists, missing),))) == 1
    assert size(BLANK, group=all_of(missing, groups=(all_of(exists, missing),))) == 0
    assert size(BLANK, group=any_of(exists, groups=(all_of(missing, groups=(any_of(missing),)),))) == 1
    assert size(BLANK, group=any_of(groups=(all_of(exists), all_of(exists)))) == 0


def test_a_phone_on_several_lists_counts_once() -> None:
    assert size(BLANK, replace(BLANK, list_id=2), group=all_of({**CLICKED, "operator": "not_exists"})) == 1


def test_inactive_rows_are_not_counted() -> None:
    assert size(replace(BLANK, active=False), group=all_of({**CLICKED, "operator": "not_exists"})) == 0


def test_source_lists_scope_the_audience_as_a_union() -> None:
    rows = [replace(BLANK, list_id=number, phone_number=f"+1201555010{number}") for number in (1, 2, 3)]
    anyone = all_of({**CLICKED, "operator": "not_exists"})

    assert size(*rows, group=anyone) == 3
    assert size(*rows, group=anyone, lists=(1, 3)) == 2
    assert size(*rows, group=anyone, lists=(9,)) == 0


def test_a_filter_is_judged_on_one_row_at_a_time() -> None:
    clicked = replace(BLANK, last_clicked_at=ago(days=1))
    sent = replace(BLANK, list_id=2, send_count=3)
    both = all_of(
        {**CLICKED, "operator": "exists"},
        {"conditionType": "count", "field": "send_count", "operator": "gt", "value": 0},
    )

    assert size(clicked, sent, group=both) == 0


def test_a_condition_tied_to_a_list_is_judged_on_that_row() -> None:
    clicked = replace(BLANK, last_clicked_at=ago(days=1))
    sent = replace(BLANK, list_id=2, send_count=3)
    both = all_of(
        {**CLICKED, "operator": "exists", "listId": 1},
        {"conditionType": "count", "field": "send_count", "operator": "gt", "value": 0, "listId": 2},
    )

    assert size(clicked, sent, group=both) == 1
    assert size(clicked, sent, group=both, lists=(2,)) == 1


@pytest.mark.parametrize("operator", ["exists", "not_exists"])
def test_a_condition_tied_to_a_list_the_contact_is_not_on_never_matches(operator: str) -> None:
    tied = all_of({**CLICKED, "operator": operator, "listId": 2})

    assert size(BLANK, group=tied) == 0
    assert size(BLANK, replace(BLANK, list_id=2, active=False), group=tied) == 0
