"""Fanfare's documented replies, word for word, become the right values."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from http import HTTPStatus

import pytest

from audience_gateway.domain.audience import (
    Audience,
    AudienceKind,
    AudienceSize,
    AudienceStatus,
    GroupKind,
    GroupRef,
    ImportRun,
    JobState,
    LoyaltyTier,
    Materialization,
    SizeBasis,
    SyncSource,
)
from audience_gateway.domain.errors import UpstreamBadResponse
from audience_gateway.domain.group import GroupMember
from audience_gateway.domain.member import Member
from audience_gateway.domain.rule import All, Any, Condition, Rule, RuleOperator
from audience_gateway.providers.fanfare.client import explain
from audience_gateway.providers.fanfare.groups import group_of
from audience_gateway.providers.fanfare.mapping import (
    audience_of,
    group_member_of,
    materialization_of,
    member_of,
    size_of,
)
from audience_gateway.upstream.records import Record
from tests.providers.scripted import NOW, recording


def recorded(name: str) -> Mapping[str, object]:
    document = recording(__file__, name)
    assert isinstance(document, Mapping)
    return document


def audience(**changes: object) -> Record:
    """The documented audience with some fields changed."""
    return Record("fanfare", {**recorded("audience"), **changes})


def tier(name: str, order: object, **metadata: object) -> Record:
    return audience(
        name=name,
        groupId="grp_1",
        groupName="Order ladder",
        groupType="SEGMENTED_VALUE",
        iconName="star",
        metadata={"attribute": "totalOrders", "order": order, **metadata},
    )


def test_the_contracts_sample_reads_as_ours() -> None:
    record = audience()

    expected = Audience(
        provider_key="fanfare",
        native_id="aud_01J0000000000000000000001",
        name="Regulars",
        kind=AudienceKind.DYNAMIC,
        status=AudienceStatus.ACTIVE,
        size=None,
        rule=Rule(All((Condition("totalOrders", RuleOperator.GTE, 5),)), tuple(record.array("rules") or ())),
        created_at=datetime(2026, 3, 1, 10, tzinfo=UTC),
        updated_at=datetime(2026, 3, 1, 10, tzinfo=UTC),
        fetched_at=NOW,
        raw=record.fields,
    )
    assert audience_of(record, NOW) == expected


def test_the_audience_of_fanfares_own_guide_reads_as_ours() -> None:
    fields = recorded("vendor_create_audience")

    assert audience_of(Record("fanfare", fields), NOW) == Audience(
        provider_key="fanfare",
        native_id="aud_01HXYZ123456789",
        name="VIP Customers",
        description="Customers with 5+ orders",
        kind=AudienceKind.DYNAMIC,
        status=AudienceStatus.ACTIVE,
        fetched_at=NOW,
        raw=fields,
    )


def test_the_audience_of_fanfares_own_reference_reads_as_ours() -> None:
    fields = recorded("vendor_list_audience")
    native_id, moment = "3c90c3cc-0d44-4b50-8888-8dd25736052a", datetime(2023, 11, 7, 5, 31, 56, tzinfo=UTC)

    assert audience_of(Record("fanfare", fields), NOW) == Audience(
        provider_key="fanfare",
        native_id=native_id,
        name="<string>",
        description="<string>",
        kind=AudienceKind.UNKNOWN,
        status=AudienceStatus.ARCHIVED,
        group=GroupRef(native_id, "<string>", GroupKind.OTHER),
        sync_source=SyncSource(
            vendor="<string>", external_id="<string>", state=JobState.PENDING, last_synced_at=moment
        ),
        imports=(
            ImportRun(
                native_id=native_id,
                state=JobState.UNKNOWN,
                total=123,
                processed=123,
                errors=123,
                created_at=moment,
                updated_at=moment,
            ),
        ),
        members_as_of=moment,
        created_at=moment,
        updated_at=moment,
        fetched_at=NOW,
        raw=fields,
    )


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("STATIC", AudienceKind.STATIC),
        ("STATIC_LIST", AudienceKind.STATIC),
        ("DYNAMIC", AudienceKind.DYNAMIC),
        ("SYNCED_LIST", AudienceKind.SYNCED),
        ("PREDICTED", AudienceKind.UNKNOWN),
        (None, AudienceKind.UNKNOWN),
    ],
)
def test_both_generations_of_types_are_known_and_others_are_unknown(word: str | None, kind: AudienceKind) -> None:
    found = audience_of(audience(type=word), NOW)

    assert found.kind is kind
    assert (found.rule is not None) is (kind is AudienceKind.DYNAMIC)


def test_a_dynamic_audience_without_rules_matches_nobody_and_unsent_rules_are_unknown() -> None:
    unsent = Record("fanfare", {name: value for name, value in recorded("audience").items() if name != "rules"})

    assert audience_of(audience(rules=[]), NOW).rule == Rule(Any(()), ())
    assert audience_of(unsent, NOW).rule is None


@pytest.mark.parametrize(
    ("flag", "status"),
    [(True, AudienceStatus.ARCHIVED), (False, AudienceStatus.ACTIVE), (None, AudienceStatus.ACTIVE)],
)
def test_the_archive_flag_is_the_status_and_may_be_absent(*, flag: bool | None, status: AudienceStatus) -> None:
    assert audience_of(audience(archived=flag), NOW).status is status


def test_a_tier_audience_carries_group_and_step() -> None:
    found = audience_of(tier("Silver", 2, startValue=5, endValue="15.50"), NOW)

    assert found.group == GroupRef("grp_1", "Order ladder", GroupKind.LOYALTY_TIERS)
    assert found.tier == LoyaltyTier(
        name="Silver",
        attribute="totalOrders",
        order=2,
        start_value=Decimal(5),
        end_value=Decimal("15.50"),
        icon_name="star",
    )


@pytest.mark.parametrize("odd", ["high", True, [], "1e999999999", float("1e300")])
def test_odd_numbers_in_a_tiers_metadata_are_unknown(odd: object) -> None:
    found = audience_of(tier("Silver", odd, startValue=odd, endValue=None), NOW).tier

    assert found == LoyaltyTier(name="Silver", attribute="totalOrders", icon_name="star")


@pytest.mark.parametrize("order", [2**31, -(2**31), 1.5])
def test_a_step_that_answers_cannot_hold_is_unknown(order: float) -> None:
    found = audience_of(tier("Silver", order), NOW).tier

    assert found is not None
    assert found.order is None


@pytest.mark.parametrize(
    ("word", "kind"), [("RFM", GroupKind.RFM), ("NEWER_KIND", GroupKind.OTHER), (None, GroupKind.OTHER)]
)
def test_a_group_of_another_type_has_no_tiers_and_an_unnamed_one_is_called_by_its_identifier(
    word: str | None, kind: GroupKind
) -> None:
    found = audience_of(audience(groupId="grp_2", groupType=word, metadata={"order": 1}), NOW)

    assert (found.group, found.tier) == (GroupRef("grp_2", "grp_2", kind), None)


def test_a_groups_audiences_stand_in_ladder_order() -> None:
    audiences = [audience_of(tier(name, order), NOW) for name, order in [("Gold", 3), ("?", None), ("Bronze", 1)]]

    group = group_of("fanfare", "grp_1", audiences)

    assert [found.name for found in group.audiences] == ["Bronze", "Gold", "?"]
    assert (group.name, group.kind, group.tier_attribute) == ("Order ladder", GroupKind.LOYALTY_TIERS, "totalOrders")


def test_the_documented_sync_source_reads_as_ours() -> None:
    source = recorded("sync")["syncSource"]

    found = audience_of(audience(type="SYNCED_LIST", primarySyncSource=source), NOW)

    assert found.sync_source == SyncSource(
        vendor="klaviyo",
        external_id="XyZ123",
        state=JobState.PENDING,
        last_synced_at=datetime(2026, 2, 28, tzinfo=UTC),
    )


def test_a_source_that_was_not_sent_along_is_known_from_the_audience() -> None:
    found = audience_of(
        audience(primarySourceVendor="klaviyo", primaryExternalId="XyZ123", primaryLastSyncedAt="2026-02-28T00:00:00Z"),
        NOW,
    )

    assert found.sync_source == SyncSource(
        vendor="klaviyo",
        external_id="XyZ123",
        state=JobState.UNKNOWN,
        last_synced_at=datetime(2026, 2, 28, tzinfo=UTC),
    )


def test_the_documented_consumer_reads_as_a_member() -> None:
    rows = recorded("members")["data"]
    assert isinstance(rows, list)

    assert member_of(Record("fanfare", rows[0])) == Member(
        provider_key="fanfare",
        native_id="cons_01J0000000000000000000001",
        email="ana@example.com",
        phone="+14155550101",
        full_name="Ana Ruiz",
        external_id="CRM-77",
        attributes={"city": "Lima"},
        total_orders=6,
        total_order_value=Decimal("412.5"),
        last_order_at=datetime(2026, 2, 11, 9, 30, tzinfo=UTC),
        created_at=datetime(2025, 6, 1, 8, tzinfo=UTC),
        updated_at=datetime(2026, 2, 11, 9, 30, tzinfo=UTC),
    )


def test_a_group_member_knows_its_audiences() -> None:
    found = group_member_of(Record("fanfare", {"id": "cons_1", "audienceIds": ["aud_1", 2]}))

    assert found == GroupMember(Member(provider_key="fanfare", native_id="cons_1"), ("aud_1", "2"))


def test_the_documented_count_is_of_stored_membership_as_old_as_the_last_refresh() -> None:
    count = size_of(Record("fanfare", recorded("count")))
    refreshed = audience_of(audience(lastRefreshedAt="2026-03-01T10:00:03Z"), NOW)

    assert count == AudienceSize(42, SizeBasis.MATERIALIZED)
    assert refreshed.dated(count) == replace(count, as_of=datetime(2026, 3, 1, 10, 0, 3, tzinfo=UTC))
    assert audience_of(audience(lastRefreshedAt=None), NOW).dated(count) == count


def test_a_count_that_is_missing_is_an_unknown_size() -> None:
    assert size_of(Record("fanfare", {})) == AudienceSize(None, SizeBasis.UNKNOWN)


def test_the_documented_status_reads_as_a_finished_materialization() -> None:
    assert materialization_of(Record("fanfare", recorded("status"))) == Materialization(
        state=JobState.SUCCEEDED,
        member_count=42,
        started_at=datetime(2026, 3, 1, 10, 0, 1, tzinfo=UTC),
        finished_at=datetime(2026, 3, 1, 10, 0, 3, tzinfo=UTC),
        problem=None,
    )


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("PENDING", JobState.PENDING),
        ("PROCESSING", JobState.RUNNING),
        ("FAILED", JobState.FAILED),
        ("PAUSED", JobState.UNKNOWN),
        ("completed", JobState.UNKNOWN),
        (None, JobState.UNKNOWN),
    ],
)
def test_a_run_that_did_not_succeed_has_no_end_of_its_own(word: str | None, state: JobState) -> None:
    found = materialization_of(Record("fanfare", {**recorded("status"), "status": word, "error": "store full"}))

    assert (found.state, found.finished_at, found.problem) == (state, None, "store full")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"id": None}, "data[3].id"),
        ({"name": None}, "data[3].name"),
        ({"type": 1}, "data[3].type"),
        ({"archived": "yes"}, "data[3].archived"),
        ({"groupId": 1.5}, "data[3].groupId"),
        ({"imports": {}}, "data[3].imports"),
        ({"imports": [{"id": "imp_1"}, {}]}, "data[3].imports[1].id"),
        ({"primarySyncSource": {"syncSource": None}}, "data[3].primarySyncSource.syncSource"),
        ({"updatedAt": 1767225600}, "data[3].updatedAt"),
    ],
)
def test_a_broken_field_is_named(changes: Mapping[str, object], path: str) -> None:
    with pytest.raises(UpstreamBadResponse) as caught:
        audience_of(Record("fanfare", audience(**changes).fields, "data[3]"), NOW)

    assert caught.value.message == f"fanfare answered something unreadable at {path}."


@pytest.mark.parametrize(
    ("document", "code", "seconds"),
    [
        ({"error": "Validation failed", "details": {"first": "too large"}}, "Validation failed", None),
        ({"error": "validation_error", "message": "x", "issues": [{"path": ["first"]}]}, "validation_error", None),
        ({"error": "Rate limit exceeded", "retryAfter": 12}, "Rate limit exceeded", 12.0),
        ({"error": "Rate limit exceeded", "retryAfter": "2.5"}, "Rate limit exceeded", 2.5),
        ({"error": "Rate limit exceeded", "retryAfter": -1}, "Rate limit exceeded", None),
        ({"error": "ana@example.com is not a member"}, None, None),
        ({"error": "Consumer Ana Ruiz not found"}, None, None),
        ({"error": "Ana"}, None, None),
        ({"error": "Audience not found."}, None, None),
        ({"error": {"name": "x"}}, None, None),
        (["Validation failed"], None, None),
        (None, None, None),
    ],
)
def test_an_error_gives_its_documented_sentence_or_slug_and_its_wait_in_either_shape(
    document: object, code: str | None, seconds: float | None
) -> None:
    explanation = explain(HTTPStatus.UNPROCESSABLE_ENTITY, document)

    assert (explanation.code, explanation.retry_after_seconds) == (code, seconds)


def test_the_documented_error_gives_its_sentence() -> None:
    assert explain(HTTPStatus.BAD_REQUEST, recorded("error")).code == "Validation failed"
