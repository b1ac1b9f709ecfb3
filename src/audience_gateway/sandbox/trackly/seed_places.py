"""Seeded audiences about where people are and which carrier serves them."""

from audience_gateway.sandbox.trackly.segments import (
    Segment,
    bought,
    carrier,
    clicked,
    count,
    custom,
    every,
    joined,
    revenue,
    sent,
    some,
    timezone,
)


def place_segments() -> tuple[Segment, ...]:
    """All of them, in the order of their creation."""
    return (*_states(), *_stores(), *_clocks(), *_carriers())


def _states() -> tuple[Segment, ...]:
    texas = custom("state", "in", ["TX", "Texas"])
    return (
        Segment(name="Texas", group=every(texas)),
        Segment(name="Texas buyers, last 30 days", group=every(texas, bought("within", 30))),
        Segment(name="Texas, newsletter only", group=every(custom("state", "eq", "tx")), lists=(12,)),
        Segment(
            name="California clickers", group=every(custom("state", "in", ["CA", "California"]), clicked("exists"))
        ),
        Segment(name="New York and Illinois", group=every(custom("state", "in", ["NY", "New York", "IL", "Illinois"]))),
        Segment(name="Florida snowbirds", group=every(custom("state", "eq", "FL"), joined("after", 200))),
        Segment(
            name="Colorado ski list", group=every(custom("state", "contains", "colo")), description="Denver stores"
        ),
        Segment(
            name="The two Washingtons", group=some(custom("state", "eq", "WA"), custom("state", "eq", "Washington"))
        ),
        Segment(name="Georgia, warm weather", group=every(custom("state", "starts_with", "g")), lists=(27, 42)),
        Segment(
            name="Outside Texas and Florida", group=every(custom("state", "not_in", ["TX", "Texas", "FL", "Florida"]))
        ),
        Segment(name="State unknown", group=every(custom("state", "not_exists")), description="Ask at checkout"),
        Segment(
            name="Spelled-out states, for the clean-up", group=every(custom("state", "contains", "a")), lists=(27,)
        ),
    )


def _stores() -> tuple[Segment, ...]:
    near = custom("store", "in", ["Austin", "Denver"])
    return (
        Segment(name="Austin store", group=every(custom("store", "eq", "Austin")), lists=(42,)),
        Segment(name="Denver store", group=every(custom("store", "eq", "denver")), lists=(42,)),
        Segment(name="Austin and Denver openings", group=every(near), lists=(42,), description="Autumn openings"),
        Segment(
            name="Store visitors turned online buyers", group=every(near, revenue("has_revenue", "eq", value=True))
        ),
        Segment(name="Lisbon pop-up crowd", group=every(custom("store", "eq", "Lisbon")), lists=(42, 63)),
        Segment(name="Far from any store", group=every(custom("store", "not_contains", "i")), lists=(42,)),
        Segment(
            name="Austin weekenders",
            group=every(custom("store", "eq", "Austin"), some(clicked("within", 10), sent("not_within", 10))),
            lists=(42,),
        ),
        Segment(name="Sweepstakes entrants", group=every(joined("exists")), lists=(71,), description="Partner consent"),
    )


def _clocks() -> tuple[Segment, ...]:
    coasts = ["America/Los_Angeles", "America/New_York"]
    return (
        Segment(name="Pacific time", group=every(timezone("eq", "America/Los_Angeles"))),
        Segment(name="Eastern time", group=every(timezone("eq", "America/New_York"))),
        Segment(
            name="Central, clicked this month", group=every(timezone("eq", "America/Chicago"), clicked("within", 30))
        ),
        Segment(name="Both coasts", group=every(timezone("in", coasts)), description="Launch at noon Eastern"),
        Segment(name="Between the coasts", group=every(timezone("in", ["America/Chicago", "America/Denver"]))),
        Segment(name="India time", group=every(timezone("eq", "Asia/Kolkata")), description="Quiet hours differ"),
        Segment(
            name="Safe to text at nine Eastern",
            group=every(timezone("not_in", ["America/Los_Angeles", "Asia/Kolkata"])),
        ),
        Segment(name="Mountain buyers", group=every(timezone("eq", "America/Denver"), bought("exists"))),
        Segment(
            name="Evening drop, coasts first",
            group=every(
                timezone("in", coasts),
                some(every(clicked("within", 21), count("click_count", "gte", 2)), every(bought("within", 90))),
            ),
            description="Two clicks lately, or a recent order",
        ),
    )


def _carriers() -> tuple[Segment, ...]:
    return (
        Segment(name="T-Mobile", group=every(carrier("eq", "T-Mobile")), description="Seed list for throughput tests"),
        Segment(name="Big three carriers", group=every(carrier("in", ["T-Mobile", "Verizon", "AT&T"]))),
        Segment(name="Not on US Cellular", group=every(carrier("neq", "US Cellular"))),
        Segment(name="Small or unknown carrier", group=every(carrier("not_in", ["T-Mobile", "Verizon", "AT&T"]))),
        Segment(name="AT&T clickers, last 60 days", group=every(carrier("eq", "AT&T"), clicked("within", 60))),
        Segment(name="Verizon spenders", group=every(carrier("eq", "Verizon"), revenue("revenue_total", "gte", 75))),
    )
