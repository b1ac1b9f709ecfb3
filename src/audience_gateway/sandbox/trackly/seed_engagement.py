"""Seeded audiences about clicks, messages and sign-ups."""

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
)


def engagement_segments() -> tuple[Segment, ...]:
    """All of them, in the order of their creation."""
    return (*_welcoming(), *_clicking(), *_lapsing(), *_pacing())


def _welcoming() -> tuple[Segment, ...]:
    day_old = every(joined("within", 24, "hours"))
    return (
        Segment(name="Welcome series, day one", group=day_old, description="Entry point of the welcome flow"),
        Segment(name="Welcome series, first week", group=every(joined("within", 7), count("send_count", "lt", 4))),
        Segment(name="New this month", group=every(joined("within", 30))),
        Segment(name="New this quarter", group=every(joined("within", 90)), description="For the quarterly review"),
        Segment(name="Joined in the last hour", group=every(joined("within", 60, "minutes"))),
        Segment(name="Signed up, never texted", group=every(sent("not_exists"))),
        Segment(name="Signed up, never clicked", group=every(joined("exists"), clicked("not_exists"))),
        Segment(
            name="New at checkout, not on the newsletter yet",
            group=every(joined("within", 45, tied_to=27)),
            lists=(27,),
            description="Cross-list invitation",
        ),
        Segment(name="Newsletter first clickers", group=every(count("click_count", "eq", 1)), lists=(12,)),
        Segment(name="One year with us", group=every(joined("before", 365)), description="Anniversary coupon"),
        Segment(name="Two years and counting", group=every(joined("before", 730), clicked("exists"))),
        Segment(name="Joined six to nine months ago", group=every(joined("before", 180), joined("after", 275))),
        Segment(name="Loyalty enrolments, last 60 days", group=every(joined("within", 60)), lists=(58,)),
        Segment(name="Fresh and curious", group=every(joined("within", 14), clicked("within", 14))),
    )


def _clicking() -> tuple[Segment, ...]:
    return (
        Segment(name="Clicked yesterday or today", group=every(clicked("within", 48, "hours"))),
        Segment(name="Hot in the last three hours", group=every(clicked("within", 180, "minutes"))),
        Segment(name="Warm clickers, two weeks", group=every(clicked("within", 14))),
        Segment(name="Clicked this month", group=every(clicked("within", 30)), description="Default campaign audience"),
        Segment(name="Quarterly engaged", group=every(clicked("within", 90))),
        Segment(name="Ever clicked", group=every(clicked("exists"))),
        Segment(name="Our ten-click club", group=every(count("click_count", "gt", 9)), description="Beta invitations"),
        Segment(name="Clicks often, buys never", group=every(count("click_count", "gt", 4), bought("not_exists"))),
        Segment(
            name="Engaged on both brands",
            group=every(clicked("within", 60, tied_to=12), clicked("within", 60, tied_to=58)),
            description="Newsletter and loyalty rows both recent",
        ),
        Segment(
            name="Active anywhere this week",
            group=some(clicked("within", 7), bought("within", 7), joined("within", 7)),
        ),
        Segment(
            name="High click, low send", group=every(count("click_count", "gte", 3), count("send_count", "lte", 15))
        ),
        Segment(name="Southern store regulars", group=every(count("click_count", "gte", 4)), lists=(42,)),
        Segment(name="Pop-up visitors who clicked", group=every(clicked("exists")), lists=(63,)),
    )


def _lapsing() -> tuple[Segment, ...]:
    silent = every(clicked("not_within", 180), bought("not_within", 180))
    return (
        Segment(name="Slipping away, 45 days", group=every(clicked("exists"), clicked("not_within", 45))),
        Segment(name="Win-back, wave one", group=every(clicked("before", 60), clicked("after", 90))),
        Segment(name="Win-back, wave two", group=every(clicked("before", 90), clicked("after", 120))),
        Segment(name="Sunset candidates", group=silent, description="Suppress after the last reminder"),
        Segment(name="No click in a year", group=every(clicked("not_within", 365), joined("before", 365))),
        Segment(name="Lapsed gold members", group=every(custom("tier", "eq", "gold"), clicked("not_within", 60))),
        Segment(
            name="Bought once, then quiet", group=every(revenue("conversion_count", "eq", 1), bought("before", 75))
        ),
        Segment(
            name="Quiet on Verizon",
            group=every(carrier("eq", "Verizon"), clicked("not_within", 30)),
            description="Deliverability check",
        ),
        Segment(
            name="Texted a lot, never answered", group=every(count("send_count", "gte", 40), clicked("not_exists"))
        ),
        Segment(name="Checkout drop-offs", group=every(joined("before", 30), bought("not_exists")), lists=(27,)),
        Segment(
            name="Was loyal last spring", group=every(bought("before", 270), revenue("conversion_count", "gte", 2))
        ),
    )


def _pacing() -> tuple[Segment, ...]:
    rested = some(sent("not_exists"), sent("before", 72, "hours"))
    return (
        Segment(name="Rested, three days", group=rested, description="Keeps to the frequency promise"),
        Segment(name="Not texted this week", group=every(sent("not_within", 7))),
        Segment(
            name="Texted today", group=every(sent("within", 24, "hours")), description="Exclude from evening sends"
        ),
        Segment(name="Light touch, under ten messages", group=every(count("send_count", "lt", 10))),
        Segment(name="Heavy receivers", group=every(count("send_count", "gte", 60))),
        Segment(name="Anyone but the untouched", group=every(count("send_count", "neq", 0))),
        Segment(
            name="Ready for the next drop",
            group=every(rested, some(clicked("within", 30), bought("within", 60))),
            description="Rested and interested",
        ),
        Segment(name="Back after a pause", group=every(sent("after", 3), clicked("before", 45))),
    )
