"""How much an answer could hold is known before anything is executed."""

import json

import pytest

from audience_gateway.domain.page import PAGE_DEFAULT
from audience_gateway.graphql.cost import VALUES, bounded_lists, paged_fields
from audience_gateway.graphql.schema import printed
from tests.unit.accounts import Account
from tests.unit.web.gateway import Gateway

MEMBERS = "id nativeId email phone fullName externalId"


def test_every_field_that_takes_first_is_paged() -> None:
    assert {"audiences", "members"} <= paged_fields(printed())
    assert "nodes" not in paged_fields(printed())


async def test_a_full_page_of_full_pages_of_members_is_admitted() -> None:
    answer = await Gateway().ask(
        f"{{ audiences(first: 100) {{ nodes {{ name members(first: 100) {{ nodes {{ {MEMBERS} }} }} }} }} }}"
    )

    assert "COST_EXCEEDED" not in json.dumps(answer)


PAGE = "{ nodes { id email phone fullName } }"


@pytest.mark.parametrize(
    "query",
    [
        "{ audiences(first: 100) { nodes { "
        + " ".join(f"m{place}: members(first: 100) {PAGE}" for place in range(5))
        + " } } }",
        "query ($n: Int = 100) { audiences(first: $n) { nodes { "
        + " ".join(f"m{place}: members(first: $n) {PAGE}" for place in range(5))
        + " } } }",
        "{ audiences(first: 100) { nodes { ...M } edges { node { ...M } } } } fragment M on Audience { "
        + " ".join(f"m{place}: members(first: 100) {PAGE}" for place in range(3))
        + " }",
    ],
    ids=["literals", "variables", "fragments"],
)
async def test_an_answer_that_could_hold_too_much_is_refused_before_any_call(query: str) -> None:
    error = await Gateway().refused(query)

    assert error["extensions"] == {"code": "COST_EXCEEDED", "retryable": False}
    assert str(VALUES) in str(error["message"])


@pytest.mark.parametrize("as_variable", [True, False])
async def test_identifiers_count_as_often_as_they_are_given(as_variable: bool) -> None:
    ids = ["bm90aGluZw"] * 99
    pages = " ".join(f"m{place}: members(first: 100) {PAGE}" for place in range(10))
    inner = f"{{ ... on Audience {{ {pages} }} }}"
    query = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {inner} }}" if as_variable else ""
    query = query or f"{{ nodes(ids: {json.dumps(ids)}) {inner} }}"

    error = await Gateway().refused(query, **({"ids": ids} if as_variable else {}))

    assert error["extensions"] == {"code": "COST_EXCEEDED", "retryable": False}


async def test_a_variables_default_counts_as_if_it_were_given() -> None:
    ids = json.dumps(["bm90aGluZw"] * 99)
    pages = " ".join(f"m{place}: members(first: 100) {PAGE}" for place in range(10))

    error = await Gateway().refused(
        f"query ($ids: [ID!]! = {ids}) {{ nodes(ids: $ids) {{ ... on Audience {{ {pages} }} }} }}"
    )

    assert error["extensions"] == {"code": "COST_EXCEEDED", "retryable": False}


async def test_lists_that_cannot_grow_count_as_several() -> None:
    leaves = "operation allowed reason " * 2
    fields = " ".join(f"c{place}: can {{ {leaves} }}" for place in range(29))

    error = await Gateway().refused(f"{{ audiences(first: 100) {{ nodes {{ {fields} }} }} }}")

    assert error["extensions"] == {"code": "COST_EXCEEDED", "retryable": False}


def test_rows_of_pages_are_no_lists_of_their_own() -> None:
    bounded = bounded_lists(printed())

    assert {"can", "capabilities", "providers", "tiers"} <= bounded
    assert not {"nodes", "edges"} & bounded


async def test_a_page_without_first_counts_as_the_default() -> None:
    rows = PAGE_DEFAULT * PAGE_DEFAULT * 5
    aliases = 30
    assert rows * aliases < VALUES * 2, "else the query below proves nothing"
    query = "{ audiences { nodes { " + " ".join(f"m{place}: members {PAGE}" for place in range(aliases)) + " } } }"

    answer = await Gateway().ask(query)

    assert "COST_EXCEEDED" not in json.dumps(answer)


async def test_several_operations_need_a_name_that_names_one() -> None:
    error = await Gateway().refused("query A { providers { key } } query B { providers { key } }")

    assert error["extensions"] == {"code": "BAD_INPUT", "retryable": False}
    assert "operationName" in str(error["message"])


async def test_a_sample_counts_as_many_people_as_are_asked_for() -> None:
    query = "{ previewRule(rule: {all: []}, first: 7) { count sample { email phone } } }"

    answer = await Gateway(Account("local")).ask(query)

    assert answer["extensions"] == {"cost": {"upstreamCalls": {}, "values": 7 * (1 + 1 + 3)}}
