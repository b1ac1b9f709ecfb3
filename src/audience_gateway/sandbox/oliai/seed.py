"""OliAI's seeded data: the same every time, drawn from the shared population."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from audience_gateway.sandbox.clock import Clock
from audience_gateway.sandbox.identifiers import Identifiers
from audience_gateway.sandbox.oliai import documented
from audience_gateway.sandbox.oliai.keys import ORGANIZATION
from audience_gateway.sandbox.oliai.names import NAMED_AUDIENCES
from audience_gateway.sandbox.oliai.objects import AudienceRecord, Campaign, Contact, stamp
from audience_gateway.sandbox.oliai.state import State
from audience_gateway.sandbox.people import EPOCH, Person

_SEED = 3_003
_CONTACTS = 2_000
_PREMIUM_VALUE = 1_000.0
_TWO_YEARS = timedelta(days=730)


def seeded(clock: Clock, people: tuple[Person, ...]) -> State:
    """60 audiences and, given a large enough population, 2,000 contacts, all of the first organisation."""
    source = random.Random(_SEED)
    identifiers = Identifiers(_SEED)
    contacts = _contacts(source, identifiers, people)
    records = {record["id"]: record for record in (documented.audience(), *_records(source, identifiers))}
    sizes = (documented.AUDIENCE_MEMBERS, *(size for _, _, size in NAMED_AUDIENCES))
    ids = list(contacts)
    memberships = {
        audience_id: set(source.sample(ids, min(size, len(ids))))
        for audience_id, size in zip(records, sizes, strict=True)
    }
    _put_printed_contact_in(memberships)
    campaigns = (documented.campaign(), *_campaigns(identifiers, list(records.values())[1:]))
    return State(
        clock=clock,
        identifiers=identifiers,
        records=records,
        contacts=contacts,
        memberships=memberships,
        campaigns={campaign["id"]: campaign for campaign in campaigns},
    )


def _put_printed_contact_in(memberships: dict[str, set[str]]) -> None:
    """The printed audience holds the first printed contact; somebody else leaves, so that the printed count stays."""
    members = memberships[documented.audience()["id"]]
    member = documented.contacts()[0]["id"]
    if member not in members:
        members.discard(max(members))
        members.add(member)


def _contacts(source: random.Random, identifiers: Identifiers, people: tuple[Person, ...]) -> dict[str, Contact]:
    contacts = {printed["id"]: printed for printed in documented.contacts()}
    wanted = min(_CONTACTS - len(contacts), len(people))
    for person in source.sample(people, wanted):
        contact = _contact(source, identifiers.short("cl", 22), person)
        contacts[contact["id"]] = contact
    return contacts


def _contact(source: random.Random, contact_id: str, person: Person) -> Contact:
    return Contact(
        id=contact_id,
        name=person.full_name,
        phoneNumber=person.phone,
        language=person.language,
        metadata={"city": person.city, "tier": "premium" if person.total_order_value > _PREMIUM_VALUE else "standard"},
        organizationId=ORGANIZATION,
        createdAt=stamp(person.created_at),
        updatedAt=stamp(_later(source, person.created_at)),
    )


def _records(source: random.Random, identifiers: Identifiers) -> list[AudienceRecord]:
    records: list[AudienceRecord] = []
    for name, description, _ in NAMED_AUDIENCES:
        created = EPOCH - timedelta(milliseconds=source.randrange(60_000, int(_TWO_YEARS.total_seconds()) * 1000))
        record = AudienceRecord(
            id=identifiers.short("aud_"),
            name=name,
            description=description,
            organizationId=ORGANIZATION,
            createdAt=stamp(created),
            updatedAt=stamp(_later(source, created)),
        )
        records.append(record)
    return records


def _campaigns(identifiers: Identifiers, records: Sequence[AudienceRecord]) -> list[Campaign]:
    """One campaign in every state but the printed one's, each calling an audience of its own."""
    states = ("DRAFT", "SCHEDULED", "PAUSED", "COMPLETED", "CANCELLED")
    return [_campaign(identifiers, status, record) for status, record in zip(states, records, strict=False)]


def _campaign(identifiers: Identifiers, status: str, record: AudienceRecord) -> Campaign:
    started = record["updatedAt"] if status in {"PAUSED", "COMPLETED", "CANCELLED"} else None
    return Campaign(
        id=identifiers.short("camp_"),
        name=f"Calls: {record['name']}",
        status=status,
        flowId=identifiers.short("flow_"),
        audienceId=record["id"],
        callsPerMinute=10,
        maxConcurrentCalls=5,
        maxRetries=3,
        retryDelayMinutes=5,
        callTimeoutMinutes=5,
        scheduledAt=stamp(EPOCH + timedelta(days=2)) if status == "SCHEDULED" else None,
        timezone="Asia/Kolkata" if status == "SCHEDULED" else None,
        organizationId=ORGANIZATION,
        createdAt=record["updatedAt"],
        startedAt=started,
        completedAt=started if status == "COMPLETED" else None,
    )


def _later(source: random.Random, moment: datetime) -> datetime:
    """A moment between ``moment`` and the seeded present."""
    return moment + (EPOCH - moment) * source.random()
