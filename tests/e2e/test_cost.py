"""What an answer says it cost is what the vendors were really sent, over HTTP and whatever was asked."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.gateways import VENDORS, Gateway
from tests.e2e.readme import README, queries

LISTED = "{ audiences(first: 100, filter: { providerKeys: [%s] }) { nodes { name size { value } } } }"
QUERIES = [
    *queries(README.read_text(encoding="utf-8")),
    "{ providers { key } viewer { scopes } }",
    '{ audiences(first: 3) { nodes { contains(identifier: { phone: "+12015550100" }) } } }',
    *(LISTED % f'"{vendor}"' for vendor in VENDORS),
]


def sent(gateway: Gateway) -> Counter[str]:
    """How many requests each vendor was really sent; sandbox vendors stand under paths of their names."""
    return Counter(request.split("/")[1] for request in gateway.transport.requests)


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_calls_are_those_that_vendors_were_really_sent(gateway: Gateway, query: str) -> None:
    cost = gateway.ask(query)["extensions"]["cost"]

    assert cost["upstreamCalls"] == sent(gateway)
    assert cost["values"] > 0


def test_operations_of_different_callers_at_once_tell_their_own_calls(cold_gateway: Gateway) -> None:
    gateway = cold_gateway
    asked = [LISTED % f'"{vendor}"' for vendor in VENDORS] * 2

    with ThreadPoolExecutor(len(asked)) as callers:
        answers = list(callers.map(gateway.ask, asked))

    told = [answer["extensions"]["cost"]["upstreamCalls"] for answer in answers]
    assert all(set(calls) <= {vendor} for calls, vendor in zip(told, [*VENDORS] * 2, strict=True))
    assert {vendor for calls in told for vendor in calls} == set(VENDORS), "of two, one reads and one waits"
    assert sum((Counter(calls) for calls in told), Counter()) == sent(gateway)
