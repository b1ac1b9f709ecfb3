"""What a provider really holds, in the gateway's own terms and found without asking the provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from audience_gateway.domain.audience import AudienceKind, AudienceStatus, GroupKind, ImportRun, JobState
from audience_gateway.domain.member import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueAudience:
    """One audience as it is.

    :param size: None when the provider does not know it either.
    :param members: None where the provider shows nobody.
    :param candidates: None where the provider shows nobody.
    :param imports: newest first; None where the provider tells of none.
    :param closed: whether the provider shows the audience but nothing of what is in it.
    """

    native_id: str
    name: str
    kind: AudienceKind
    status: AudienceStatus
    size: int | None
    created_at: datetime
    description: str | None = None
    members: frozenset[str] | None = None
    candidates: frozenset[str] | None = None
    group_id: str | None = None
    materialization: JobState | None = None
    imports: tuple[ImportRun, ...] | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueGroup:
    """One group as it is; ``audience_ids`` stand in ladder order, ``tier_attribute`` only on loyalty tiers."""

    name: str
    kind: GroupKind
    audience_ids: tuple[str, ...]
    tier_attribute: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Everything at one provider, each by its native identifier.

    :param people: everybody the provider can show, whole.
    :param source_lists: the names of the sending lists that are not deleted.
    """

    audiences: Mapping[str, TrueAudience]
    people: Mapping[str, Member] = field(default_factory=dict)
    groups: Mapping[str, TrueGroup] = field(default_factory=dict)
    source_lists: Mapping[str, str] = field(default_factory=dict)

    def with_status(self, status: AudienceStatus) -> frozenset[str]:
        """The identifiers of all audiences with ``status``."""
        return frozenset(key for key, audience in self.audiences.items() if audience.status is status)

    @property
    def open_audiences(self) -> tuple[TrueAudience, ...]:
        """The audiences whose inside is shown, the emptiest first."""
        shown = (audience for audience in self.audiences.values() if not audience.closed)
        return tuple(sorted(shown, key=lambda audience: (len(audience.members or ()), audience.native_id)))

    @property
    def telling_audiences(self) -> tuple[TrueAudience, ...]:
        """A few audiences that differ much in size: the emptiest, one with few members, a middling one, the largest."""
        audiences = self.open_audiences
        filled = [audience for audience in audiences if audience.members]
        chosen = (*audiences[:1], *filled[:1], *filled[len(filled) // 2 :][:1], *audiences[-1:])
        return tuple({audience.native_id: audience for audience in chosen}.values())

    def found(self, among: frozenset[str], search: str) -> frozenset[str]:
        """Those with ``search`` in their name, e-mail or phone, without case."""
        wanted = search.casefold()
        return frozenset(key for key in among if any(wanted in text for text in _texts(self.people[key])))


def _texts(person: Member) -> tuple[str, ...]:
    return tuple(text.casefold() for text in (person.full_name, person.email, person.phone) if text is not None)
