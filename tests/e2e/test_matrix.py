"""Every row of what providers can do for readers, through GraphQL: what is claimed is true, the rest is refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from audience_gateway.cli.samples import sample_audiences, sample_people
from audience_gateway.domain.audience import AudienceStatus
from audience_gateway.sandbox.app import Sandbox
from audience_gateway.sandbox.commbox.state import AudienceType
from tests.e2e.gateways import VENDORS, Gateway
from tests.e2e.identifiers import audience_id, member_id

PROVIDERS = ("local", *VENDORS)


@dataclass(frozen=True)
class Held:
    """One audience as its provider holds it; ``members`` None where nobody is shown.

    :param closed: whether nothing of what is in it is shown.
    """

    name: str
    active: bool = True
    size: int | None = None
    members: list[str] | None = None
    closed: bool = False


def held_by(sandbox: Sandbox) -> dict[str, dict[str, Held]]:
    """Everything the providers hold, by key and native identifier."""
    fanfare = sandbox.fanfare
    return {
        "local": {
            entry.audience.native_id: Held(
                entry.audience.name,
                entry.audience.status is AudienceStatus.ACTIVE,
                len(entry.members),
                list(entry.members),
            )
            for entry in sample_audiences()
        },
        "trackly": {
            key: Held(found["name"], found["status"] == "active", found["cached_size"])
            for key, found in sandbox.trackly.audiences.items()
        },
        "commbox": {key: Held(found.name, size=found.user_count) for key, found in sandbox.commbox.audiences.items()},
        "oliai": {
            key: Held(
                found["name"],
                size=found["contactCount"],
                members=[contact["id"] for contact in sandbox.oliai.members_of(key)],
            )
            for key, found in sandbox.oliai.audiences.items()
        },
        "fanfare": {
            key: Held(
                found["name"],
                not found["archived"],
                len(fanfare.memberships[key]),
                [consumer["id"] for consumer in fanfare.members_of(key)],
                closed=found["archived"],
            )
            for key, found in fanfare.audiences.items()
        },
    }


@pytest.fixture(scope="module")
def held(shared_gateway: Gateway) -> dict[str, dict[str, Held]]:
    """What there is to be read."""
    return held_by(shared_gateway.sandbox)


def listed(gateway: Gateway, provider: str, status: str) -> dict[str, str]:
    """The names of all audiences of one status, by native identifier."""
    query = """
    query ($keys: [String!], $statuses: [AudienceStatus!], $after: String) {
      audiences(first: 100, after: $after, filter: {providerKeys: $keys, statuses: $statuses}) {
        nodes { nativeId name status }
        pageInfo { hasNextPage endCursor }
      }
    }
    """
    found: dict[str, str] = {}
    after: str | None = None
    while True:
        page = gateway.data(query, {"keys": [provider], "statuses": [status], "after": after})["audiences"]
        assert {node["status"] for node in page["nodes"]} <= {status}
        found |= {node["nativeId"]: node["name"] for node in page["nodes"]}
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


@pytest.mark.parametrize("provider", PROVIDERS)
def test_active_audiences_are_listed(gateway: Gateway, held: dict[str, dict[str, Held]], provider: str) -> None:
    expected = {key: found.name for key, found in held[provider].items() if found.active}

    assert listed(gateway, provider, "ACTIVE") == expected


@pytest.mark.parametrize("provider", PROVIDERS)
def test_archived_audiences_are_listed_where_the_provider_lists_them_and_cost_no_call_where_there_are_none(
    gateway: Gateway, held: dict[str, dict[str, Held]], provider: str
) -> None:
    archived = {key: found.name for key, found in held[provider].items() if not found.active}
    lists_them = provider in {"local", "trackly"}

    assert listed(gateway, provider, "ARCHIVED") == (archived if lists_them else {})
    assert provider in {"trackly", "fanfare"} or gateway.transport.requests == []


def sample(audiences: dict[str, Held], count: int = 12) -> Iterator[str]:
    """Identifiers of a few audiences, archived ones first."""
    return iter(sorted(audiences, key=lambda key: (audiences[key].active, key))[:count])


@pytest.mark.parametrize("provider", PROVIDERS)
def test_single_audiences_are_read_with_their_sizes_archived_or_not(
    gateway: Gateway, held: dict[str, dict[str, Held]], provider: str
) -> None:
    keys = list(sample(held[provider]))
    answer = gateway.ask(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Audience { nativeId name status size { value } } } }",
        {"ids": [audience_id(provider, key) for key in keys]},
    )

    for place, (key, node) in enumerate(zip(keys, answer["data"]["nodes"], strict=True)):
        found = held[provider][key]
        assert (node["nativeId"], node["name"]) == (key, found.name)
        assert node["status"] == ("ACTIVE" if found.active else "ARCHIVED")
        if found.closed:
            assert node["size"] is None
            assert ["nodes", place, "size"] in [error["path"] for error in answer["errors"]]
        else:
            assert node["size"]["value"] == found.size


@pytest.mark.parametrize("provider", ["local", "oliai", "fanfare"])
def test_members_are_listed_in_the_providers_order(
    gateway: Gateway, held: dict[str, dict[str, Held]], provider: str
) -> None:
    largest = max(
        (key for key, found in held[provider].items() if not found.closed),
        key=lambda key: len(held[provider][key].members or ()),
    )
    node = gateway.data(
        "query ($id: ID!) { audience(id: $id) { members(first: 100) { totalCount nodes { nativeId } } } }",
        {"id": audience_id(provider, largest)},
    )["audience"]

    members = held[provider][largest].members or []
    assert [member["nativeId"] for member in node["members"]["nodes"]] == members[:100]
    assert node["members"]["totalCount"] in {len(members), None}


@pytest.mark.parametrize("provider", ["local", "oliai"])
def test_single_people_are_read_by_identifier(gateway: Gateway, provider: str) -> None:
    everybody: dict[str, dict[str, str | None]] = {
        "local": {person.native_id: person.full_name for person in sample_people()[:3]},
        "oliai": {key: found["name"] for key, found in list(gateway.sandbox.oliai.contacts.items())[:3]},
    }
    people = everybody[provider]

    nodes = gateway.data(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Member { nativeId fullName } } }",
        {"ids": [member_id(provider, key) for key in people]},
    )["nodes"]

    assert {node["nativeId"]: node["fullName"] for node in nodes} == people


FIELDS = {
    "LIST_MEMBERS": "members(first: 1) { totalCount }",
    "SEARCH_MEMBERS": 'members(first: 1, search: "a") { totalCount }',
    "LIST_CANDIDATES": "candidates(first: 1) { totalCount }",
    "READ_MATERIALIZATION": "materialization { state }",
    "READ_SIZE": "size { value }",
}
SUPPORTED = {
    "local": {"LIST_MEMBERS", "SEARCH_MEMBERS", "LIST_CANDIDATES", "READ_SIZE"},
    "trackly": {"READ_SIZE"},
    "commbox": {"READ_SIZE"},
    "oliai": {"LIST_MEMBERS", "SEARCH_MEMBERS", "LIST_CANDIDATES", "READ_SIZE"},
    "fanfare": {"LIST_MEMBERS", "SEARCH_MEMBERS", "READ_MATERIALIZATION", "READ_SIZE"},
}
"""What the matrix of the contracts says."""


def first_of(gateway: Gateway, provider: str) -> str:
    """The identifier of the newest active audience."""
    data = gateway.data(
        "query ($keys: [String!]) { audiences(first: 1, filter: {providerKeys: $keys}) { nodes { id } } }",
        {"keys": [provider]},
    )
    return str(data["audiences"]["nodes"][0]["id"])


@pytest.mark.parametrize("operation", FIELDS)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_field_does_what_the_matrix_says_and_what_can_foretells(
    gateway: Gateway, provider: str, operation: str
) -> None:
    own = first_of(gateway, provider)
    gateway.transport.requests.clear()
    query = f"""
    query ($id: ID!, $operations: [Operation!]) {{
      audience(id: $id) {{ can(operations: $operations) {{ operation allowed reason }} field: {FIELDS[operation]} }}
    }}
    """

    answer = gateway.ask(query, {"id": own, "operations": [operation]})

    supported = operation in SUPPORTED[provider]
    (foretold,) = answer["data"]["audience"]["can"]
    assert (foretold["operation"], foretold["allowed"]) == (operation, supported)
    if supported:
        assert answer["data"]["audience"]["field"] is not None
        assert (foretold["reason"], answer.get("errors")) == (None, None)
    else:
        assert answer["data"]["audience"]["field"] is None
        (error,) = answer["errors"]
        assert error["path"] == ["audience", "field"]
        assert error["extensions"] == {"code": "UNSUPPORTED_OPERATION", "provider": provider, "retryable": False}
        assert operation == "SEARCH_MEMBERS" or foretold["reason"] == error["message"]
        assert gateway.transport.requests == [], "the audience was known, and the provider was not asked"


def test_single_people_cannot_be_read_elsewhere(gateway: Gateway) -> None:
    answer = gateway.ask(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
        {"ids": [member_id(vendor, "1") for vendor in ("trackly", "commbox", "fanfare")]},
    )

    assert answer["data"]["nodes"] == [None, None, None]
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"UNSUPPORTED_OPERATION"}
    assert gateway.transport.requests == []


CAN = "query ($id: ID!) { audience(id: $id) { name can { operation allowed reason } } }"


def reasons(gateway: Gateway, own: str) -> dict[str, Any]:
    """Why each operation is not allowed, None where it is; every operation is there."""
    found = gateway.data(CAN, {"id": own})["audience"]["can"]
    assert all(action["allowed"] is (action["reason"] is None) for action in found)
    return {action["operation"]: action["reason"] for action in found}


def test_an_archived_audience_says_what_its_provider_no_longer_shows_and_refuses_it_without_a_call(
    gateway: Gateway,
) -> None:
    archived = next(key for key, found in gateway.sandbox.fanfare.audiences.items() if found["archived"])
    own = audience_id("fanfare", archived)

    found = reasons(gateway, own)
    gateway.transport.requests.clear()
    answer = gateway.ask(
        "query ($id: ID!) { audience(id: $id) { size { value } members { totalCount } materialization { state } } }",
        {"id": own},
    )

    closed = "Fanfare shows nothing of what is in archived audiences."
    refused = ("READ_SIZE", "LIST_MEMBERS", "SEARCH_MEMBERS", "READ_MATERIALIZATION")
    assert {operation: found[operation] for operation in refused} == dict.fromkeys(refused, closed)
    assert found["LIST"] == "fanfare does not list ARCHIVED audiences."
    assert found["GET"] is None
    assert answer["data"]["audience"] == {"size": None, "members": None, "materialization": None}
    assert [error["message"] for error in answer["errors"]] == [closed] * 3
    assert len(gateway.transport.requests) == 1


def test_only_static_audiences_of_commbox_have_a_size_to_read(gateway: Gateway) -> None:
    for key, found in list(gateway.sandbox.commbox.audiences.items())[:10]:
        reason = reasons(gateway, audience_id("commbox", key))["READ_SIZE"]
        dynamic = found.type is AudienceType.DYNAMIC
        assert reason == ("CommBox does not count dynamic audiences." if dynamic else None)


def test_groups_can_be_read_of_audiences_that_are_in_one(gateway: Gateway) -> None:
    audiences = gateway.sandbox.fanfare.listed()
    grouped = next(found["id"] for found in audiences if found["groupId"] is not None)
    single = next(found["id"] for found in audiences if found["groupId"] is None)

    assert reasons(gateway, audience_id("fanfare", grouped))["READ_GROUPS"] is None
    assert reasons(gateway, audience_id("fanfare", single))["READ_GROUPS"] == "This audience belongs to no group."


def test_what_may_be_done_is_known_without_a_call(gateway: Gateway) -> None:
    gateway.data("{ audiences(first: 100) { nodes { can(operations: [LIST_MEMBERS, READ_SIZE]) { allowed } } } }")

    plain = gateway.transport.counts()
    gateway.transport.requests.clear()
    gateway.data("{ audiences(first: 100) { nodes { id } } }")
    assert gateway.transport.counts() == plain
