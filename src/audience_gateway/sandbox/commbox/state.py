"""What the emulated CommBox account holds."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class AudienceType(Enum):
    """The two types, in the vendor's spelling."""

    STATIC = "Static"
    DYNAMIC = "Dynamic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """An audience of the account; ``id`` is a string of digits and ``created_time`` aware, in UTC.

    ``members`` are full international numbers as digits without a plus sign. No operation shows them, and a dynamic
    audience has none: its members are worked out when a campaign starts.
    """

    id: str
    name: str
    created_time: datetime
    type: AudienceType
    members: frozenset[str] = frozenset()

    @property
    def user_count(self) -> int | None:
        """The number of distinct members of a static audience; None for a dynamic one."""
        return len(self.members) if self.type is AudienceType.STATIC else None


@dataclass(slots=True)
class State:
    """The account's audiences by id."""

    audiences: dict[str, Audience]

    def sorted_audiences(self) -> list[Audience]:
        """All audiences by ascending number."""
        return sorted(self.audiences.values(), key=lambda audience: int(audience.id))

    def members_of(self, audience_id: str) -> frozenset[str]:
        """The numbers in an audience, as digits without a plus sign.

        :raises KeyError: there is no such audience.
        """
        return self.audiences[audience_id].members
