"""Seeded audiences about purchases and the account's own fields."""

from audience_gateway.sandbox.trackly.segments import (
    Segment,
    bought,
    clicked,
    count,
    custom,
    every,
    joined,
    revenue,
    some,
    timezone,
)


def commerce_segments() -> tuple[Segment, ...]:
    """All of them, in the order of their creation."""
    return (*_buying(), *_spending(), *_membership())


def _buying() -> tuple[Segment, ...]:
    return (
        Segment(name="All SMS buyers", group=every(revenue("has_revenue", "eq", value=True))),
        Segment(name="Not a buyer yet", group=every(revenue("has_revenue", "eq", value=False))),
        Segment(name="Buyers, last 30 days", group=every(bought("within", 30)), description="Exclude from discounts"),
        Segment(name="Buyers, last 90 days", group=every(bought("within", 90))),
        Segment(name="Bought in the last 12 hours", group=every(bought("within", 12, "hours"))),
        Segment(name="Second purchase due", group=every(revenue("conversion_count", "eq", 1), bought("after", 45))),
        Segment(name="Three orders or more", group=every(revenue("conversion_count", "gte", 3))),
        Segment(name="Repeat buyers by count", group=every(count("conversion_count", "gt", 1))),
        Segment(name="Newsletter readers who buy", group=every(bought("exists", tied_to=27)), lists=(12,)),
        Segment(
            name="Holiday shoppers",
            group=every(bought("before", 60), bought("after", 125)),
            description="November to the end of the year",
        ),
        Segment(name="Clicked, then bought, this month", group=every(clicked("within", 30), bought("within", 30))),
    )


def _spending() -> tuple[Segment, ...]:
    big = some(revenue("revenue_total", "gte", 250), revenue("avg_revenue", "gte", 110))
    return (
        Segment(name="Spent over 100", group=every(revenue("revenue_total", "gt", 100))),
        Segment(name="Spent over 250", group=every(revenue("revenue_total", "gt", 250)), description="Private sale"),
        Segment(name="Big baskets", group=every(revenue("avg_revenue", "gte", 95.5))),
        Segment(
            name="Small baskets, many orders",
            group=every(revenue("avg_revenue", "lt", 40), count("conversion_count", "gte", 2)),
        ),
        Segment(name="VIP by spend", group=big, description="Reviewed every quarter with finance"),
        Segment(name="VIP by spend, at risk", group=every(big, clicked("not_within", 30))),
        Segment(
            name="Nearly free-shipping",
            group=every(revenue("revenue_total", "gte", 40), revenue("revenue_total", "lt", 50)),
        ),
        Segment(name="Anything above zero", group=every(revenue("revenue_total", "neq", 0))),
        Segment(name="Top of the South", group=every(revenue("revenue_total", "gte", 180)), lists=(42,)),
    )


def _membership() -> tuple[Segment, ...]:
    precious = custom("tier", "in", ["gold", "silver"])
    return (
        Segment(name="Gold members", group=every(custom("tier", "eq", "gold")), lists=(58,)),
        Segment(name="Gold and silver", group=every(precious), lists=(58,), description="Early access, 24 hours"),
        Segment(
            name="Bronze with potential",
            group=every(custom("tier", "eq", "bronze"), custom("points", "gte", 3000)),
            lists=(58,),
        ),
        Segment(name="Points about to matter", group=every(custom("points", "gt", 4000)), lists=(58,)),
        Segment(name="Few points so far", group=every(custom("points", "lt", 250)), lists=(58,)),
        Segment(name="No tier on file", group=every(custom("tier", "not_exists"))),
        Segment(name="Team plan", group=every(custom("plan", "eq", "team")), description="Business accounts"),
        Segment(name="Paid plans", group=every(custom("plan", "in", ["pro", "team"]))),
        Segment(name="Free plan, engaged", group=every(custom("plan", "eq", "free"), clicked("within", 30))),
        Segment(name="Everyone but free", group=every(custom("plan", "neq", "free")), lists=(12,)),
        Segment(name="Ten orders at checkout", group=every(custom("orders", "gte", 10)), lists=(27,)),
        Segment(name="Gift-wrap requests", group=every(custom("gift_wrap", "eq", value=True)), lists=(63,)),
        Segment(
            name="Members outside the West Coast",
            group=every(precious, timezone("neq", "America/Los_Angeles")),
            description="Morning sends",
        ),
        Segment(name="Loyal newsletter readers", group=every(custom("tier", "exists", tied_to=58)), lists=(12,)),
    )


def retired_segments() -> tuple[Segment, ...]:
    """The archived ones."""
    early = every(bought("exists"), joined("before", 300))
    return (
        Segment(name="Black Friday 2023 early access", group=early, description="Kept for the year-on-year report"),
        Segment(name="Summer clearance 2024", group=every(some(clicked("within", 120), bought("within", 365)))),
    )
