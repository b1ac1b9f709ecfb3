"""Every answer of an operation that ran tells what it cost; side by side, none sees the calls of another."""

import asyncio
from collections.abc import Mapping
from typing import cast

import pytest

from audience_gateway.domain.node_id import NodeId, NodeType
from audience_gateway.ports import HttpReply, HttpRequest
from audience_gateway.upstream.metering import MeteredTransport
from tests.unit.accounts import Account, audience, member
from tests.unit.web.gateway import Gateway

REQUEST = HttpRequest(method="GET", url="https://vendor.test/", headers={})


class Vendor:
    """Replies to everything, after a turn of the event loop."""

    async def send(self, request: HttpRequest) -> HttpReply:  # noqa: ARG002 (whatever is asked)
        await asyncio.sleep(0)
        return HttpReply(200, {}, b"{}")

    async def close(self) -> None:
        """Nothing to close."""


def account(key: str, *native_ids: str) -> Account:
    """An account whose every call is one request to its vendor."""
    transport = MeteredTransport(Vendor(), key)

    async def send(_: str) -> None:
        await transport.send(REQUEST)

    return Account(key, [audience(each, key) for each in native_ids], members=[member("1", key)], before=send)


def gateway() -> Gateway:
    return Gateway(account("one", "a", "b", "c"), account("two", "x"), account("three"))


def cost(answer: Mapping[str, object]) -> Mapping[str, object]:
    return cast("dict[str, dict[str, object]]", answer["extensions"])["cost"]


def calls(answer: Mapping[str, object]) -> object:
    return cost(answer)["upstreamCalls"]


def ids(*audiences: tuple[str, str]) -> list[str]:
    return [NodeId(NodeType.AUDIENCE, key, native_id).encode() for key, native_id in audiences]


BY_ID = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Audience { name members { nodes { id } } } } }"


async def test_batches_that_fan_out_count_for_every_provider_that_was_called() -> None:
    answer = await gateway().ask(BY_ID, ids=ids(("one", "a"), ("one", "b"), ("two", "x"), ("one", "a")))

    assert "errors" not in answer
    assert calls(answer) == {"one": 4, "two": 2}


async def test_operations_side_by_side_do_not_see_each_others_calls() -> None:
    asked = [ids(("one", "a")), ids(("two", "x")), ids(("one", "a"), ("one", "b"), ("one", "c"), ("two", "x")), []]
    shared = gateway()

    answers = await asyncio.gather(*(shared.ask(BY_ID, ids=each) for each in asked))

    assert [calls(answer) for answer in answers] == [{"one": 2}, {"two": 2}, {"one": 6, "two": 2}, {}]


async def test_the_values_are_those_that_the_limit_counted() -> None:
    answer = await gateway().ask("{ audiences(first: 7) { totalCount nodes { id name } } }")

    assert cost(answer)["values"] == 7 * (1 + 1 + 1 + 2)


async def test_a_failure_costs_what_was_called_all_the_same() -> None:
    answer = await gateway().ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids(("one", "unknown")))

    assert "errors" in answer
    assert calls(answer) == {"one": 1}


@pytest.mark.parametrize(
    "query",
    [
        "{ __typename }",
        "{ __schema { types { name } } }",
        "query { ...Q ... { __typename } } fragment Q on Query { __typename }",
    ],
)
async def test_questions_about_the_schema_only_tell_no_cost(query: str) -> None:
    answer = await gateway().ask(query)

    assert set(answer) == {"data"}


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ nothing }", {}),
        ("{", {}),
        ("query A { providers { key } } query B { providers { key } }", {}),
        ("query ($key: String!) { provider(key: $key) { key } }", {}),
        ("query ($n: Int) { audiences(first: $n) { totalCount } }", {"n": "many"}),
        (
            "{ audiences(first: 100) { nodes { members(first: 100) { nodes { "
            + " ".join(f"f{n}: id" for n in range(20))
            + " } } } } }",
            {},
        ),
    ],
    ids=["invalid", "broken", "ambiguous", "without a variable", "bad variable", "too much"],
)
async def test_an_operation_that_never_ran_tells_no_cost(query: str, variables: dict[str, object]) -> None:
    answer = await gateway().ask(query, **variables)

    assert set(answer) == {"errors"}
