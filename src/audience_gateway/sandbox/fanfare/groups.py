"""Fanfare's seeded audience groups: three ladders of loyalty tiers and one set of RFM segments."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from audience_gateway.sandbox.fanfare.drafts import Condition, new_audience, new_rules
from audience_gateway.sandbox.fanfare.objects import Audience, Materialization, stamp
from audience_gateway.sandbox.fanfare.state import State
from audience_gateway.sandbox.people import EPOCH

_Tier = tuple[str, float, float | None, str | None]


@dataclass(frozen=True, slots=True)
class Ladder:
    """Loyalty tiers cut by one attribute: names, starts, ends (None is open) and icons, in tier order."""

    group_id: str
    name: str
    attribute: str
    tiers: tuple[_Tier, ...]
    created: datetime


LADDERS = (
    Ladder(
        "grp_01J0000000000000000000001",
        "Order ladder",
        "totalOrders",
        (("Bronze", 0, 5, None), ("Silver", 5, 15, "star"), ("Gold", 15, None, None)),
        datetime(2025, 9, 1, 8, tzinfo=UTC),
    ),
    Ladder(
        "grp_01JB4M7T2Q9XKD8R5W3VZC6NHA",
        "Spend club",
        "ltv",
        (
            ("Friend", 0, 250, "leaf"),
            ("Insider", 250, 1_000, "key"),
            ("Patron", 1_000, 2_500, "crown"),
            ("Icon", 2_500, None, "diamond"),
        ),
        datetime(2025, 4, 14, 15, 30, tzinfo=UTC),
    ),
    Ladder(
        "5b0f6e6e-6c1c-4f0e-9d53-2f4d1a7c8e90",
        "Points programme",
        "loyaltyBalance",
        (("Spark", 1, 200, None), ("Ember", 200, 800, None), ("Flame", 800, 2_000, None), ("Blaze", 2_000, None, None)),
        datetime(2024, 12, 3, 11, 15, tzinfo=UTC),
    ),
)

RFM_GROUP = ("grp_01JE8S5Y3FHT6P0QGM2XKR9BWD", "Recency and frequency")
_RECENT, _AGO = "2026-01-01T00:00:00Z", "2025-09-01T00:00:00Z"
RFM_SEGMENTS: tuple[tuple[str, tuple[Condition, ...]], ...] = (
    (
        "Champions",
        (("lastOrderAt", "GREATER_THAN_OR_EQUAL", (_RECENT,), None), ("totalOrders", "GREATER_THAN", (8,), None)),
    ),
    (
        "Loyal customers",
        (("lastOrderAt", "GREATER_THAN_OR_EQUAL", (_AGO,), None), ("totalOrders", "BETWEEN", (4, 8), None)),
    ),
    (
        "New customers",
        (("lastOrderAt", "GREATER_THAN_OR_EQUAL", (_RECENT,), None), ("totalOrders", "LESS_THAN", (4,), None)),
    ),
    (
        "At risk",
        (("lastOrderAt", "LESS_THAN", (_AGO,), None), ("totalOrderValue", "GREATER_THAN_OR_EQUAL", (300,), None)),
    ),
    (
        "Hibernating",
        (("lastOrderAt", "LESS_THAN", (_AGO,), None), ("totalOrderValue", "LESS_THAN", (300,), None)),
    ),
)


def add_groups(state: State) -> None:
    """Put every group's audiences into ``state``, materialised at the last full hour."""
    for ladder in LADDERS:
        for tier, conditions in _tiers(state, ladder):
            _add(state, tier, conditions)
    for place, (name, conditions) in enumerate(RFM_SEGMENTS):
        created = datetime(2025, 11, 20, 9, place, tzinfo=UTC)
        segment = new_audience(state.identifiers.ulid("aud_"), name, "DYNAMIC", created)
        segment.update({"groupId": RFM_GROUP[0], "groupName": RFM_GROUP[1], "groupType": "RFM"})
        _add(state, segment, conditions)


def _tiers(state: State, ladder: Ladder) -> Iterator[tuple[Audience, tuple[Condition, ...]]]:
    for order, (name, start, end, icon) in enumerate(ladder.tiers, start=1):
        tier = new_audience(state.identifiers.ulid("aud_"), name, "DYNAMIC", ladder.created)
        tier.update(
            {
                "groupId": ladder.group_id,
                "groupName": ladder.name,
                "groupType": "SEGMENTED_VALUE",
                "iconName": icon,
                "metadata": {"attribute": ladder.attribute, "order": order, "startValue": start, "endValue": end},
            }
        )
        rule_group = state.identifiers.ulid("rgrp_")
        low: Condition = (ladder.attribute, "GREATER_THAN_OR_EQUAL", (start,), rule_group)
        yield tier, (low,) if end is None else (low, (ladder.attribute, "LESS_THAN", (end,), rule_group))


def _add(state: State, audience: Audience, conditions: tuple[Condition, ...]) -> None:
    rules = new_rules(state.identifiers, audience["id"], conditions)
    audience["lastRefreshedAt"] = stamp(EPOCH - timedelta(minutes=30))
    done = Materialization("COMPLETED", 1, stamp(EPOCH - timedelta(minutes=30, seconds=4)))
    state.put(audience, done, rules=rules, members=state.evaluated(rules))
