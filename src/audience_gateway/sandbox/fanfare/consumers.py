"""Fanfare's seeded consumers, drawn from the shared population; some lack what people tend to lack."""

import random
from typing import Any

from audience_gateway.sandbox.fanfare import documented
from audience_gateway.sandbox.fanfare.drafts import universal_id
from audience_gateway.sandbox.fanfare.objects import Consumer, stamp
from audience_gateway.sandbox.identifiers import Identifiers
from audience_gateway.sandbox.people import EPOCH, Person

_CONSUMERS = 5_000


def seeded_consumers(
    source: random.Random, identifiers: Identifiers, people: tuple[Person, ...]
) -> dict[str, Consumer]:
    """5,000 consumers by id, given a large enough population; every ninth id is of the newer style."""
    consumers = {printed["id"]: printed for printed in (documented.consumer(),)}
    for place, person in enumerate(source.sample(people, min(_CONSUMERS - len(consumers), len(people)))):
        consumer_id = identifiers.ulid("cons_") if place % 9 else universal_id(identifiers)
        consumers[consumer_id] = _consumer(source, consumer_id, person)
    return consumers


def _consumer(source: random.Random, consumer_id: str, person: Person) -> Consumer:
    updated = person.created_at + (EPOCH - person.created_at) * source.random()
    by_phone_only = person.number % 11 == 0
    return Consumer(
        id=consumer_id,
        email=None if by_phone_only else person.email,
        phone=None if person.number % 7 == 0 and not by_phone_only else person.phone,
        fullName=None if person.number % 29 == 0 else person.full_name,
        externalId=None if person.number % 5 == 0 else person.external_id,
        metadata=None if person.number % 13 == 0 else _metadata(source, person),
        totalOrders=person.total_orders,
        totalOrderValue=person.total_order_value,
        lastOrderAt=stamp(person.last_order_at) if person.last_order_at else None,
        createdAt=stamp(person.created_at),
        updatedAt=stamp(updated),
    )


def _metadata(source: random.Random, person: Person) -> dict[str, Any]:
    """What shops keep beside the columns: text, numbers, truth and a date, not all of it on everybody."""
    earned = int(person.total_order_value * 2)
    metadata: dict[str, Any] = {
        "city": person.city,
        "plan": person.plan,
        "loyaltyLifetimePoints": earned,
        "loyaltyBalance": int(earned * source.random()),
        "smsConsent": person.number % 3 != 0,
    }
    if person.number % 4 == 0:
        metadata["shoeSize"] = source.randrange(36, 47)
    if person.last_clicked_at is not None:
        metadata["lastVisitAt"] = stamp(person.last_clicked_at)
    return metadata
