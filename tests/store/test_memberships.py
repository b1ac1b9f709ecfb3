"""Whether somebody is in a local audience, told by their own identifier on both databases alike."""

import pytest

from audience_gateway.domain.identity import Identifier, IdentifierKind, normalised
from audience_gateway.domain.member import Member
from audience_gateway.store import SqlStore
from audience_gateway.store.seed import SeedAudience, seed
from tests.store.population import audiences, people
from tests.store.statements import statements_of

PEOPLE = people()
MEMBERS = {entry.audience.native_id: frozenset(entry.members) for entry in audiences(PEOPLE)}


def own(person: Member, kind: IdentifierKind) -> str | None:
    return {
        IdentifierKind.EMAIL: person.email,
        IdentifierKind.PHONE: person.phone,
        IdentifierKind.EXTERNAL_ID: person.external_id,
    }[kind]


@pytest.mark.parametrize("kind", IdentifierKind)
async def test_everybody_is_in_exactly_their_audiences_however_written(filled: SqlStore, kind: IdentifierKind) -> None:
    for person in PEOPLE:
        text = own(person, kind)
        if text is None or normalised(kind, text) is None:
            continue
        if kind is IdentifierKind.EMAIL:
            text = f" {text.upper()} "
        for native_id, members in MEMBERS.items():
            answer = await filled.contains(native_id, Identifier.of(kind, text))
            assert answer is (person.native_id in members), (native_id, person.native_id)


@pytest.mark.parametrize(
    "identifier",
    [
        Identifier(IdentifierKind.EMAIL, "na20@example.com"),
        Identifier(IdentifierKind.EMAIL, "%@%"),
        Identifier(IdentifierKind.EMAIL, "'or'1'='1@example.com"),
        Identifier(IdentifierKind.PHONE, "+120155500"),
        Identifier(IdentifierKind.EXTERNAL_ID, "crm-20"),
        Identifier(IdentifierKind.EXTERNAL_ID, "' OR ''='"),
        Identifier(IdentifierKind.EXTERNAL_ID, "CRM-20\x00"),
        Identifier(IdentifierKind.EXTERNAL_ID, "\ud800"),
    ],
)
async def test_nobody_is_told_by_a_part_a_pattern_or_what_no_text_can_hold(
    filled: SqlStore, identifier: Identifier
) -> None:
    assert await filled.contains("all", identifier) is False


@pytest.mark.parametrize("kind", IdentifierKind)
@pytest.mark.parametrize("native_id", ["unknown", "", "nul\x00"])
async def test_an_unknown_audience_is_none_and_not_a_no(filled: SqlStore, kind: IdentifierKind, native_id: str) -> None:
    assert await filled.contains(native_id, Identifier(kind, "+12015550020")) is None


@pytest.mark.parametrize("kind", IdentifierKind)
async def test_one_question_is_one_statement(filled: SqlStore, kind: IdentifierKind) -> None:
    with statements_of(filled) as sent:
        await filled.contains("half", Identifier(kind, "+12015550020"))

    assert len(sent) == 1


async def test_a_name_that_reads_like_an_address_is_none(store: SqlStore) -> None:
    entry = audiences(PEOPLE)[3].audience
    named = Member(provider_key="local", native_id="p1", full_name="ana@example.com", email="ben@example.com")
    await seed(store, [named], [SeedAudience(entry, ("p1",))])

    assert await store.contains("all", Identifier.of(IdentifierKind.EMAIL, "ana@example.com")) is False
    assert await store.contains("all", Identifier.of(IdentifierKind.EMAIL, "Ben@example.com")) is True
