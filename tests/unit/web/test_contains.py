"""``contains`` asks nobody who cannot answer, says which identifiers would do, and tells no person in any error."""

import json

import pytest

from audience_gateway.domain.capability import Operation
from audience_gateway.domain.identity import Identifier, IdentifierKind
from tests.unit.accounts import Account, audience, member
from tests.unit.web.gateway import Gateway

QUERY = "query ($who: IdentifierInput!) { audiences { nodes { nativeId contains(identifier: $who) } } }"


def account(*kinds: IdentifierKind, can: frozenset[Operation] = frozenset(Operation)) -> Account:
    return Account(
        "one", [audience("a"), audience("b")], members=[member("1")], identifiers=frozenset(kinds), can=tuple(can)
    )


async def test_each_audience_is_asked_once_however_often_the_question_stands_in_the_query() -> None:
    gateway = Gateway(account(IdentifierKind.EMAIL))

    answer = await gateway.ask(
        '{ audiences { nodes { x: contains(identifier: {email: "PERSON-1@example.test"}) '
        'y: contains(identifier: {email: " person-1@example.test"}) '
        'z: contains(identifier: {email: "person-2@example.test"}) } } }'
    )

    assert answer["data"] == {"audiences": {"nodes": [{"x": True, "y": True, "z": False}] * 2}}
    asked = [made for made in gateway.calls if made[0] == "contains"]
    emails = [Identifier.of(IdentifierKind.EMAIL, f"person-{number}@example.test") for number in (1, 2)]
    assert sorted(asked, key=repr) == sorted([("contains", (key, each)) for key in "ab" for each in emails], key=repr)


@pytest.mark.parametrize(
    ("kinds", "message"),
    [
        ((IdentifierKind.PHONE,), "one cannot tell by EMAIL who is in an audience; it can by PHONE."),
        (
            (IdentifierKind.EXTERNAL_ID, IdentifierKind.PHONE),
            "one cannot tell by EMAIL who is in an audience; it can by PHONE or EXTERNAL_ID.",
        ),
        ((), "one cannot tell by EMAIL who is in an audience, nor by any other identifier."),
    ],
)
async def test_what_cannot_be_told_is_refused_before_any_call_with_what_would_work(
    kinds: tuple[IdentifierKind, ...], message: str
) -> None:
    gateway = Gateway(account(*kinds))

    answer = await gateway.ask(QUERY, who={"email": "person-1@example.test"})

    errors = answer["errors"]
    assert isinstance(errors, list)
    assert [error["path"] for error in errors] == [["audiences", "nodes", place, "contains"] for place in (0, 1)]
    assert {error["message"] for error in errors} == {message}
    assert {error["extensions"]["code"] for error in errors} == {"UNSUPPORTED_OPERATION"}
    assert {method for method, _ in gateway.calls} == {"list_audiences"}


@pytest.mark.parametrize(
    "who", [{"email": "canary"}, {"phone": "canary"}, {"externalId": "canary" * 200}], ids=lambda who: next(iter(who))
)
async def test_a_bad_identifier_is_named_by_its_field_and_never_repeated(who: dict[str, str]) -> None:
    gateway = Gateway(account(*IdentifierKind))

    answer = await gateway.ask(QUERY, who=who)

    errors = answer["errors"]
    assert isinstance(errors, list)
    assert all(error["message"].startswith(f"identifier.{next(iter(who))}: ") for error in errors)
    assert {error["extensions"]["code"] for error in errors} == {"BAD_INPUT"}
    assert "canary" not in json.dumps(answer)


@pytest.mark.parametrize("who", [{}, {"email": None}, {"email": "a@b.c", "phone": "+12015550100"}])
async def test_exactly_one_identifier_must_be_given(who: dict[str, str | None]) -> None:
    error = await Gateway(account(*IdentifierKind)).refused(QUERY, who=who)

    assert error["extensions"] == {"code": "BAD_INPUT", "retryable": False}


async def test_providers_say_by_which_identifiers_they_can_tell() -> None:
    gateway = Gateway(account(IdentifierKind.EXTERNAL_ID, IdentifierKind.EMAIL))

    answer = await gateway.ask("{ providers { identifiers } }")

    assert answer["data"] == {"providers": [{"identifiers": ["EMAIL", "EXTERNAL_ID"]}]}
