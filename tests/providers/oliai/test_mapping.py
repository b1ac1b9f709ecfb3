"""OliAI's audiences and contacts become the right values."""

from datetime import UTC, datetime
from http import HTTPStatus

import pytest

from audience_gateway.domain.audience import Audience, AudienceKind, AudienceSize, AudienceStatus, SizeBasis
from audience_gateway.domain.errors import UpstreamBadResponse
from audience_gateway.domain.member import Member
from audience_gateway.providers.oliai.client import explain
from audience_gateway.providers.oliai.mapping import audience_of, member_of
from audience_gateway.upstream.records import Record
from tests.providers.scripted import NOW, recording

AUDIENCE: dict[str, object] = {
    "id": "aud_abc123",
    "name": "Warm leads",
    "description": "Called back once",
    "organizationId": "org_1",
    "contactCount": 31,
    "createdAt": "2026-01-15T10:00:00.000Z",
    "updatedAt": "2026-01-16T11:30:00.250Z",
}
CONTACT: dict[str, object] = {
    "id": "clxxx123",
    "name": "Asha Rao",
    "phoneNumber": "+919812345678",
    "language": "hi-IN",
    "metadata": {"city": "Pune"},
    "organizationId": "org_1",
    "createdAt": "2026-01-15T10:00:00.000Z",
    "updatedAt": "2026-01-15T10:00:00.000Z",
}


def test_an_audience_is_static_active_and_counted_live() -> None:
    record = Record("oliai", AUDIENCE)

    assert audience_of(record, NOW) == Audience(
        provider_key="oliai",
        native_id="aud_abc123",
        name="Warm leads",
        description="Called back once",
        kind=AudienceKind.STATIC,
        status=AudienceStatus.ACTIVE,
        size=AudienceSize(31, SizeBasis.LIVE),
        created_at=datetime(2026, 1, 15, 10, tzinfo=UTC),
        updated_at=datetime(2026, 1, 16, 11, 30, 0, 250_000, tzinfo=UTC),
        fetched_at=NOW,
        raw=AUDIENCE,
    )


def test_a_contact_reads_as_a_member() -> None:
    moment = datetime(2026, 1, 15, 10, tzinfo=UTC)

    assert member_of(Record("oliai", CONTACT)) == Member(
        provider_key="oliai",
        native_id="clxxx123",
        phone="+919812345678",
        full_name="Asha Rao",
        language="hi-IN",
        attributes={"city": "Pune"},
        created_at=moment,
        updated_at=moment,
    )


def test_the_audience_of_oliais_own_page_reads_as_ours() -> None:
    fields = recording(__file__, "audience")
    assert isinstance(fields, dict)

    assert audience_of(Record("oliai", fields), NOW) == Audience(
        provider_key="oliai",
        native_id="aud_abc123",
        name="Mumbai Premium - March 2026",
        description="Hindi-speaking premium customers in Mumbai",
        kind=AudienceKind.STATIC,
        status=AudienceStatus.ACTIVE,
        size=AudienceSize(250, SizeBasis.LIVE),
        created_at=datetime(2026, 3, 1, 10, tzinfo=UTC),
        updated_at=datetime(2026, 3, 10, 14, tzinfo=UTC),
        fetched_at=NOW,
        raw=fields,
    )


def test_the_contact_of_oliais_own_page_reads_as_ours() -> None:
    fields = recording(__file__, "contact")
    assert isinstance(fields, dict)

    assert member_of(Record("oliai", fields)) == Member(
        provider_key="oliai",
        native_id="clxxx123",
        phone="+919876543210",
        full_name="Priya Sharma",
        language="hi-IN",
        attributes={"city": "Mumbai", "tier": "premium"},
        created_at=datetime(2026, 3, 1, 10, tzinfo=UTC),
        updated_at=datetime(2026, 3, 15, 8, 30, tzinfo=UTC),
    )


def test_missing_fields_read_as_unknown() -> None:
    audience = audience_of(Record("oliai", {"id": 7, "name": "Bare"}), NOW)

    assert (audience.native_id, audience.size) == ("7", AudienceSize(None, SizeBasis.UNKNOWN))
    assert (audience.description, audience.created_at, audience.updated_at) == (None, None, None)
    assert member_of(Record("oliai", {"id": "c1"})) == Member(provider_key="oliai", native_id="c1")


@pytest.mark.parametrize(
    ("field", "value"),
    [("id", ""), ("phoneNumber", 919812345678), ("metadata", "city"), ("language", {}), ("createdAt", "01/15/2026")],
)
def test_a_broken_field_of_a_contact_is_named_without_its_value(field: str, value: object) -> None:
    with pytest.raises(UpstreamBadResponse, match=rf"^oliai answered something unreadable at data\[2\]\.{field}\.$"):
        member_of(Record("oliai", {**CONTACT, field: value}, "data[2]"))


def test_the_documented_error_gives_the_reason_word_and_not_its_text() -> None:
    explanation = explain(HTTPStatus.CONFLICT, recording(__file__, "error"))

    assert (explanation.code, explanation.retry_after_seconds) == ("Conflict", None)


@pytest.mark.parametrize("document", [None, [], {"error": ["Conflict"]}, {"error": "Asha Rao is no contact"}, {}])
def test_any_other_word_of_an_error_is_left_out(document: object) -> None:
    assert explain(HTTPStatus.CONFLICT, document).code is None
