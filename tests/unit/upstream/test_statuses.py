"""Every HTTP status means exactly one thing to a caller."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from hypothesis import example, given
from hypothesis import strategies as st

from audience_gateway.domain import errors
from audience_gateway.upstream.statuses import Explanation, error_for, retry_after

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MEANINGS: dict[int, type[errors.GatewayError]] = {
    400: errors.UpstreamRejected,
    401: errors.UpstreamAuth,
    403: errors.UpstreamAuth,
    404: errors.NotFound,
    409: errors.UpstreamRejected,
    410: errors.NotFound,
    413: errors.UpstreamRejected,
    422: errors.UpstreamRejected,
    423: errors.UpstreamRejected,
    429: errors.UpstreamRateLimited,
}


def test_every_status_that_is_no_success_becomes_one_error() -> None:
    for status in [*range(100, 200), *range(300, 700)]:
        otherwise = errors.UpstreamUnavailable if status >= 500 else errors.UpstreamBadResponse

        error = error_for(
            status, Explanation("their_word"), provider_key="vendor-1", thing="audience 12", retry_after_seconds=None
        )

        assert type(error) is MEANINGS.get(status, otherwise)
        assert (error.provider_key, error.upstream_status, error.upstream_code) == ("vendor-1", status, "their_word")
        assert "vendor-1" in error.message


def test_what_is_missing_is_named() -> None:
    error = error_for(404, Explanation(), provider_key="vendor-1", thing="audience {12}", retry_after_seconds=None)

    assert error.message == "vendor-1 has no audience {12}."


def test_the_header_goes_before_the_body() -> None:
    error = error_for(429, Explanation(None, 30.0), provider_key="v", thing="t", retry_after_seconds=0.0)

    assert error.retry_after_seconds == 0.0


@given(st.integers(0, 86_400 * 365))
def test_a_date_is_read_as_the_time_until_then(seconds: int) -> None:
    header = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)

    waited = retry_after(header, NOW)

    assert waited == seconds


@given(
    st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{1,5} \d{1,2}:\d{2}:\d{2} [A-Z+-]{1,3}\d{0,5}")
)
@example("Mon, 01 Jan 0001 00:00:00 +2300")
@example("0, 0")
def test_no_header_however_strange_raises_or_turns_time_back(header: str) -> None:
    waited = retry_after(header, NOW)

    assert waited is None or waited >= 0


def test_no_header_is_no_wait() -> None:
    assert retry_after(None, NOW) is None
