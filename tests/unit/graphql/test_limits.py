"""Documents that ask for too much are refused before anything else looks at them, in next to no time."""

import time

import pytest
from graphql import GraphQLError, build_schema, parse, specified_rules, validate
from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.graphql.limits import Limits, limits_rule

SCHEMA = build_schema("type Query { me: Query, name(of: Int): String }")
LIMITS = Limits(depth=3, aliases=2, width=4, selections=20)
RULE = limits_rule(LIMITS)
DEEP = "The operation is more than 3 levels deep."
WIDE = "The operation selects more than 4 fields side by side."
ALIASED = "The operation has more than 2 aliases."


def refusals(document: str, *, schema_limits: Limits = LIMITS) -> list[str]:
    rule = RULE if schema_limits is LIMITS else limits_rule(schema_limits)
    return [error.message for error in validate(SCHEMA, parse(document), [rule])]


@pytest.mark.parametrize(
    "document",
    [
        "{ name }",
        "{ me { me { me { name } } } }",
        "{ a: name b: name name }",
        "{ name name name name }",
        "{ ...f ...f me { ...f } } fragment f on Query { name }",
        "query a { a: name b: name } query b { a: name b: name }",
        "{ __schema { types { fields { type { ofType { name } } } } } }",
        "{ ...unknown }",
    ],
)
def test_what_is_within_the_limits_passes(document: str) -> None:
    assert refusals(document) == []


@pytest.mark.parametrize(
    ("document", "refusal"),
    [
        ("{ me { me { me { me { name } } } } }", DEEP),
        ("{ me { ...f } } fragment f on Query { me { me { me { name } } } }", DEEP),
        ("{ me { ... { me { ... { me { me { name } } } } } } }", DEEP),
        ("{ a: name b: name c: name }", ALIASED),
        ("{ ...f me { ...f } } fragment f on Query { a: name b: name }", ALIASED),
        ("{ a: me { b: me { c: name } } }", ALIASED),
        ("{ name name name name name }", WIDE),
        ("{ me { name ...f name name name } } fragment f on Query { name }", WIDE),
        ("query a { name } query b { a: name b: name c: name }", ALIASED),
    ],
)  # fmt: skip
def test_what_is_too_much_is_refused_in_one_sentence(document: str, refusal: str) -> None:
    assert refusals(document) == [refusal]


def test_everything_selected_counts_as_often_as_it_is_spread() -> None:
    fits = "{ ...f ...f ...f ...f } fragment f on Query { name name name name }"
    too_much = "{ ...f ...f ...f me { ...f } } fragment f on Query { name name name name }"

    assert refusals(fits) == []
    assert refusals(too_much) == ["The operation selects more than 20 fields in all."]


def test_a_cycle_of_fragments_ends() -> None:
    assert refusals("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }") == []
    assert refusals("{ ...a } fragment a on Query { me { ...a } }") == []


def doubling(levels: int, twice: str = "...f{0} ...f{0}") -> str:
    """A small document that unfolds into two to the power of ``levels`` selections."""
    fragments = (f"fragment f{n} on Query {{ {twice.format(n + 1)} }}" for n in range(levels))
    return " ".join(["{ ...f0 }", *fragments, f"fragment f{levels} on Query {{ name }}"])


@pytest.mark.parametrize(
    "document",
    [
        doubling(100),
        doubling(70, "me {{ ...f{0} }} a: me {{ ...f{0} }}"),
        "{" + "name " * 990 + "}",
        "{" + "me { name } " * 240 + "}",
    ],
    ids=["doubling", "doubling through fields", "repeats", "repeats with fields"],
)
def test_a_refusal_costs_next_to_nothing(document: str) -> None:
    """Together with every rule of GraphQL itself, of which none gets its turn."""
    parsed = parse(document)
    began = time.process_time()

    errors = validate(SCHEMA, parsed, [*specified_rules, limits_rule(Limits())])

    assert len(errors) == 1
    assert time.process_time() - began < 0.05


SELECTIONS = st.recursive(
    st.sampled_from(["name", "a: name"]),
    lambda inner: st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"me {{ {' '.join(parts)} }}"),
    max_leaves=12,
)


@given(st.lists(SELECTIONS, min_size=1, max_size=4))
def test_a_document_means_the_same_with_its_parts_in_fragments(parts: list[str]) -> None:
    plain = "{" + " ".join(parts) + "}"
    spread = "{" + " ".join(f"...f{number}" for number in range(len(parts))) + "}"
    fragments = " ".join(f"fragment f{number} on Query {{ {part} }}" for number, part in enumerate(parts))
    roomy = Limits(depth=3, aliases=2, width=4, selections=1_000)

    assert refusals(f"{spread} {fragments}", schema_limits=roomy) == refusals(plain, schema_limits=roomy)


def test_the_rule_raises_nothing_of_its_own() -> None:
    for document in ("fragment f on Query { name }", "type A { b: Int }"):
        assert all(isinstance(error, GraphQLError) for error in validate(SCHEMA, parse(document), [RULE]))
