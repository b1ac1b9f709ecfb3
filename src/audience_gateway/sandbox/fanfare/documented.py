"""The objects printed in Fanfare's documentation and contract samples, with their printed values.

"Regulars" is printed as it stands right after being created, so it has not been materialised. "VIP Customers" is
printed with another organisation's id; a key has one organisation, so it joins the others here.
"""

from datetime import UTC, datetime
from itertools import islice

from audience_gateway.sandbox.fanfare.catalogue import SyncedPlan
from audience_gateway.sandbox.fanfare.drafts import new_audience, new_rule
from audience_gateway.sandbox.fanfare.objects import Consumer, Materialization
from audience_gateway.sandbox.fanfare.sources import attach_source
from audience_gateway.sandbox.fanfare.state import State

_CREATED = datetime(2026, 3, 1, 10, tzinfo=UTC)
_FIVE_ORDERS = ("totalOrders", "GREATER_THAN_OR_EQUAL", (5,), None)
_LISTS_CREATED = datetime(2026, 2, 1, 9, tzinfo=UTC)
_SYNCED = datetime(2026, 2, 28, tzinfo=UTC)
_LISTS = (
    ("aud_01J0000000000000000000002", "src_01J0000000000000000000001", SyncedPlan("Newsletter", "XyZ123", 900)),
    (
        "aud_01J0000000000000000000009",
        "src_01J0000000000000000000002",
        SyncedPlan("Newsletter, Spanish", "AbC987", 240),
    ),
)
"""Audience id, source id and plan of the two lists in the Klaviyo import sample."""
_REFRESHED_AT = "2026-03-02T11:30:00Z"


def consumer() -> Consumer:
    """The consumer of the members sample."""
    return Consumer(
        id="cons_01J0000000000000000000001",
        email="ana@example.com",
        phone="+14155550101",
        fullName="Ana Ruiz",
        externalId="CRM-77",
        metadata={"city": "Lima"},
        totalOrders=6,
        totalOrderValue=412.5,
        lastOrderAt="2026-02-11T09:30:00Z",
        createdAt="2025-06-01T08:00:00Z",
        updatedAt="2026-02-11T09:30:00Z",
    )


def add_documented(state: State) -> None:
    """Put the printed audiences into ``state``."""
    _add_vip_customers(state)
    _add_regulars(state)
    beta = new_audience("aud_01J0000000000000000000003", "Beta testers", "STATIC", _CREATED)
    beta["description"] = "Hand-picked"
    state.put(beta, Materialization("COMPLETED", 1), members=[consumer()["id"]])
    _add_lists(state)


def _add_vip_customers(state: State) -> None:
    vip = new_audience("aud_01HXYZ123456789", "VIP Customers", "DYNAMIC", datetime(2024, 11, 1, 10, tzinfo=UTC))
    vip["description"] = "Customers with 5+ orders"
    vip["lastRefreshedAt"] = _REFRESHED_AT
    rules = [new_rule("rule_01HXYZ123456789", vip["id"], _FIVE_ORDERS, 0)]
    done = Materialization("COMPLETED", 1, started_at="2026-03-02T11:29:57Z")
    state.put(vip, done, rules=rules, members=state.evaluated(rules))


def _add_regulars(state: State) -> None:
    regulars = new_audience("aud_01J0000000000000000000001", "Regulars", "DYNAMIC", _CREATED)
    rules = [new_rule("rule_01J0000000000000000000001", regulars["id"], _FIVE_ORDERS, 0)]
    state.put(regulars, Materialization("PENDING", None), rules=rules)


def _add_lists(state: State) -> None:
    for audience_id, source_id, plan in _LISTS:
        audience = new_audience(audience_id, plan.name, "SYNCED_LIST", _LISTS_CREATED, _SYNCED)
        standing = attach_source(state, audience, source_id, plan, _LISTS_CREATED, _SYNCED)
        state.put(audience, standing, members=islice(state.consumers, plan.size))
