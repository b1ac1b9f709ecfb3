"""The account that the emulated CommBox starts with."""

import random
from bisect import bisect_right
from datetime import datetime, timedelta

from audience_gateway.sandbox.clock import Clock
from audience_gateway.sandbox.commbox.documented import DYNAMIC_CREATED, STATIC_CREATED, documented_audiences
from audience_gateway.sandbox.commbox.seed_plans import AudiencePlan, audience_plans
from audience_gateway.sandbox.commbox.state import Audience, AudienceType, State
from audience_gateway.sandbox.people import EPOCH, Person

_NUMBERING = (
    (EPOCH - timedelta(days=728), 8_200),
    (STATIC_CREATED, 31_234),
    (STATIC_CREATED, 31_801),
    (DYNAMIC_CREATED, 45_412),
    (DYNAMIC_CREATED, 45_920),
    (EPOCH, 46_010),
)
"""How far the vendor's counter had come when; it fits the documented audiences and the contract's next number."""


def seeded(clock: Clock, people: tuple[Person, ...]) -> State:  # noqa: ARG001 (the vendors' common signature)
    """The account's data at the epoch of the population; equal on every call."""
    phones = tuple(person.phone.removeprefix("+") for person in people)
    audiences = [*documented_audiences(phones), *_audiences(people)]
    return State({audience.id: audience for audience in audiences})


def _audiences(people: tuple[Person, ...]) -> list[Audience]:
    source = random.Random("commbox audiences")
    return [_audience(source, plan, people) for plan in audience_plans()]


def _audience(source: random.Random, plan: AudiencePlan, people: tuple[Person, ...]) -> Audience:
    created = plan.day + timedelta(seconds=source.randrange(7 * 3600, 18 * 3600))
    members: frozenset[str] = frozenset()
    if plan.chooses is not None:
        chosen = (person for person in people if plan.chooses(person) and source.random() < plan.share)
        members = frozenset(person.phone.removeprefix("+") for person in chosen)
    return Audience(
        id=str(_number(created)),
        name=plan.name,
        created_time=created,
        type=AudienceType.DYNAMIC if plan.chooses is None else AudienceType.STATIC,
        members=members,
    )


def _number(moment: datetime) -> int:
    """The vendor's counter at ``moment``, between the known points of :data:`_NUMBERING`."""
    place = bisect_right(_NUMBERING, moment, key=lambda point: point[0])
    (before, low), (after, high) = _NUMBERING[place - 1], _NUMBERING[place]
    return low + int((high - low) * ((moment - before) / (after - before)))
