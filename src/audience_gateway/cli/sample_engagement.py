"""What the sample people of the demo did with messages and what came of it, so that rules on it find somebody."""

import random
from datetime import datetime
from decimal import Decimal

from audience_gateway.sandbox.people import Person
from audience_gateway.store.seed import Engagement

_MOST_CONVERSIONS = 6
_CENTS = (1_200, 14_000)
_CENT = Decimal("0.01")


def engagement_of(person: Person) -> Engagement:
    """The same every time; nothing happened before the person signed up, and who never clicked never bought."""
    source = random.Random(person.external_id)  # noqa: S311 (draws people, protects nothing)
    signed_up = person.created_at
    sent = _since(signed_up, person.last_sent_at)
    clicked = _since(signed_up, person.last_clicked_at) if sent else None
    clicks = person.click_count if clicked else 0
    conversions = source.randrange(min(clicks, person.total_orders, _MOST_CONVERSIONS) + 1)
    revenue = _CENT * sum(source.randrange(*_CENTS) for _ in range(conversions))
    return Engagement(
        carrier=person.carrier,
        timezone=person.timezone,
        signed_up_at=signed_up,
        send_count=person.send_count if sent else 0,
        last_sent_at=sent,
        click_count=clicks,
        last_clicked_at=clicked,
        conversion_count=conversions,
        has_revenue=conversions > 0,
        revenue_total=revenue,
        revenue_average=(revenue / conversions).quantize(_CENT) if conversions else None,
        last_revenue_at=signed_up + (clicked - signed_up) * source.random() if clicked and conversions else None,
    )


def _since(start: datetime, moment: datetime | None) -> datetime | None:
    """The moment, unless it lies before ``start``."""
    return moment if moment is not None and moment >= start else None
