"""Every error the gateway raises, sorted by what the caller can do about it.

::

    GatewayError                 code, provider_key, retryable, retry_after_seconds
    ├── BadInput                 the request makes no sense: change it
    │   ├── BadId                ... an identifier is not one of ours
    │   ├── BadCursor            ... a cursor is damaged, belongs to another query, or lost its place: start over
    │   └── RuleTooComplex       ... a rule is too deep or too large: simplify it
    ├── CostExceeded             the request asks for too much at once: ask for less
    ├── NotFound                 no such thing at its provider
    ├── UnsupportedOperation     this provider cannot do this, ever: ask another
    ├── UnsupportedRule          a condition cannot be judged or held here, ever: change it, or ask another
    ├── WrongKind                this audience cannot do this, because of its kind
    ├── ProviderFault            the provider failed
    │   ├── UpstreamUnavailable  ... refused, broke off or answered 5xx: try again
    │   ├── UpstreamTimeout      ... did not answer in time: try again
    │   ├── UpstreamRateLimited  ... wants us to slow down: try again after ``retry_after_seconds``
    │   ├── UpstreamAuth         ... does not accept our key: the operator must act
    │   ├── UpstreamRejected     ... refuses this request: change it
    │   ├── UpstreamBadResponse  ... answered something unreadable: a bug, theirs or ours
    │   └── UpstreamTooLarge     ... answered more than we accept
    ├── DeadlineExceeded         the request ran out of its own time: ask for less, or again
    ├── StoreBusy                our own store is locked or away: try again
    ├── Superseded               another process has taken this work over: leave it to that one
    ├── ConfigurationError       the gateway cannot start: ``problems``, one line each
    └── InternalError            a bug of ours

Messages name provider and thing, never a secret and never a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class ErrorCode(Enum):
    """The closed list of codes a caller can meet."""

    BAD_INPUT = "BAD_INPUT"
    BAD_ID = "BAD_ID"
    BAD_CURSOR = "BAD_CURSOR"
    RULE_TOO_COMPLEX = "RULE_TOO_COMPLEX"
    COST_EXCEEDED = "COST_EXCEEDED"
    NOT_FOUND = "NOT_FOUND"
    UNSUPPORTED_OPERATION = "UNSUPPORTED_OPERATION"
    UNSUPPORTED_RULE = "UNSUPPORTED_RULE"
    WRONG_KIND = "WRONG_KIND"
    UPSTREAM_UNAVAILABLE = "UPSTREAM_UNAVAILABLE"
    UPSTREAM_TIMEOUT = "UPSTREAM_TIMEOUT"
    UPSTREAM_RATE_LIMITED = "UPSTREAM_RATE_LIMITED"
    UPSTREAM_AUTH = "UPSTREAM_AUTH"
    UPSTREAM_REJECTED = "UPSTREAM_REJECTED"
    UPSTREAM_BAD_RESPONSE = "UPSTREAM_BAD_RESPONSE"
    UPSTREAM_TOO_LARGE = "UPSTREAM_TOO_LARGE"
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"
    STORE_BUSY = "STORE_BUSY"
    INTERNAL = "INTERNAL"


@dataclass(frozen=True, slots=True)
class InputProblem:
    """One thing that is wrong with what a caller sent; ``path`` walks to it from the argument, positions as text."""

    path: tuple[str, ...]
    message: str
    code: ErrorCode


class GatewayError(Exception):
    """Anything that goes wrong in a way a caller should hear about.

    :param message: one sentence for people.
    :param provider_key: the configured account it happened at; None when it is ours.
    :param retry_after_seconds: how long to wait before trying again; None when unknown or pointless.
    :param upstream_status: the provider's HTTP status, when it answered with one.
    :param upstream_code: the provider's own word for the failure, when it gave a machine-readable one.
    :param input_problems: everything that is wrong with an input whose problems can be told one by one.
    """

    code = ErrorCode.INTERNAL
    retryable = False

    def __init__(
        self,
        message: str,
        *,
        provider_key: str | None = None,
        retry_after_seconds: float | None = None,
        upstream_status: int | None = None,
        upstream_code: str | None = None,
        input_problems: Sequence[InputProblem] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.provider_key = provider_key
        self.retry_after_seconds = retry_after_seconds
        self.upstream_status = upstream_status
        self.upstream_code = upstream_code
        self.input_problems = tuple(input_problems)


class BadInput(GatewayError):
    """The caller's request makes no sense."""

    code = ErrorCode.BAD_INPUT


class BadId(BadInput):
    """An identifier is not one of ours."""

    code = ErrorCode.BAD_ID


class BadCursor(BadInput):
    """A cursor is damaged, was given out for another query, or its place in the list cannot be found again."""

    code = ErrorCode.BAD_CURSOR


class RuleTooComplex(BadInput):
    """A rule is too deep, or has too many conditions or values; said before any work is done."""

    code = ErrorCode.RULE_TOO_COMPLEX


class CostExceeded(GatewayError):
    """The request asks for too much at once; said before any work is done."""

    code = ErrorCode.COST_EXCEEDED


class NotFound(GatewayError):
    """The provider, audience, member or group does not exist."""

    code = ErrorCode.NOT_FOUND


class UnsupportedOperation(GatewayError):
    """The provider cannot do this; said before any call is made."""

    code = ErrorCode.UNSUPPORTED_OPERATION


class UnsupportedRule(GatewayError):
    """A condition cannot be judged or held where it is asked for; it is never dropped and never approximated."""

    code = ErrorCode.UNSUPPORTED_RULE


class WrongKind(GatewayError):
    """The audience's kind does not allow this; said before any call is made when the kind is known."""

    code = ErrorCode.WRONG_KIND


class ProviderFault(GatewayError):
    """The provider failed; everything from other providers is unaffected."""

    code = ErrorCode.UPSTREAM_UNAVAILABLE


class UpstreamUnavailable(ProviderFault):
    """The provider refused the connection, broke it off, or answered 5xx."""

    retryable = True


class UpstreamTimeout(ProviderFault):
    """The provider did not answer in time."""

    code = ErrorCode.UPSTREAM_TIMEOUT
    retryable = True


class UpstreamRateLimited(ProviderFault):
    """The provider asks us to slow down."""

    code = ErrorCode.UPSTREAM_RATE_LIMITED
    retryable = True


class UpstreamAuth(ProviderFault):
    """The provider does not accept the configured key, or does not allow it this."""

    code = ErrorCode.UPSTREAM_AUTH


class UpstreamRejected(ProviderFault):
    """The provider understood the request and refuses it."""

    code = ErrorCode.UPSTREAM_REJECTED


class UpstreamBadResponse(ProviderFault):
    """The provider's answer cannot be read: not JSON, cut short, a redirect, or of the wrong shape."""

    code = ErrorCode.UPSTREAM_BAD_RESPONSE


class UpstreamTooLarge(ProviderFault):
    """The provider's answer is larger than we accept, on the wire or unpacked."""

    code = ErrorCode.UPSTREAM_TOO_LARGE


class DeadlineExceeded(GatewayError):
    """The caller's own time budget ran out before the answer was there."""

    code = ErrorCode.DEADLINE_EXCEEDED
    retryable = True


class StoreBusy(GatewayError):
    """The gateway's own store is locked or cannot be reached."""

    code = ErrorCode.STORE_BUSY
    retryable = True


class Superseded(GatewayError):
    """Somebody else has taken over what this process was doing; callers never see it."""


class InternalError(GatewayError):
    """A bug of ours; the message says no more than that."""


class ConfigurationError(GatewayError):
    """The gateway cannot start as configured.

    :param problems: one line each, naming the setting, never its secret value.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple("".join(map(_printable, problem)) for problem in problems)
        super().__init__("; ".join(self.problems))


def error_named(name: str) -> "type[GatewayError]":
    """The class of that name among those a provider's failure can have; ProviderFault for any other name."""
    waiting: list[type[GatewayError]] = [GatewayError]
    while waiting:
        candidate = waiting.pop()
        if candidate.__name__ == name and candidate is not ConfigurationError:
            return candidate
        waiting.extend(candidate.__subclasses__())
    return ProviderFault


def _printable(character: str) -> str:
    return character if character.isprintable() else "?"
