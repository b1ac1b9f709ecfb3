"""A contact's row on one sending list, the unit that filters are judged on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

CustomValue: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One contact on one sending list (Trackly contract, Contact row).

    ``phone_number`` is E.164, ``list_number`` the number the list sends from; moments are aware and in UTC; money is in
    major units. None means that Trackly does not know.
    """

    phone_number: str
    list_number: str
    list_id: int
    active: bool
    signup_date: datetime
    signup_method: str
    custom_fields: Mapping[str, CustomValue]
    carrier: str | None
    line_type: str
    timezone: str | None
    is_valid: bool
    send_count: int
    click_count: int
    revenue_total: float
    conversion_count: int
    last_sent_at: datetime | None
    last_clicked_at: datetime | None
    last_revenue_at: datetime | None
