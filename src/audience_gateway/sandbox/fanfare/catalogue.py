"""Fanfare's seeded audiences outside of groups, as a shop's marketing team would have made them."""

from dataclasses import dataclass

from audience_gateway.sandbox.fanfare.drafts import Condition


@dataclass(frozen=True, slots=True)
class StaticPlan:
    """A hand-made audience of ``size`` consumers; ``imported`` is the status of its import, None without one."""

    name: str
    description: str | None
    size: int
    imported: str | None = None
    archived: bool = False


@dataclass(frozen=True, slots=True)
class DynamicPlan:
    """A rule-made audience; ``status`` is that of its materialisation, ``version`` counts its definitions."""

    name: str
    description: str | None
    conditions: tuple[Condition, ...]
    status: str = "COMPLETED"
    version: int = 1
    archived: bool = False


@dataclass(frozen=True, slots=True)
class SyncedPlan:
    """A synced audience; ``list_id`` None leaves it without a source, else ``status`` is that of its sync."""

    name: str
    list_id: str | None
    size: int
    status: str = "COMPLETED"
    source: str = "klaviyo:list"
    archived: bool = False


STATIC_PLANS = (
    StaticPlan("Spring drop early access", "First 500 on the waitlist", 500, "COMPLETED"),
    StaticPlan("Store opening guests, Denver", None, 140),
    StaticPlan("Influencer seeding 2026", "Gets pairs before release; never e-mail twice", 35),
    StaticPlan("Raffle winners, January", None, 60, "COMPLETED"),
    StaticPlan("Founders' circle", "Bought in the first month", 88),
    StaticPlan("Press list", None, 24, "COMPLETED"),
    StaticPlan("Customer council", "Meets every quarter", 12),
    StaticPlan("Refunded in the size mix-up", "Apology voucher sent on 14 February", 203, "COMPLETED"),
    StaticPlan("Wholesale contacts", None, 47),
    StaticPlan("Lookbook models", None, 9),
    StaticPlan("Airport pop-up sign-ups", "Paper cards, typed in by hand", 318, "PROCESSING"),
    StaticPlan("Conference badge scans", "Austin, two days", 0, "PENDING"),
    StaticPlan("Old shop accounts", "Export of the previous shop", 0, "FAILED"),
    StaticPlan("Gift card buyers, December", None, 276, "COMPLETED"),
    StaticPlan("Repair service customers", None, 131),
    StaticPlan("Collab launch guest list", "Door list, plus ones included", 95),
    StaticPlan("Beta app crash reporters", None, 17),
    StaticPlan("Staff and family", "40 percent off, do not advertise", 64),
    StaticPlan("Panel for the spring survey", None, 720, "COMPLETED"),
    StaticPlan("Empty draft", None, 0),
    StaticPlan("Black Friday 2024 queue", "Kept for the report", 410, archived=True),
    StaticPlan("Test import, ignore", None, 3, "COMPLETED", archived=True),
)

DYNAMIC_PLANS = (
    DynamicPlan(
        "Ordered in February",
        None,
        (("lastOrderAt", "BETWEEN", ("2026-02-01T00:00:00Z", "2026-02-28T23:59:59Z"), None),),
    ),
    DynamicPlan(
        "Big spenders", "Lifetime value above 1,500", (("totalOrderValue", "GREATER_THAN", (1_500,), None),), version=3
    ),
    DynamicPlan("Never ordered", None, (("totalOrders", "EQUALS", (0,), None),)),
    DynamicPlan("Exactly one order", "Second-order voucher goes here", (("totalOrders", "EQUALS", (1,), None),)),
    DynamicPlan("Lima and Cusco", None, (("metadata.city", "IN", ("Lima", "Cusco"), None),)),
    DynamicPlan("Everywhere but Germany", None, (("metadata.city", "NOT_IN", ("Berlin",), None),)),
    DynamicPlan("Reachable by e-mail only", None, (("email", "EXISTS", (), None), ("phone", "NOT_EXISTS", (), None))),
    DynamicPlan("Reachable by phone only", None, (("phone", "EXISTS", (), None), ("email", "NOT_EXISTS", (), None))),
    DynamicPlan("American numbers", None, (("phone", "CONTAINS", ("+1",), None),)),
    DynamicPlan("Not on the CRM", "No external id yet", (("externalId", "NOT_EXISTS", (), None),)),
    DynamicPlan("Shop mail addresses", None, (("email", "CONTAINS", ("@shop.example",), None),)),
    DynamicPlan("No example.com addresses", None, (("email", "NOT_CONTAINS", ("@EXAMPLE.COM",), None),)),
    DynamicPlan(
        "Gone quiet since autumn",
        "Win-back series",
        (("lastOrderAt", "LESS_THAN", ("2025-10-01T00:00:00Z",), None), ("totalOrders", "GREATER_THAN", (2,), None)),
        version=2,
    ),
    DynamicPlan("New this year", None, (("createdAt", "GREATER_THAN_OR_EQUAL", ("2026-01-01T00:00:00Z",), None),)),
    DynamicPlan(
        "Pro plan or ten orders",
        "Either makes a good tester",
        (("metadata.plan", "EQUALS", ("pro",), "plan"), ("totalOrders", "GREATER_THAN_OR_EQUAL", (10,), "orders")),
    ),
    DynamicPlan("Large feet", "For the sizes above 44", (("metadata.shoeSize", "GREATER_THAN", (44,), None),)),
    DynamicPlan(
        "Visited since mid-February", None, (("metadata.lastVisitAt", "GREATER_THAN", ("2026-02-15T00:00:00Z",), None),)
    ),
    DynamicPlan("Not on the free plan", None, (("metadata.plan", "NOT_EQUALS", ("free",), None),)),
    DynamicPlan("Rules still to come", None, ()),
    DynamicPlan(
        "Mid-range baskets",
        "Rule tightened, refresh waiting",
        (("totalOrderValue", "BETWEEN", (200, 800), None), ("totalOrders", "LESS_THAN_OR_EQUAL", (8,), None)),
        status="PENDING",
        version=2,
    ),
    DynamicPlan(
        "Text-message consent",
        None,
        (("metadata.smsConsent", "EQUALS", ("true",), None), ("phone", "EXISTS", (), None)),
        status="PROCESSING",
        version=4,
    ),
    DynamicPlan(
        "Recent buyers outside the CRM",
        None,
        (("externalId", "NOT_EXISTS", (), None), ("lastOrderAt", "GREATER_THAN", ("2026-01-15T00:00:00Z",), None)),
        status="FAILED",
        version=2,
    ),
    DynamicPlan("Called Ana", "Name-day greeting", (("fullName", "CONTAINS", ("ana ",), None),), archived=True),
    DynamicPlan(
        "Summer sale 2025 buyers",
        None,
        (("lastOrderAt", "BETWEEN", ("2025-06-15T00:00:00Z", "2025-07-15T00:00:00Z"), None),),
        archived=True,
    ),
)

SYNCED_PLANS = (
    SyncedPlan("Product news", "Lp4Tz8", 610),
    SyncedPlan("Restock alerts", "Rw2Kd6", 345),
    SyncedPlan("SMS subscribers", "Sm5Qv1", 820),
    SyncedPlan("Blog readers", "Bg7Nc3", 190),
    SyncedPlan("Checkout opt-ins", "Ck9Jx4", 505),
    SyncedPlan("Quiz finishers", "Qz3Fh7", 77),
    SyncedPlan("Predicted high value", "Pv6Ws2", 150, source="klaviyo:profile"),
    SyncedPlan("Welcome series", "Wl8Gy5", 0, "PENDING"),
    SyncedPlan("Engaged in 90 days", "En1Mb9", 430, "PROCESSING"),
    SyncedPlan("Bounced addresses", "Bo4Rt7", 58, "FAILED"),
    SyncedPlan("Holiday list, to be connected", None, 0),
    SyncedPlan("Partner newsletter", None, 0),
    SyncedPlan("Pop-up form 2024", "Pf2Hd8", 260, archived=True),
)
