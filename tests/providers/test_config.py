"""Every dialect over HTTP refuses settings that make no sense, one line each, and shows no secret."""

from collections.abc import Mapping
from importlib import import_module

import pytest

from audience_gateway.config import Secret
from audience_gateway.domain.errors import ConfigurationError
from audience_gateway.ports import Connect, Provider
from audience_gateway.providers import REGISTRY
from tests.providers.scripted import ScriptedTransport, resources

DIALECTS = {"trackly": "Trackly", "commbox": "CommBox", "oliai": "OliAI", "fanfare": "Fanfare"}
SECRET = Secret("env:VENDOR_KEY", lambda: "canary-secret")
GOOD: Mapping[str, object] = {"base_url": "https://vendor.test/api", "api_key": SECRET}


def build(dialect: str, settings: Mapping[str, object]) -> Provider:
    """The account ``acme`` of a dialect, found by way of the registry."""
    module, _, name = REGISTRY[dialect].partition(":")
    connect: Connect = getattr(import_module(module), name)
    return connect(resources(ScriptedTransport(lambda _: None), "acme", settings))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_registry_leads_to_each_dialect(dialect: str) -> None:
    provider = build(dialect, GOOD)

    assert (provider.key, provider.dialect, provider.display_name) == ("acme", dialect, DIALECTS[dialect])


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_account_is_called_by_its_configured_name(dialect: str) -> None:
    assert build(dialect, {**GOOD, "display_name": "Acme Lima"}).display_name == "Acme Lima"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("settings", "problems"),
    [
        ({}, ["base_url: field required", "api_key: field required"]),
        ({**GOOD, "base_url": "http://x.test"}, ["base_url: must be https; plain http is only for loopback"]),
        ({**GOOD, "base_url": 5}, ["base_url: input should be a valid string"]),
        ({**GOOD, "api_key": "canary-secret"}, ['api_key: must be "env:NAME" or "file:PATH"']),
        ({**GOOD, "deadline_seconds": 0}, ["deadline_seconds: input should be greater than 0"]),
        ({**GOOD, "display_name": ""}, ["display_name: string should have at least 1 character"]),
        ({**GOOD, "colour": "canary-secret"}, ["colour: unknown setting"]),
    ],
)
def test_each_bad_setting_is_one_line_without_its_value(
    dialect: str, settings: Mapping[str, object], problems: list[str]
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        build(dialect, settings)

    assert list(caught.value.problems) == [f"providers.acme.{problem}" for problem in problems]
    assert "canary" not in str(caught.value)
