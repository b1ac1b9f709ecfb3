"""Fanfare's audience groups and loyalty tiers. Source: Fanfare contract, Audience groups and Loyalty tiers."""

from collections.abc import Sequence
from types import MappingProxyType

from audience_gateway.domain.audience import Audience, GroupKind, GroupRef, LoyaltyTier
from audience_gateway.domain.group import AudienceGroup
from audience_gateway.upstream.records import Record, decimal_of, whole_number_of

_KINDS = MappingProxyType({"SEGMENTED_VALUE": GroupKind.LOYALTY_TIERS, "RFM": GroupKind.RFM})


def group_ref_of(record: Record) -> GroupRef | None:
    """The audience's group (not its rules'); one without a name is called by its identifier."""
    if record.fields.get("groupId") is None:
        return None
    native_id = record.identifier("groupId")
    return GroupRef(native_id, record.text("groupName") or native_id, _kind_of(record))


def tier_of(record: Record) -> LoyaltyTier | None:
    """The step of a loyalty ladder an audience is. Its numbers stand in ``metadata``; what is odd there is unknown."""
    if record.fields.get("groupId") is None or _kind_of(record) is not GroupKind.LOYALTY_TIERS:
        return None
    facts = record.mapping("metadata") or {}
    attribute = facts.get("attribute")
    return LoyaltyTier(
        name=record.required_text("name"),
        attribute=attribute if isinstance(attribute, str) else None,
        order=whole_number_of(facts.get("order")),
        start_value=decimal_of(facts.get("startValue")),
        end_value=decimal_of(facts.get("endValue")),
        icon_name=record.text("iconName"),
    )


def group_of(provider_key: str, native_id: str, audiences: Sequence[Audience]) -> AudienceGroup:
    """A group from all its audiences, at least one, which say what the group is; tiers in ladder order."""
    ref = next((audience.group for audience in audiences if audience.group is not None), None)
    tiers = [audience.tier for audience in audiences if audience.tier is not None]
    return AudienceGroup(
        provider_key=provider_key,
        native_id=native_id,
        name=native_id if ref is None else ref.name,
        kind=GroupKind.OTHER if ref is None else ref.kind,
        audiences=tuple(sorted(audiences, key=_step)),
        tier_attribute=next((tier.attribute for tier in tiers if tier.attribute is not None), None),
    )


def _kind_of(record: Record) -> GroupKind:
    return _KINDS.get(record.text("groupType") or "", GroupKind.OTHER)


def _step(audience: Audience) -> tuple[bool, int]:
    """Where an audience stands in the ladder; those without an order keep theirs, after all others."""
    order = None if audience.tier is None else audience.tier.order
    return (order is None, order or 0)
