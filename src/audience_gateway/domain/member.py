"""A member: a person as one provider knows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class MemberRef:
    """Which member: the configured account and the provider's own identifier."""

    provider_key: str
    native_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What a provider says about one person. Facts the provider does not have are None.

    :param phone: E.164.
    :param language: a tag such as ``hi-IN``.
    :param attributes: whatever else the provider keeps about the person.
    :param total_order_value: money in major units of the provider's currency.
    :param audience_ids: native ids of the provider's audiences they are in; None where that was not told.
    """

    provider_key: str
    native_id: str
    email: str | None = None
    phone: str | None = None
    full_name: str | None = None
    external_id: str | None = None
    language: str | None = None
    attributes: Mapping[str, object] | None = None
    total_orders: int | None = None
    total_order_value: Decimal | None = None
    last_order_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    audience_ids: tuple[str, ...] | None = None

    @property
    def ref(self) -> MemberRef:
        """Which member this is."""
        return MemberRef(self.provider_key, self.native_id)
