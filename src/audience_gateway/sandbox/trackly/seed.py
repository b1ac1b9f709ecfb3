"""The account that the emulated Trackly starts with."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice

from audience_gateway.sandbox.clock import Clock
from audience_gateway.sandbox.identifiers import Identifiers
from audience_gateway.sandbox.people import EPOCH, Person
from audience_gateway.sandbox.trackly.contacts import Contact
from audience_gateway.sandbox.trackly.documented import documented_audiences
from audience_gateway.sandbox.trackly.seed_commerce import commerce_segments, retired_segments
from audience_gateway.sandbox.trackly.seed_contacts import seeded_contacts
from audience_gateway.sandbox.trackly.seed_engagement import engagement_segments
from audience_gateway.sandbox.trackly.seed_lists import seeded_lists
from audience_gateway.sandbox.trackly.seed_places import place_segments
from audience_gateway.sandbox.trackly.segments import Segment
from audience_gateway.sandbox.trackly.state import Audience, State, matching_phones, wire_time

_HISTORY = timedelta(days=725)
_UNMEASURED_SHARE = 1 / 7
_MADE_TOGETHER = 20
_SAMPLE_STEP = 24


def seeded(clock: Clock, people: tuple[Person, ...]) -> State:  # noqa: ARG001 (the vendors' common signature)
    """The account's data at the epoch of the population; equal on every call."""
    contacts = seeded_contacts(people)
    audiences = [*documented_audiences(), *_audiences(contacts)]
    return State({audience["id"]: audience for audience in audiences}, seeded_lists(contacts), contacts)


def _audiences(contacts: Mapping[str, Mapping[int, Contact]]) -> list[Audience]:
    """Every segment with an identifier and a history; the retired ones are the oldest."""
    source = random.Random("trackly account")
    identifiers = Identifiers(1)
    segments = [*engagement_segments(), *commerce_segments(), *place_segments()]
    source.shuffle(segments)
    retired = retired_segments()
    moments = _moments(source, len(retired) + len(segments))
    sample = dict(islice(contacts.items(), 0, None, _SAMPLE_STEP))
    audiences = []
    for created, segment in zip(moments, (*retired, *segments), strict=True):
        audience = _audience(segment, identifiers.hexadecimal(), created)
        if segment in retired:
            audience["status"] = "archived"
        if source.random() > _UNMEASURED_SHARE:
            measured = created + (EPOCH - created) * source.random()
            audience["cached_size"] = _estimate(source, sample, segment)
            audience["cached_size_updated_at"] = wire_time(measured)
        audiences.append(audience)
    return audiences


def _audience(segment: Segment, identifier: str, created: datetime) -> Audience:
    return {
        "id": identifier,
        "name": segment.name,
        "description": segment.description,
        "source_lists": list(segment.lists),
        "filter": segment.group,
        "cached_size": None,
        "cached_size_updated_at": None,
        "status": "active",
        "created_at": wire_time(created),
    }


def _moments(source: random.Random, amount: int) -> list[datetime]:
    """Moments of two years, oldest first; now and then two audiences were made in the same second."""
    moments = sorted(EPOCH - _HISTORY * source.random() for _ in range(amount))
    for position in range(_MADE_TOGETHER, amount, _MADE_TOGETHER):
        moments[position] = moments[position - 1]
    return moments


def _estimate(source: random.Random, sample: Mapping[str, Mapping[int, Contact]], segment: Segment) -> int:
    """A cached size near the present one, as one measured earlier would be; a full count here would slow the start."""
    found = len(matching_phones(sample, segment.lists, segment.group, EPOCH))
    return found * _SAMPLE_STEP + source.randrange(_SAMPLE_STEP)
