"""New Fanfare objects with everything optional left empty."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from audience_gateway.sandbox.fanfare.keys import ORGANIZATION
from audience_gateway.sandbox.fanfare.objects import Audience, Rule, stamp
from audience_gateway.sandbox.identifiers import Identifiers

AUTHOR = "api"
REFRESH_SECONDS = 3_600

Condition = tuple[str, str, Sequence[str | int | float], str | None]
"""A rule's field, operator, values and rule group."""


def new_audience(
    audience_id: str, name: str, kind: str, created: datetime, updated: datetime | None = None
) -> Audience:
    """An audience of type ``kind`` in its first version, in no group and without a source."""
    return Audience(
        id=audience_id,
        organizationId=ORGANIZATION,
        name=name,
        description=None,
        type=kind,
        iconName=None,
        metadata=None,
        version=1,
        groupId=None,
        groupType=None,
        groupName=None,
        primarySyncSourceId=None,
        primaryExternalId=None,
        primarySourceVendor=None,
        primaryLastSyncedAt=None,
        lastRefreshedAt=None,
        refreshIntervalSeconds=REFRESH_SECONDS if kind == "DYNAMIC" else None,
        archived=False,
        createdAt=stamp(created),
        updatedAt=stamp(updated or created),
        createdBy=AUTHOR,
        updatedBy=AUTHOR,
    )


def new_rules(identifiers: Identifiers, audience_id: str, conditions: Sequence[Condition]) -> list[Rule]:
    """The rules of an audience, positioned in the order of ``conditions``."""
    return [
        new_rule(identifiers.ulid("rule_"), audience_id, condition, position)
        for position, condition in enumerate(conditions)
    ]


def new_rule(rule_id: str, audience_id: str, condition: Condition, position: int) -> Rule:
    """One rule of an audience."""
    field, operator, values, group = condition
    return Rule(
        id=rule_id,
        audienceId=audience_id,
        organizationId=ORGANIZATION,
        field=field,
        operator=operator,
        values=list(values),
        groupId=group,
        position=position,
    )


def universal_id(identifiers: Identifiers) -> str:
    """A UUID, the identifier of Fanfare's newer generation."""
    return str(UUID(hex=identifiers.hexadecimal(32), version=4))
