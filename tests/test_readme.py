"""The README tells the truth: its query gets its answer, its tables are what the code says."""

import json
import re
from pathlib import Path

from audience_gateway.domain.capability import Operation, Support
from tests.e2e.gateways import VENDORS, Gateway

README = Path(__file__).parents[1] / "README.md"
_PAIR = re.compile(r"```graphql\n(?P<query>.*?)```\n.*?```json\n(?P<answer>.*?)```", re.DOTALL)
_WORDS = {Support.NATIVE: "yes", Support.EMULATED: "emulated", Support.UNSUPPORTED: "–"}


def pairs() -> list[tuple[str, str]]:
    """Each query of the README with the answer printed below it."""
    return [(match["query"], match["answer"]) for match in _PAIR.finditer(README.read_text(encoding="utf-8"))]


def first_query() -> str:
    """The query the README starts with."""
    return pairs()[0][0]


def test_every_query_of_the_readme_gets_the_answer_printed_below_it(gateway: Gateway) -> None:
    found = pairs()

    assert found
    for query, answer in found:
        assert gateway.ask(query) == json.loads(answer)


def test_the_readme_starts_with_a_query(gateway: Gateway) -> None:
    text = README.read_text(encoding="utf-8")

    assert text.index("```graphql") < text.index("\n## ")
    assert gateway.address


def test_the_table_of_capabilities_is_what_the_providers_claim(gateway: Gateway) -> None:
    text = README.read_text(encoding="utf-8")
    data = gateway.data("{ providers { key displayName capabilities { operation support } } }")
    providers = {provider["key"]: provider for provider in data["providers"]}

    assert capability_table(providers) in text


def capability_table(providers: dict[str, dict[str, object]]) -> str:
    """The table of operations by provider, as the README must hold it."""
    keys = ("local", *VENDORS)
    lines = [
        "| operation | " + " | ".join(keys) + " |",
        "|---|" + "---|" * len(keys),
    ]
    for operation in Operation:
        supports = [_support(providers[key], operation) for key in keys]
        lines.append(f"| `{operation.value}` | " + " | ".join(_WORDS[support] for support in supports) + " |")
    return "\n".join(lines)


def _support(provider: dict[str, object], operation: Operation) -> Support:
    capabilities = provider["capabilities"]
    assert isinstance(capabilities, list)
    return next(Support(claim["support"]) for claim in capabilities if claim["operation"] == operation.value)
