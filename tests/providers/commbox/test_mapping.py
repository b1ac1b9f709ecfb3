"""CommBox's documented list, word for word, becomes the right values."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.domain.audience import Audience, AudienceKind, AudienceSize, AudienceStatus, SizeBasis
from audience_gateway.domain.errors import NotFound, UpstreamBadResponse
from audience_gateway.providers.commbox.client import explain
from audience_gateway.providers.commbox.mapping import Listing, listing_of, place_of
from tests.providers.scripted import NOW, recording

ANSWERED = datetime(2026, 2, 11, 12, tzinfo=UTC)
STATIC: dict[str, object] = {
    "id": "31801",
    "name": "North-East over 50",
    "created_time": "2025-10-01T09:10:00Z",
    "user_count": 1542,
    "type": "Static",
}
DYNAMIC: dict[str, object] = {
    "id": "45920",
    "name": "VIP live",
    "created_time": "2025-11-01T08:30:00Z",
    "type": "Dynamic",
}


def listing(*data: object) -> Listing:
    return listing_of("commbox", list(data), response_time=ANSWERED, fetched_at=NOW)


def test_the_list_of_commboxs_own_page_reads_as_ours() -> None:
    document = recording(__file__, "vendor_list_audiences")
    assert isinstance(document, dict)
    static, dynamic = document["data"]

    assert listing(static, dynamic).audiences == (
        Audience(
            provider_key="commbox",
            native_id="31234",
            name="NE_USA-above50",
            kind=AudienceKind.STATIC,
            status=AudienceStatus.ACTIVE,
            size=AudienceSize(1542, SizeBasis.LIVE, ANSWERED),
            created_at=datetime(2025, 10, 1, 9, 10, tzinfo=UTC),
            fetched_at=NOW,
            raw=static,
        ),
        Audience(
            provider_key="commbox",
            native_id="45412",
            name="VIP",
            kind=AudienceKind.DYNAMIC,
            status=AudienceStatus.ACTIVE,
            size=AudienceSize(None, SizeBasis.UNKNOWN),
            created_at=datetime(2025, 11, 1, 8, 30, tzinfo=UTC),
            fetched_at=NOW,
            raw=dynamic,
        ),
    )


def test_the_contracts_list_reads_as_a_counted_static_and_an_uncounted_dynamic_audience() -> None:
    document = recording(__file__, "list_audiences")
    assert isinstance(document, dict)
    assert document["data"] == [STATIC, DYNAMIC]

    assert listing(*document["data"]).audiences == (
        Audience(
            provider_key="commbox",
            native_id="31801",
            name="North-East over 50",
            kind=AudienceKind.STATIC,
            status=AudienceStatus.ACTIVE,
            size=AudienceSize(1542, SizeBasis.LIVE, ANSWERED),
            created_at=datetime(2025, 10, 1, 9, 10, tzinfo=UTC),
            fetched_at=NOW,
            raw=STATIC,
        ),
        Audience(
            provider_key="commbox",
            native_id="45920",
            name="VIP live",
            kind=AudienceKind.DYNAMIC,
            status=AudienceStatus.ACTIVE,
            size=AudienceSize(None, SizeBasis.UNKNOWN),
            created_at=datetime(2025, 11, 1, 8, 30, tzinfo=UTC),
            fetched_at=NOW,
            raw=DYNAMIC,
        ),
    )


def test_times_without_a_zone_are_utc_and_times_with_one_are_converted() -> None:
    found = listing(
        {**STATIC, "created_time": "2025-10-01T09:10:00"}, {**DYNAMIC, "created_time": "2025-10-01T09:10:00+02:00"}
    )

    assert [audience.created_at for audience in found.audiences] == [
        datetime(2025, 10, 1, 9, 10, tzinfo=UTC),
        datetime(2025, 10, 1, 7, 10, tzinfo=UTC),
    ]


@pytest.mark.parametrize("word", ["Frozen", "static", None])
def test_an_unknown_type_is_an_unknown_kind(word: str | None) -> None:
    assert listing({**STATIC, "type": word}).audiences[0].kind is AudienceKind.UNKNOWN


def test_a_static_audience_without_its_count_has_an_unknown_size() -> None:
    assert listing({**STATIC, "user_count": None}).audiences[0].size == AudienceSize(None, SizeBasis.UNKNOWN)


def test_a_malformed_record_costs_that_record_and_is_named() -> None:
    found = listing(STATIC, {**DYNAMIC, "name": None}, 7, {**STATIC, "id": 1.5})

    assert [audience.native_id for audience in found.audiences] == ["31801"]
    assert [problem.message for problem in found.problems] == [
        f"commbox answered something unreadable at {path}." for path in ("data[1].name", "data[2]", "data[3].id")
    ]
    assert found.total == 4


def test_an_audience_sent_twice_is_there_once() -> None:
    found = listing(STATIC, {**STATIC, "name": "Again"})

    assert [audience.name for audience in found.audiences] == ["North-East over 50"]
    assert found.total == 1


def test_an_audience_is_only_unknown_when_no_record_could_be_it() -> None:
    whole = listing(STATIC, {**DYNAMIC, "name": None})
    hiding = listing(STATIC, {"name": "No id"})

    assert whole.find("31801") == whole.audiences[0]
    assert isinstance(whole.find("45920"), UpstreamBadResponse)
    assert isinstance(whole.find("1"), NotFound)
    assert str(whole.find("1")) == "commbox has no audience 1."
    assert isinstance(hiding.find("1"), UpstreamBadResponse)


def test_whole_number_identifiers_are_text_of_every_digit() -> None:
    number = 123456789012345678901234567890

    assert listing({**STATIC, "id": number}).audiences[0].native_id == str(number)


@given(numbers=st.lists(st.integers(0, 10**40)), words=st.lists(st.text(alphabet="abü-", min_size=1)))
def test_identifiers_stand_by_number_and_then_by_text(numbers: list[int], words: list[str]) -> None:
    expected = [*(str(number) for number in sorted(numbers)), *sorted(words)]

    assert sorted([*words, *map(str, numbers)], key=place_of) == expected


def test_an_identifier_of_thousands_of_digits_has_a_place() -> None:
    assert place_of("9" * 5000) > place_of("10")


def test_the_documented_error_has_no_machine_word() -> None:
    explanation = explain(400, recording(__file__, "error"))

    assert (explanation.code, explanation.retry_after_seconds) == (None, None)
