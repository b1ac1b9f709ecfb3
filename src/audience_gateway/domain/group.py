"""A group of audiences at one provider, such as a loyalty ladder."""

from dataclasses import dataclass

from audience_gateway.domain.audience import Audience, GroupKind, GroupRef
from audience_gateway.domain.errors import GatewayError
from audience_gateway.domain.member import Member


@dataclass(frozen=True, slots=True)
class GroupKey:
    """Which group: the configured account and the provider's own identifier."""

    provider_key: str
    native_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceGroup:
    """A named group and its audiences, tiers in ladder order.

    :param tier_attribute: what the tiers measure, in the provider's word; None unless LOYALTY_TIERS.
    :param problems: one error an audience that could not be read and is therefore missing.
    """

    provider_key: str
    native_id: str
    name: str
    kind: GroupKind
    audiences: tuple[Audience, ...]
    tier_attribute: str | None = None
    problems: tuple[GatewayError, ...] = ()

    @property
    def key(self) -> GroupKey:
        """Which group this is."""
        return GroupKey(self.provider_key, self.native_id)

    @property
    def ref(self) -> GroupRef:
        """The group as its audiences name it."""
        return GroupRef(self.native_id, self.name, self.kind)


@dataclass(frozen=True, slots=True)
class GroupMember:
    """One person of a group, once, with the native ids of the group's audiences they are in."""

    member: Member
    audience_ids: tuple[str, ...]
