"""What the emulated Trackly account holds, and the questions its routes ask of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from audience_gateway.sandbox.trackly.contacts import Contact
from audience_gateway.sandbox.trackly.filters import Group, group_matches


class Audience(TypedDict):
    """An audience as ``GET /audiences/{id}`` answers it; times have no zone suffix and are in UTC."""

    id: str
    name: str
    description: str | None
    source_lists: list[int]
    filter: Group
    cached_size: int | None
    cached_size_updated_at: str | None
    status: str
    created_at: str


class SendingList(TypedDict):
    """A sending list as ``GET /lists/{id}`` answers it; ``created_at`` ends in ``Z``."""

    id: int
    phone_number: str
    brand_name: str
    list_name: str
    list_type: str
    status: str
    contact_count: int
    created_at: str


def wire_time(moment: datetime) -> str:
    """``moment`` in the style of audiences: seconds, no zone suffix."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


@dataclass(slots=True)
class State:
    """The account's audiences by id, sending lists by id, and contacts: phone number to list id to row."""

    audiences: dict[str, Audience]
    lists: dict[int, SendingList]
    contacts: dict[str, dict[int, Contact]]

    def audiences_with(self, status: str) -> list[Audience]:
        """Audiences of one status, newest first, then by descending id."""
        chosen = (audience for audience in self.audiences.values() if audience["status"] == status)
        return sorted(chosen, key=lambda audience: (audience["created_at"], audience["id"]), reverse=True)

    def lists_with(self, statuses: Iterable[str]) -> list[SendingList]:
        """Sending lists of any of ``statuses``, by ascending id."""
        wanted = frozenset(statuses)
        return [self.lists[key] for key in sorted(self.lists) if self.lists[key]["status"] in wanted]

    def members_of(self, audience_id: str, now: datetime) -> frozenset[str]:
        """Phone numbers that an audience matches at ``now``; Trackly has no operation that shows them.

        :raises KeyError: there is no such audience.
        """
        audience = self.audiences[audience_id]
        return matching_phones(self.contacts, audience["source_lists"], audience["filter"], now)

    def measure(self, audience_id: str, now: datetime) -> int:
        """Count an audience's contacts at ``now`` and keep the count as its cached size.

        :raises KeyError: there is no such audience.
        """
        audience = self.audiences[audience_id]
        size = len(self.members_of(audience_id, now))
        audience["cached_size"] = size
        audience["cached_size_updated_at"] = wire_time(now)
        return size


def matching_phones(
    contacts: Mapping[str, Mapping[int, Contact]], source_lists: Iterable[int], group: Group, now: datetime
) -> frozenset[str]:
    """Phone numbers with an active row on a scoped list that satisfies ``group``; no ``source_lists`` scope to all."""
    scope = frozenset(source_lists)
    return frozenset(
        phone
        for phone, rows in contacts.items()
        if any(
            row.active and (not scope or row.list_id in scope) and group_matches(group, row, rows, now)
            for row in rows.values()
        )
    )
