"""From an HTTP status to the one error that says what the caller can do."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from audience_gateway.domain import errors

_ERRORS: Mapping[int, type[errors.GatewayError]] = {
    HTTPStatus.BAD_REQUEST: errors.UpstreamRejected,
    HTTPStatus.UNAUTHORIZED: errors.UpstreamAuth,
    HTTPStatus.FORBIDDEN: errors.UpstreamAuth,
    HTTPStatus.NOT_FOUND: errors.NotFound,
    HTTPStatus.CONFLICT: errors.UpstreamRejected,
    HTTPStatus.GONE: errors.NotFound,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: errors.UpstreamRejected,
    HTTPStatus.UNPROCESSABLE_ENTITY: errors.UpstreamRejected,
    HTTPStatus.LOCKED: errors.UpstreamRejected,
    HTTPStatus.TOO_MANY_REQUESTS: errors.UpstreamRateLimited,
}
_SENTENCES: Mapping[type[errors.GatewayError], str] = {
    errors.UpstreamAuth: "{provider} does not accept the configured key.",
    errors.NotFound: "{provider} has no {thing}.",
    errors.UpstreamRateLimited: "{provider} asks us to slow down.",
    errors.UpstreamRejected: "{provider} refused the request for {thing}.",
    errors.UpstreamUnavailable: "{provider} answered that it is out of order.",
    errors.UpstreamBadResponse: "{provider} answered with a status that makes no sense here.",
}
_LONGEST_WAIT_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a vendor's error body says: its machine-readable word, and a wait in seconds if the body holds one."""

    code: str | None = None
    retry_after_seconds: float | None = None


def error_for(
    status: int, explanation: Explanation, *, provider_key: str, thing: str, retry_after_seconds: float | None
) -> errors.GatewayError:
    """The error for a reply that is not a success; ``thing`` is what was asked for, such as ``audience 12``.

    The reply's own wait goes before the explained one; no wait is longer than a day.
    """
    kind = _ERRORS.get(status)
    if kind is None:
        kind = errors.UpstreamUnavailable if status >= HTTPStatus.INTERNAL_SERVER_ERROR else errors.UpstreamBadResponse
    wait = explanation.retry_after_seconds if retry_after_seconds is None else retry_after_seconds
    return kind(
        _SENTENCES[kind].format(provider=provider_key, thing=thing),
        provider_key=provider_key,
        retry_after_seconds=None if wait is None or math.isnan(wait) else min(max(wait, 0.0), _LONGEST_WAIT_SECONDS),
        upstream_status=status,
        upstream_code=explanation.code,
    )


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds from a ``Retry-After`` header, which holds seconds or an HTTP date; None when absent or unreadable."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
