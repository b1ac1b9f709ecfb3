"""A group of audiences at one provider, such as a loyalty ladder."""

from dataclasses import dataclass

from audience_gateway.domain.audience import Audience, GroupKind
from audience_gateway.domain.member import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceGroup:
    """A named group and its audiences, tiers in ladder order.

    :param tier_attribute: what the tiers measure, in the provider's word; None unless LOYALTY_TIERS.
    """

    provider_key: str
    native_id: str
    name: str
    kind: GroupKind
    audiences: tuple[Audience, ...]
    tier_attribute: str | None = None


@dataclass(frozen=True, slots=True)
class GroupMember:
    """One person of a group, once, with the native ids of the group's audiences they are in."""

    member: Member
    audience_ids: tuple[str, ...]
