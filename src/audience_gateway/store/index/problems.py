"""Providers' failures as text, so that every process can tell why a provider is not up to date."""

import msgspec

from audience_gateway.domain.errors import GatewayError, error_named


class _Problem(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    error: str
    message: str
    retry_after_seconds: float | None = None
    upstream_status: int | None = None
    upstream_code: str | None = None


def write_problem(error: GatewayError | None) -> str | None:
    """The failure as text; None stays None. Messages of ours hold neither secret nor person."""
    if error is None:
        return None
    problem = _Problem(
        error=type(error).__name__,
        message=error.message,
        retry_after_seconds=error.retry_after_seconds,
        upstream_status=error.upstream_status,
        upstream_code=error.upstream_code,
    )
    return msgspec.json.encode(problem).decode()


def read_problem(text: str | None, provider_key: str) -> GatewayError | None:
    """The failure that :func:`write_problem` wrote; a kind that this version does not know is a ProviderFault."""
    if text is None:
        return None
    problem = msgspec.json.decode(text, type=_Problem)
    return error_named(problem.error)(
        problem.message,
        provider_key=provider_key,
        retry_after_seconds=problem.retry_after_seconds,
        upstream_status=problem.upstream_status,
        upstream_code=problem.upstream_code,
    )
