"""The seeded contacts: people of the population on the sending lists, some on several."""

import random
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from audience_gateway.sandbox.people import EPOCH, Person
from audience_gateway.sandbox.trackly.contacts import Contact, CustomValue
from audience_gateway.sandbox.trackly.seed_lists import LIST_PLANS, ListPlan

_SPELLED_OUT = MappingProxyType(
    {
        "TX": "Texas",
        "CA": "California",
        "NY": "New York",
        "CO": "Colorado",
        "FL": "Florida",
        "WA": "Washington",
        "IL": "Illinois",
        "GA": "Georgia",
    }
)
_CHECKOUT, _SOUTHERN, _LOYALTY, _POP_UP = 27, 42, 58, 63
_SOUTHERN_STATES = frozenset({"TX", "FL", "GA"})
_ACTIVE_SHARE = 0.9
_MOST_CONVERSIONS = 6


def seeded_contacts(people: tuple[Person, ...]) -> dict[str, dict[int, Contact]]:
    """Rows by phone number and list id."""
    source = random.Random("trackly contacts")
    southerners = [person for person in people if person.state in _SOUTHERN_STATES]
    contacts: dict[str, dict[int, Contact]] = {}
    for plan in LIST_PLANS:
        eligible = southerners if plan.key == _SOUTHERN else people
        for person in source.sample(eligible, min(plan.subscribers, len(eligible))):
            contacts.setdefault(person.phone, {})[plan.key] = _row(source, plan, person)
    return contacts


def _row(source: random.Random, plan: ListPlan, person: Person) -> Contact:
    signup = _closer(source, person.created_at)
    sent = _closer_since(source, signup, person.last_sent_at)
    clicked = _closer_since(source, signup, person.last_clicked_at) if sent else None
    clicks = person.click_count if clicked else 0
    conversions = source.randrange(min(clicks, person.total_orders, _MOST_CONVERSIONS) + 1)
    return Contact(
        phone_number=person.phone,
        list_number=plan.phone_number,
        list_id=plan.key,
        active=source.random() < _ACTIVE_SHARE,
        signup_date=signup,
        signup_method=plan.method,
        custom_fields=_custom_fields(source, plan.key, person),
        carrier=person.carrier,
        line_type="mobile" if person.carrier else "voip",
        timezone=person.timezone,
        is_valid=True,
        send_count=person.send_count if sent else 0,
        click_count=clicks,
        revenue_total=round(conversions * source.uniform(12, 140), 2),
        conversion_count=conversions,
        last_sent_at=sent,
        last_clicked_at=clicked,
        last_revenue_at=_between(source, signup, clicked) if clicked and conversions else None,
    )


def _custom_fields(source: random.Random, key: int, person: Person) -> Mapping[str, CustomValue]:
    """What each list happens to know; lists were filled by different tools and spell states in two ways."""
    name = person.full_name.split()[0]
    if key == _CHECKOUT:
        return {"first_name": name, "state": _SPELLED_OUT[person.state], "orders": person.total_orders}
    if key == _SOUTHERN:
        return {"first_name": name, "state": person.state, "store": person.city}
    if key == _LOYALTY:
        tier = source.choice(("gold", "silver", "bronze", "bronze"))
        return {"first_name": name, "tier": tier, "points": str(source.randrange(0, 5000, 25))}
    if key == _POP_UP:
        return {"first_name": name, "gift_wrap": source.random() < 1 / 3}
    return {"first_name": name, "state": person.state, "plan": person.plan}


def _closer(source: random.Random, moment: datetime) -> datetime:
    """A moment between ``moment`` and the present."""
    return EPOCH - (EPOCH - moment) * source.random()


def _closer_since(source: random.Random, start: datetime, moment: datetime | None) -> datetime | None:
    """As :func:`_closer`, or None when nothing happened since ``start``."""
    if moment is None:
        return None
    closer = _closer(source, moment)
    return closer if closer >= start else None


def _between(source: random.Random, start: datetime, end: datetime) -> datetime:
    return start + (end - start) * source.random()
