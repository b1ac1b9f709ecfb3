"""Our own errors keep their words and codes; everything else is masked, and what a caller did wrong stays theirs."""

import logging

import pytest
from graphql import GraphQLError, GraphQLInt, GraphQLSyntaxError, Source
from graphql.error import located_error
from graphql.language import parse

from audience_gateway.domain import errors
from audience_gateway.graphql.errors import extensions, present, present_all

EVERY_KIND = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.GatewayError) and kind is not errors.ConfigurationError
]
NODES = list(parse("{ audience }").definitions)


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_each_error_of_ours_is_told_as_it_is(kind: type[errors.GatewayError]) -> None:
    shown = present(located_error(kind("In plain words.", provider_key="trackly-us"), None, ["audience"]))

    assert shown.formatted == {
        "message": "In plain words.",
        "path": ["audience"],
        "extensions": {"code": kind.code.value, "provider": "trackly-us", "retryable": kind.retryable},
    }


def test_every_code_of_the_closed_list_belongs_to_an_error() -> None:
    assert {kind.code for kind in EVERY_KIND} == set(errors.ErrorCode)


def test_facts_that_are_known_are_told_and_others_left_out() -> None:
    told = extensions(
        errors.UpstreamRateLimited(
            "slower", provider_key="one", retry_after_seconds=1.5, upstream_status=429, upstream_code="slow_down"
        )
    )

    assert told == {
        "code": "UPSTREAM_RATE_LIMITED",
        "provider": "one",
        "retryable": True,
        "retryAfterMs": 1_500,
        "upstreamStatus": 429,
        "upstreamCode": "slow_down",
    }
    assert extensions(errors.BadInput("no")) == {"code": "BAD_INPUT", "retryable": False}


def test_everything_that_is_wrong_with_an_input_is_told_with_its_place() -> None:
    problems = [
        errors.InputProblem(("rule", "all", "0"), "Too deep.", errors.ErrorCode.RULE_TOO_COMPLEX),
        errors.InputProblem(("rule",), "No.", errors.ErrorCode.BAD_INPUT),
    ]

    assert extensions(errors.RuleTooComplex("rule.all.0: Too deep.", input_problems=problems)) == {
        "code": "RULE_TOO_COMPLEX",
        "retryable": False,
        "problems": [
            {"code": "RULE_TOO_COMPLEX", "message": "Too deep.", "path": ["rule", "all", "0"]},
            {"code": "BAD_INPUT", "message": "No.", "path": ["rule"]},
        ],
    }


def test_a_wait_of_nothing_is_told_too() -> None:
    assert extensions(errors.UpstreamRateLimited("now", retry_after_seconds=0.0))["retryAfterMs"] == 0


@pytest.mark.parametrize("surprise", [ValueError("canary"), KeyError("canary"), AssertionError("canary"), Exception()])
def test_anything_else_is_masked_and_logged(surprise: Exception, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        shown = present(located_error(surprise, NODES, ["audiences", 1]))

    assert shown.formatted["message"] == "Something went wrong on our side."
    assert shown.formatted["path"] == ["audiences", 1]
    assert shown.formatted["extensions"] == {"code": "INTERNAL", "retryable": False}
    assert "canary" not in str(shown.formatted)
    assert type(surprise).__name__ in caplog.text


def test_an_error_wrapped_several_times_is_still_itself() -> None:
    inner = located_error(errors.NotFound("no"), None, ["a"])
    wrapped = GraphQLError("outer", original_error=GraphQLError("middle", original_error=inner))

    assert present(wrapped).formatted["extensions"] == {"code": "NOT_FOUND", "retryable": False}


@pytest.mark.parametrize(
    "error",
    [
        GraphQLSyntaxError(Source("{"), 1, "Expected Name."),
        GraphQLError("Cannot query field 'x'.", NODES),
        GraphQLError("Variable '$first' got invalid value 'x'.", NODES),
        located_error(GraphQLError("Argument 'id' of required type was not provided.", NODES), NODES, ["audience"]),
    ],
)
def test_what_is_wrong_with_a_request_is_bad_input_in_graphqls_own_words(error: GraphQLError) -> None:
    shown = present(error)

    assert shown.message == error.message
    assert shown.extensions == {"code": "BAD_INPUT", "retryable": False}


def test_a_value_of_ours_that_does_not_fit_its_type_is_our_fault() -> None:
    with pytest.raises(GraphQLError) as misfit:
        GraphQLInt.serialize(2**40)

    shown = present(located_error(misfit.value, NODES, ["audience", "size", "value"]))

    assert shown.extensions == {"code": "INTERNAL", "retryable": False}
    assert str(2**40) not in shown.message


def test_errors_stay_in_order() -> None:
    shown = present_all([located_error(errors.BadId("one"), None, ["a"]), GraphQLError("two")])

    assert [error.message for error in shown] == ["one", "two"]
