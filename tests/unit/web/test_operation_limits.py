"""Operations that ask for too much, or nonsense, are refused before any account is asked, and cheaply."""

import gc
import time
from collections.abc import Mapping

import pytest

from tests.unit.accounts import Account, audience
from tests.unit.web.gateway import Gateway

INTROSPECTION = "{ __schema { types { fields { " + "type { fields { " * 8 + "name" + " }" * 20
BAD_INPUT = {"code": "BAD_INPUT", "retryable": False}


def nested(levels: int) -> str:
    """So many levels of fields that have fields, which the schema happens not to know."""
    return "{" + "a{" * levels + "b" + "}" * levels + "}"


@pytest.mark.parametrize("first", [0, -1, 101, 2_147_483_647])
async def test_a_page_size_out_of_range_is_bad_input_at_its_own_place(first: int) -> None:
    error = await Gateway().refused("query($first: Int) { audiences(first: $first) { complete } }", first=first)

    assert error == {
        "message": f"first: must be 1 to 100, not {first}.",
        "path": ["audiences"],
        "extensions": BAD_INPUT,
    }


async def test_a_page_size_of_members_is_refused_at_its_own_place_and_spoils_nothing_else() -> None:
    answer = await Gateway().ask("{ audiences(first: 2) { nodes { name members(first: 0) { totalCount } } } }")

    assert answer["data"] == {
        "audiences": {
            "nodes": [{"name": "Audience a", "members": None}, {"name": "Audience b", "members": None}],
        }
    }
    errors = answer["errors"]
    assert isinstance(errors, list)
    assert [error["path"] for error in errors] == [["audiences", "nodes", place, "members"] for place in (0, 1)]
    assert {error["message"] for error in errors} == {"first: must be 1 to 100, not 0."}


@pytest.mark.parametrize("first", [2**31, 2**70, 1.5, "1", True])
async def test_a_page_size_that_is_no_int_is_bad_input(first: object) -> None:
    error = await Gateway().refused("query($first: Int) { audiences(first: $first) { complete } }", first=first)

    assert error["extensions"] == BAD_INPUT


@pytest.mark.parametrize("first", [1, 100])
async def test_the_ends_of_the_range_are_fine(first: int) -> None:
    assert "errors" not in await Gateway().ask(f"{{ audiences(first: {first}) {{ complete }} }}")


async def test_at_most_a_hundred_things_are_read_by_identifier() -> None:
    error = await Gateway().refused("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["x"] * 10_000)

    assert (error["path"], error["extensions"]) == (["nodes"], BAD_INPUT)


def doubling(levels: int) -> str:
    fragments = (f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(levels))
    return " ".join(["{ ...f0 }", *fragments, f"fragment f{levels} on Query {{ audiences {{ complete }} }}"])


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("{" + " ".join(f"a{n}: __typename" for n in range(31)) + "}", "The operation has more than 30 aliases."),
        (nested(17), "The operation is more than 16 levels deep."),
        (doubling(60), "The operation selects more than 5000 fields in all."),
        ("{" + "providers { key } " * 240 + "}", "The operation selects more than 100 fields side by side."),
        ("{" + "__typename " * 1_100 + "}", "Syntax Error: Document contains more than 1000 tokens. Parsing aborted."),
        ("#" + "x" * 60_000 + "\n{ __typename }", "The document is longer than 50000 characters."),
        (INTROSPECTION, "Maximum introspection depth exceeded"),
        ("{" * 400, "Syntax Error: Expected Name, found '{'."),
        (nested(300), "Syntax Error: Document is nested too deeply. Parsing aborted."),
        ("{ nodes(ids: " + "[" * 900, "Syntax Error: Document is nested too deeply. Parsing aborted."),
    ],
    ids=["aliases", "depth", "doubling", "width", "tokens", "length", "introspection", "braces", "nesting", "lists"],
)  # fmt: skip
async def test_too_much_is_refused_before_any_work_and_costs_little(query: str, refusal: str) -> None:
    gateway = Gateway()
    await gateway.ask("{ __typename }")
    gc.collect()
    began = time.process_time()

    error = await gateway.refused(query)

    assert time.process_time() - began < 0.4
    assert (error["message"], error["extensions"]) == (refusal, BAD_INPUT)


async def test_the_limits_themselves_are_allowed() -> None:
    aliases = "{" + " ".join(f"a{n}: __typename" for n in range(30)) + "}"
    tokens = "{" + "__typename " * 100 + "}"

    assert "errors" not in await Gateway().ask(aliases)
    assert "errors" not in await Gateway().ask(tokens)
    deep = await Gateway().refused(nested(16))
    assert deep["message"] == "Cannot query field 'a' on type 'Query'."


@pytest.mark.parametrize(
    "query",
    [
        "{" + " ".join("audienc" * 5 + str(n) for n in range(99)) + "}",
        "{ audiences(" + " ".join(f"firs{n}: 1" for n in range(300)) + ") { complete } }",
        "{ audiences(filter: {kinds: [" + " ".join(f"DYNAMI{n}" for n in range(900)) + "]}) { complete } }",
        "{ __typename " + "@a " * 480 + "}",
        "{" + " ".join(f"...f{n}" for n in range(100)) + "}",
        "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
        " ".join("query a { __typename }" for _ in range(190)),
    ],
    ids=["unknown fields", "unknown arguments", "unknown values", "directives", "spreads", "cycle", "operations"],
)
async def test_nonsense_is_refused_cheaply(query: str) -> None:
    gateway = Gateway()
    await gateway.ask("{ __typename }")
    began = time.process_time()

    answer = await gateway.ask(query)

    assert time.process_time() - began < 0.4
    assert answer.get("data") is None
    assert gateway.calls == []


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query($after: String) { audiences(after: $after) { complete } }", {"after": "made up"}),
        ("query($id: ID!) { audience(id: $id) { id } }", {"id": "made up"}),
        ("query($id: ID!) { node(id: $id) { id } }", {"id": "x" * 10_000}),
        ("query($keys: [String!]) { audiences(filter: {providerKeys: $keys}) { complete } }", {"keys": ["two"]}),
        ("query($key: String!) { provider(key: $key) { key } }", {"key": "../../etc/passwd\r\n'; DROP TABLE x --"}),
    ],
)
async def test_made_up_arguments_are_refused_without_a_call(query: str, variables: Mapping[str, object]) -> None:
    error = await Gateway().refused(query, **variables)

    extensions = error["extensions"]
    assert isinstance(extensions, dict)
    assert extensions["code"] in {"BAD_CURSOR", "BAD_ID", "BAD_INPUT", "NOT_FOUND"}


async def test_a_hundred_members_pages_ask_each_audience_once() -> None:
    many = Account("one", [audience(str(number)) for number in range(100)])

    await Gateway(many).ask(
        "{ audiences(first: 100) { nodes { members { totalCount } more: members { totalCount } } } }"
    )

    assert sum(name == "list_members" for name, _ in many.calls) == 100
    assert sum(name == "list_audiences" for name, _ in many.calls) == 2, "one for each status"
