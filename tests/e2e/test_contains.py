"""Whether somebody is in an audience, asked over HTTP of every provider by every identifier."""

from collections.abc import Mapping, Sequence

import pytest

from audience_gateway.cli.samples import sample_audiences, sample_people
from tests.e2e.gateways import VENDORS, Gateway
from tests.e2e.identifiers import audience_id
from tests.e2e.test_matrix import first_of

QUERY = "query ($id: ID!, $who: IdentifierInput!) { audience(id: $id) { contains(identifier: $who) } }"
KINDS = {"email": "EMAIL", "phone": "PHONE", "externalId": "EXTERNAL_ID"}
TOLD_BY = {
    "local": ("email", "phone", "externalId"),
    "trackly": (),
    "commbox": (),
    "oliai": ("phone",),
    "fanfare": ("email", "phone"),
}
"""What the contracts say: OliAI's search looks at name and phone, Fanfare's at e-mail, phone and name."""
TOLD = [(provider, field) for provider, fields in TOLD_BY.items() for field in fields]

Person = Mapping[str, str | None]


def fullest(gateway: Gateway, provider: str) -> tuple[str, Sequence[Person], Sequence[Person]]:
    """The audience with most members, its members, and everybody else whom the provider knows."""
    if provider == "local":
        entry = max(sample_audiences(), key=lambda entry: len(entry.members))
        everybody: dict[str, Person] = {
            person.native_id: {"email": person.email, "phone": person.phone, "externalId": person.external_id}
            for person in sample_people()
        }
        return entry.audience.native_id, *_split(everybody, set(entry.members))
    if provider == "oliai":
        oliai = gateway.sandbox.oliai
        own = max(oliai.memberships, key=lambda key: len(oliai.memberships[key]))
        contacts: dict[str, Person] = {key: {"phone": found["phoneNumber"]} for key, found in oliai.contacts.items()}
        return own, *_split(contacts, oliai.memberships[own])
    fanfare = gateway.sandbox.fanfare
    active = [found["id"] for found in fanfare.audiences.values() if not found["archived"]]
    own = max(active, key=lambda key: len(fanfare.memberships[key]))
    consumers: dict[str, Person] = {
        key: {"email": found["email"], "phone": found["phone"]} for key, found in fanfare.consumers.items()
    }
    return own, *_split(consumers, set(fanfare.memberships[own]))


def _split(everybody: Mapping[str, Person], members: set[str]) -> tuple[list[Person], list[Person]]:
    inside = [person for key, person in everybody.items() if key in members]
    return inside, [person for key, person in everybody.items() if key not in members]


@pytest.mark.parametrize(("provider", "field"), TOLD)
def test_members_are_told_from_others_however_their_identifiers_are_written(
    gateway: Gateway, provider: str, field: str
) -> None:
    own, members, others = fullest(gateway, provider)
    inside = [person[field] for person in members if person.get(field)]
    outside = [person[field] for person in others if person.get(field) and person[field] not in inside]

    for expected, texts in ((True, inside), (False, outside)):
        for text in (texts[0], texts[len(texts) // 2], texts[-1]) if texts else ():
            assert text is not None
            written = text if field == "externalId" else f" {text[:4].upper()}{text[4:]}"
            data = gateway.data(QUERY, {"id": audience_id(provider, own), "who": {field: written}})
            assert data["audience"]["contains"] is expected


@pytest.mark.parametrize("provider", ["oliai", "fanfare"])
def test_one_question_costs_a_vendor_one_search(gateway: Gateway, provider: str) -> None:
    own, members, _ = fullest(gateway, provider)
    phone = next(person["phone"] for person in members if person["phone"])
    assert phone is not None

    gateway.data(QUERY, {"id": audience_id(provider, own), "who": {"phone": phone}})

    (search,) = [request for request in gateway.transport.requests if own in request and "search=" in request]
    assert f"search={phone[-4:]}" in search


@pytest.mark.parametrize("field", KINDS)
@pytest.mark.parametrize("provider", ["local", *VENDORS])
def test_what_cannot_be_told_is_refused_without_a_call_and_foretold_by_the_provider(
    gateway: Gateway, provider: str, field: str
) -> None:
    own = first_of(gateway, provider)
    gateway.transport.requests.clear()
    who = {"email": "ana@example.com", "phone": "+12015550100", "externalId": "CRM-10000"}[field]

    answer = gateway.ask(
        "query ($id: ID!, $who: IdentifierInput!) "
        "{ audience(id: $id) { provider { identifiers } contains(identifier: $who) } }",
        {"id": own, "who": {field: who}},
    )

    foretold = answer["data"]["audience"]["provider"]["identifiers"]
    assert foretold == [KINDS[each] for each in TOLD_BY[provider]]
    if field in TOLD_BY[provider]:
        assert answer["data"]["audience"]["contains"] in {True, False}
        return
    (error,) = answer["errors"]
    assert error["path"] == ["audience", "contains"]
    assert error["extensions"] == {"code": "UNSUPPORTED_OPERATION", "provider": provider, "retryable": False}
    assert all(each in error["message"] for each in foretold)
    assert gateway.transport.requests == []


def test_nothing_is_told_of_what_its_provider_no_longer_shows(gateway: Gateway) -> None:
    archived = next(key for key, found in gateway.sandbox.fanfare.audiences.items() if found["archived"])

    answer = gateway.ask(QUERY, {"id": audience_id("fanfare", archived), "who": {"email": "ana@example.com"}})

    assert answer["data"] == {"audience": {"contains": None}}
    assert [error["message"] for error in answer["errors"]] == [
        "Fanfare shows nothing of what is in archived audiences."
    ]
    assert len(gateway.transport.requests) == 1
