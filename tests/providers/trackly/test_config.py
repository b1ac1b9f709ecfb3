"""Trackly settings that make no sense are refused line by line, and no secret is shown."""

from collections.abc import Mapping

import pytest

from audience_gateway.config import Secret
from audience_gateway.domain.errors import ConfigurationError
from audience_gateway.providers.trackly import connect
from tests.providers.scripted import ScriptedTransport, resources

SECRET = Secret("env:TRACKLY_KEY", lambda: "canary-secret")
GOOD: Mapping[str, object] = {"base_url": "https://app.tracklysms.com/api/v2", "api_key": SECRET}


def build(settings: Mapping[str, object]) -> str:
    """The display name of the account with ``settings``."""
    return connect(resources(ScriptedTransport(lambda _: None), "trackly-us", settings)).display_name


def test_an_account_is_called_by_its_configured_name() -> None:
    assert build(GOOD) == "Trackly"
    assert build({**GOOD, "display_name": "Trackly US"}) == "Trackly US"


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"api_key": SECRET}, "providers.trackly-us.base_url: field required"),
        ({"base_url": "https://x.test"}, "providers.trackly-us.api_key: field required"),
        (
            {**GOOD, "base_url": "http://x.test"},
            "providers.trackly-us.base_url: must be https; plain http is only for loopback",
        ),
        ({**GOOD, "api_key": "canary-secret"}, 'providers.trackly-us.api_key: must be "env:NAME" or "file:PATH"'),
        ({**GOOD, "colour": "red"}, "providers.trackly-us.colour: unknown setting"),
        ({**GOOD, "display_name": ""}, "providers.trackly-us.display_name: string should have at least 1 character"),
    ],
)
def test_a_bad_setting_is_one_line_without_the_secret(settings: Mapping[str, object], problem: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        build(settings)

    assert caught.value.problems == (problem,)
    assert "canary" not in str(caught.value)
