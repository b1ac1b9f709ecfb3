"""The README tells the truth."""

import tomllib

from audience_gateway.bootstrap import assemble
from audience_gateway.config import parse
from tests.e2e.gateways import Gateway
from tests.e2e.readme import README, computed, queries


def test_every_answer_and_table_of_the_readme_is_what_the_gateway_says_now(gateway: Gateway) -> None:
    text = README.read_text(encoding="utf-8")

    assert computed(text, gateway) == text


def test_the_readme_starts_with_a_query_over_all_five_providers(gateway: Gateway) -> None:
    text = README.read_text(encoding="utf-8")
    first = queries(text)[0]

    assert text.index(first) < text.index("\n## ")
    nodes = gateway.data(first)["audiences"]["nodes"]
    assert len({node["provider"]["key"] for node in nodes}) == 5


def test_the_readmes_configuration_is_accepted_as_it_stands() -> None:
    """Every ``toml`` block of the README, with keys in the environment, builds a gateway."""
    blocks = README.read_text(encoding="utf-8").split("```toml\n")[1:]
    environ = dict.fromkeys(("TRACKLY_US_KEY", "COMMBOX_KEY", "OLIAI_KEY", "FANFARE_KEY"), "sk_live_invented")

    assert blocks
    for block in blocks:
        settings = parse(tomllib.loads(block.partition("```")[0]), environ)
        assert set(assemble(settings).providers) == {"local", *(provider.key for provider in settings.providers)}
