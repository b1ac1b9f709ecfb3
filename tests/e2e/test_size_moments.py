"""The moment of a size, from the vendor's record to the answer."""

from tests.e2e.gateways import Gateway

SIZES = '{ audiences(first: 20, filter: {providerKeys: ["fanfare"]}) { nodes { nativeId size { value asOf } } } }'


def test_counted_stored_membership_is_as_of_its_last_refresh_and_not_of_the_asking(gateway: Gateway) -> None:
    audiences = gateway.sandbox.fanfare.audiences

    nodes = gateway.data(SIZES)["audiences"]["nodes"]

    moments = {node["nativeId"]: node["size"]["asOf"] for node in nodes if node["size"]["value"] is not None}
    assert moments == {native_id: audiences[native_id]["lastRefreshedAt"] for native_id in moments}
    assert any(moments.values())
