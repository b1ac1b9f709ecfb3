"""Trackly's documented replies, word for word, become the right values."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

import pytest

from audience_gateway.domain.audience import Audience, AudienceKind, AudienceSize, AudienceStatus, SizeBasis, SourceList
from audience_gateway.domain.errors import UpstreamBadResponse
from audience_gateway.domain.rule import All, Condition, Rule, RuleOperator, TimeUnit
from audience_gateway.providers.trackly.client import explain
from audience_gateway.providers.trackly.mapping import audience_of, source_lists_of
from audience_gateway.upstream.records import Record, document_of
from tests.providers.scripted import NOW, recording


def audience(**changes: object) -> Record:
    """The documented audience with some fields changed."""
    page = recording(__file__, "list_audiences")
    assert isinstance(page, Mapping)
    return Record("trackly-us", {**page["audiences"][0], **changes})


def test_the_contracts_sample_reads_as_ours() -> None:
    record = audience()

    expected = Audience(
        provider_key="trackly-us",
        native_id="66a0c1d2e3f405162738495a",
        name="Recent clickers",
        kind=AudienceKind.DYNAMIC,
        status=AudienceStatus.ACTIVE,
        size=AudienceSize(420, SizeBasis.CACHED, datetime(2026, 1, 5, 9, tzinfo=UTC)),
        rule=Rule(
            All((Condition("lastClickedAt", RuleOperator.WITHIN_LAST, 7, TimeUnit.DAYS),)),
            record.mapping("filter"),
        ),
        source_lists=(),
        created_at=datetime(2026, 1, 2, 10, 15, tzinfo=UTC),
        fetched_at=NOW,
        raw=record.fields,
    )
    assert audience_of(record, NOW) == expected


@pytest.mark.parametrize("name", ["vendor_list_audiences", "vendor_get_audience"])
def test_the_audience_of_tracklys_own_pages_reads_as_ours_listed_or_shown(name: str) -> None:
    document = recording(__file__, name)
    assert isinstance(document, Mapping)
    record = Record("trackly-us", document["audiences"][0] if "audiences" in document else document)

    conditions = (
        Condition("lastClickedAt", RuleOperator.WITHIN_LAST, 30, TimeUnit.DAYS),
        Condition("clickCount", RuleOperator.GTE, 3),
    )
    assert audience_of(record, NOW) == Audience(
        provider_key="trackly-us",
        native_id="664f1a2b3c4d5e6f7a8b9c0d",
        name="High-Value Clickers",
        description="Contacts who clicked at least 3 times in the last 30 days",
        kind=AudienceKind.DYNAMIC,
        status=AudienceStatus.ACTIVE,
        size=AudienceSize(12480, SizeBasis.CACHED, datetime(2025, 11, 15, 8, 30, tzinfo=UTC)),
        rule=Rule(All(conditions), record.mapping("filter")),
        source_lists=(SourceList("101"), SourceList("102")),
        created_at=datetime(2025, 10, 1, 14, 22, tzinfo=UTC),
        fetched_at=NOW,
        raw=record.fields,
    )


def test_the_sending_lists_of_tracklys_own_page_read_as_ours() -> None:
    document = recording(__file__, "vendor_list_lists")
    assert isinstance(document, Mapping)

    assert source_lists_of("trackly-us", document["lists"]) == (
        SourceList("42", "Acme Promo List", 15230),
        SourceList("43", "Acme Welcome List", 8412),
    )


def test_an_archived_audience_without_a_size_says_so() -> None:
    found = audience_of(
        audience(status="archived", cached_size=None, cached_size_updated_at=None, source_lists=[42, 7]), NOW
    )

    assert found.status is AudienceStatus.ARCHIVED
    assert found.size == AudienceSize(None, SizeBasis.UNKNOWN)
    assert found.source_lists == (SourceList("42"), SourceList("7"))


def test_documented_fields_that_are_missing_read_as_unknown() -> None:
    found = audience_of(Record("trackly-us", {"id": "a1", "name": "Bare"}), NOW)

    assert (found.description, found.rule, found.source_lists, found.created_at) == (None, None, None, None)
    assert found.size == AudienceSize(None, SizeBasis.UNKNOWN)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"id": None}, "id"),
        ({"id": 1.5}, "id"),
        ({"id": True}, "id"),
        ({"name": None}, "name"),
        ({"name": 5}, "name"),
        ({"description": ["x"]}, "description"),
        ({"cached_size": "420"}, "cached_size"),
        ({"cached_size": -1}, "cached_size"),
        ({"created_at": "yesterday"}, "created_at"),
        ({"created_at": "0001-01-01T00:00:00+14:00"}, "created_at"),
        ({"source_lists": [1, None]}, "source_lists[1]"),
        ({"source_lists": {}}, "source_lists"),
    ],
)
def test_a_broken_field_is_named(changes: Mapping[str, object], path: str) -> None:
    with pytest.raises(UpstreamBadResponse, match=r"trackly-us answered something unreadable at ") as caught:
        audience_of(audience(**changes), NOW)

    assert caught.value.message.endswith(f" at {path}.")


def test_sending_lists_carry_name_and_count_and_deleted_ones_are_left_out() -> None:
    lists: list[object] = [
        {"id": 42, "list_name": "Texas", "contact_count": 12, "status": "active", "created_at": "2026-01-01T00:00:00Z"},
        {"id": 43, "list_name": "Gone", "contact_count": 3, "status": "deleted"},
        {"id": 44},
    ]

    assert source_lists_of("trackly-us", lists) == (SourceList("42", "Texas", 12), SourceList("44"))


def test_the_documented_error_gives_its_code_and_not_its_text() -> None:
    explanation = explain(HTTPStatus.BAD_REQUEST, recording(__file__, "error"))

    assert (explanation.code, explanation.retry_after_seconds) == ("invalid_time_unit", None)


@pytest.mark.parametrize(
    "document", [None, [], {"error": "account suspended"}, {"code": 12}, {"code": "ana@example.com is unknown"}]
)
def test_an_error_without_a_machine_word_has_no_code(document: object) -> None:
    assert explain(HTTPStatus.FORBIDDEN, document).code is None


def test_a_reply_that_is_no_object_is_refused() -> None:
    with pytest.raises(UpstreamBadResponse):
        document_of("trackly-us", ["audiences"])
