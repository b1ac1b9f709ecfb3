"""An account's address must be one we may send a key to."""

import pytest

from audience_gateway.config import Secret, validate
from audience_gateway.domain.errors import ConfigurationError
from audience_gateway.upstream.settings import UpstreamSettings

SECRET = Secret("env:VENDOR_KEY", lambda: "canary-key")


def problems(**settings: object) -> list[str]:
    """What is wrong with ``settings`` beside the good rest."""
    table = {"base_url": "https://vendor.test/api", "api_key": SECRET, **settings}
    try:
        validate(UpstreamSettings, table, "providers.x")
    except ConfigurationError as error:
        return list(error.problems)
    return []


@pytest.mark.parametrize(
    "address",
    [
        "https://vendor.test", "https://vendor.test:8443/api/v2", "HTTPS://VENDOR.TEST", "https://10.0.0.1",
        "http://localhost", "http://LOCALHOST:8100/trackly", "http://127.0.0.1:8100", "http://127.0.0.2",
        "http://127.255.255.254", "http://[::1]:8100",
    ],
)  # fmt: skip
def test_https_anywhere_and_plain_http_to_loopback_are_fine(address: str) -> None:
    assert problems(base_url=address) == []


@pytest.mark.parametrize(
    "address",
    [
        "http://vendor.test", "http://0x7f000001", "http://2130706433", "http://127.1", "http://0177.0.0.1",
        "http://localhost.evil.example", "http://127.0.0.1.evil.example", "http://localhost.", "http://0.0.0.0",
        "http://[::]", "http://[::ffff:127.0.0.1]", "http://[::ffff:10.0.0.1]", "http://10.0.0.1",
        "http://169.254.169.254", "http://127.0.0.1%00.evil.example",
    ],
)  # fmt: skip
def test_plain_http_to_anything_that_only_looks_like_loopback_is_refused(address: str) -> None:
    assert problems(base_url=address) == ["providers.x.base_url: must be https; plain http is only for loopback"]


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost@evil.example", "http://localhost:80@evil.example", "https://user:canary@vendor.test",
        "https://@vendor.test", "https://vendor.test?canary", "https://vendor.test/?", "https://vendor.test/#",
        "https://vendor.test/#canary",
    ],
)  # fmt: skip
def test_an_address_with_a_user_a_query_or_a_fragment_is_refused(address: str) -> None:
    assert problems(base_url=address) == ["providers.x.base_url: must hold neither user, query nor fragment"]


@pytest.mark.parametrize(
    "address",
    [
        "", "vendor.test", "//vendor.test", "ftp://vendor.test", "file:///etc/passwd", "https://", "https:///api",
        "https://:443", "https://vendor.test:0", "https://vendor.test:99999", "https://vendor.test:canary",
        "http://[::1", "http://localhost\\@evil.example", "https://vendor.test\\canary", " https://vendor.test",
        "https://vendor.test ", "https://ven\ndor.test", "https://vendor.test\t", "https://user:canary℀@vendor.test",
        "http://\uff11\uff12\uff17.0.0.1", "https://vendör.test",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_one_line_that_does_not_repeat_it(address: str) -> None:
    found = problems(base_url=address)

    assert found == ["providers.x.base_url: must be an https address"]


def test_slashes_at_the_end_make_no_empty_segment() -> None:
    settings = UpstreamSettings.model_validate({"base_url": "https://vendor.test/api//", "api_key": SECRET})

    assert settings.base_url == "https://vendor.test/api"


@pytest.mark.parametrize("value", ["canary-key", "", None, 7, ["env:X"]])
def test_a_key_written_into_the_file_is_refused(value: object) -> None:
    assert problems(api_key=value) == ['providers.x.api_key: must be "env:NAME" or "file:PATH"']


@pytest.mark.parametrize("name", ["deadline_seconds", "attempt_seconds"])
@pytest.mark.parametrize("value", [0, -1, 120.1, float("nan"), float("inf"), "soon", None, []])
def test_patience_is_more_than_nothing_and_at_most_two_minutes(name: str, value: object) -> None:
    (problem,) = problems(**{name: value})

    assert problem.startswith(f"providers.x.{name}: ")


def test_nothing_shows_the_key() -> None:
    settings = UpstreamSettings.model_validate({"base_url": "https://vendor.test", "api_key": SECRET})

    assert "canary" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump(mode='python')!r}"
    assert settings.secret.reveal() == "canary-key"
