"""One identifier has one writing, and what is none is refused without being repeated."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.domain.errors import BadInput
from audience_gateway.domain.identity import Identifier, IdentifierKind, normalised
from audience_gateway.domain.member import Member

EMAIL, PHONE, EXTERNAL_ID = IdentifierKind.EMAIL, IdentifierKind.PHONE, IdentifierKind.EXTERNAL_ID
FILLING = st.text(alphabet=" .-()[]\u2013\u00a0\t", max_size=2)
PHONES = st.from_regex(re.compile(r"\+[0-9]{7,15}", re.ASCII), fullmatch=True)
ADDRESSES = st.from_regex(re.compile(r"[A-Za-zäßİ0-9.+-]{1,20}@[A-Za-z0-9-]{1,20}\.[a-z]{2,5}"), fullmatch=True)


@given(PHONES, st.data())
def test_a_phone_number_is_the_same_however_it_is_spaced(phone: str, data: st.DataObject) -> None:
    written = "".join(data.draw(FILLING) + character for character in phone) + data.draw(FILLING)

    assert normalised(PHONE, written) == phone


@given(ADDRESSES, FILLING.map(lambda text: re.sub(r"\S", "", text)))
def test_an_e_mail_address_is_the_same_in_any_case_and_between_spaces(address: str, space: str) -> None:
    assert normalised(EMAIL, f"{space}{address.upper()}{space}") == normalised(EMAIL, address) == address.casefold()


@given(st.sampled_from(IdentifierKind), st.text(max_size=40))
def test_what_is_normalised_stays_as_it_is(kind: IdentifierKind, text: str) -> None:
    once = normalised(kind, text)

    assert once is None or normalised(kind, once) == once


def test_an_external_identifier_is_taken_as_it_stands() -> None:
    assert normalised(EXTERNAL_ID, " CRM-7 ") == " CRM-7 "
    assert normalised(EXTERNAL_ID, "ä" * 512) == "ä" * 512


@pytest.mark.parametrize(
    ("kind", "text", "field"),
    [
        *((EMAIL, text, "email") for text in ("", " ", "ana", "@", "ana@", "@b.c", "a@b@c", "an a@b.c", "a\x00@b.c")),
        (EMAIL, "a" * 320 + "@b.c", "email"),
        *((PHONE, text, "phone") for text in ("", "+", "4155550101", "+123456", "+1234567890123456", "+1415555010a")),
        (PHONE, "+\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668", "phone"),
        *((EXTERNAL_ID, text, "externalId") for text in ("", "x" * 1_025, "ä" * 513)),
    ],
)
def test_what_is_none_is_refused_by_the_name_of_its_field_and_never_repeated(
    kind: IdentifierKind, text: str, field: str
) -> None:
    with pytest.raises(BadInput) as caught:
        Identifier.of(kind, text)

    assert caught.value.message.startswith(f"identifier.{field}: ")
    assert len(text) < 4 or text not in caught.value.message


def test_no_representation_tells_the_person() -> None:
    assert "ana" not in repr(Identifier.of(EMAIL, "ana@example.com"))


@pytest.mark.parametrize(
    ("kind", "text", "answer"),
    [
        (EMAIL, "ana@example.com", True),
        (EMAIL, "na@example.com", False),
        (PHONE, "+14155550101", True),
        (PHONE, "+1415555010", False),
        (EXTERNAL_ID, "CRM-7", True),
        (EXTERNAL_ID, "crm-7", False),
    ],
)
def test_it_is_a_members_own_however_the_provider_writes_it(kind: IdentifierKind, text: str, answer: bool) -> None:
    ana = Member(
        provider_key="one",
        native_id="1",
        email=" Ana@Example.com",
        phone="+1 (415) 555-0101",
        external_id="CRM-7",
    )

    assert Identifier.of(kind, text).is_of(ana) is answer


@pytest.mark.parametrize("kind", IdentifierKind)
def test_it_is_nobodys_who_has_none(kind: IdentifierKind) -> None:
    nobody = Member(provider_key="one", native_id="1", phone="unknown", email="none")
    identifier = {EMAIL: "ana@example.com", PHONE: "+14155550101", EXTERNAL_ID: "CRM-7"}[kind]

    assert not Identifier.of(kind, identifier).is_of(nobody)
