"""The one place where errors become GraphQL errors: our own keep their words and codes, everything else is masked."""

import logging
from collections.abc import Mapping, Sequence

from graphql import GraphQLError

from audience_gateway.domain.errors import ErrorCode, GatewayError, InputProblem, InternalError
from audience_gateway.services.unexpected import without_words

_log = logging.getLogger(__name__)


def present(error: GraphQLError) -> GraphQLError:
    """The error as a caller may see it, with ``code``, ``provider`` and ``retryable`` in its extensions."""
    cause = error
    while isinstance(cause.original_error, GraphQLError):
        cause = cause.original_error
    original = cause.original_error
    # What has neither a cause nor a place in the document was said about a value of ours that is none of its type.
    if original is None and (cause.nodes or not error.path):
        return _with(error, error.message, {"code": ErrorCode.BAD_INPUT.value, "retryable": False})
    if not isinstance(original, GatewayError):
        _log.error("an operation failed at %s: %s", error.path, without_words(original or cause))
        original = InternalError("Something went wrong on our side.")
    return _with(error, original.message, extensions(original))


def extensions(error: GatewayError) -> dict[str, object]:
    """The machine-readable part of an error; facts that are not known are left out."""
    wait = error.retry_after_seconds
    facts: Mapping[str, object] = {
        "code": error.code.value,
        "provider": error.provider_key,
        "retryable": error.retryable,
        "retryAfterMs": None if wait is None else round(wait * 1000),
        "upstreamStatus": error.upstream_status,
        "upstreamCode": error.upstream_code,
        "problems": [_problem(problem) for problem in error.input_problems] or None,
    }
    return {name: fact for name, fact in facts.items() if fact is not None}


def _problem(problem: InputProblem) -> Mapping[str, object]:
    return {"code": problem.code.value, "message": problem.message, "path": list(problem.path)}


def present_all(errors: Sequence[GraphQLError]) -> list[GraphQLError]:
    """Each error as a caller may see it, in order."""
    return [present(error) for error in errors]


def _with(error: GraphQLError, message: str, facts: Mapping[str, object]) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=dict(facts),
    )
