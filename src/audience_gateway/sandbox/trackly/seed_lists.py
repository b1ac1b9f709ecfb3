"""The seeded sending lists."""

from collections.abc import Mapping
from dataclasses import dataclass

from audience_gateway.sandbox.trackly.contacts import Contact
from audience_gateway.sandbox.trackly.state import SendingList


@dataclass(frozen=True, slots=True)
class ListPlan:
    """A sending list to be; ``subscribers`` of the population are drawn for it and join by ``method``."""

    key: int
    brand_name: str
    list_name: str
    list_type: str
    status: str
    created_at: str
    subscribers: int
    method: str

    @property
    def phone_number(self) -> str:
        """The number that the list sends from, of a range kept for fiction."""
        return f"+18885550{self.key % 100 + 100}"


LIST_PLANS = (
    ListPlan(12, "Harbor & Pine", "Newsletter", "twilio", "active", "2023-05-04T15:20:00Z", 1400, "web_form"),
    ListPlan(27, "Harbor & Pine", "Checkout", "infobip", "active", "2023-05-04T15:41:00Z", 1100, "api"),
    ListPlan(42, "Harbor & Pine", "Southern stores", "cm", "active", "2023-11-20T09:05:00Z", 700, "keyword"),
    ListPlan(58, "Little Fern", "Loyalty programme", "lime", "active", "2024-02-12T11:00:00Z", 600, "import"),
    ListPlan(63, "Little Fern", "Holiday pop-up", "twilio", "paused", "2024-10-28T17:30:00Z", 300, "keyword"),
    ListPlan(71, "Harbor & Pine", "Sweepstakes", "infobip", "suspended", "2025-03-17T08:45:00Z", 250, "import"),
    ListPlan(77, "Little Fern", "Launch waitlist", "lime", "deleted", "2023-08-01T10:10:00Z", 0, "web_form"),
    ListPlan(101, "North Quay", "Weekly offers", "twilio", "active", "2025-04-09T13:15:00Z", 800, "web_form"),
    ListPlan(102, "North Quay", "Order updates", "cm", "active", "2025-04-09T13:40:00Z", 500, "api"),
)


def seeded_lists(contacts: Mapping[str, Mapping[int, Contact]]) -> dict[int, SendingList]:
    """The sending lists by id, with the number of their rows in ``contacts``."""
    rows = [key for lists in contacts.values() for key in lists]
    return {
        plan.key: {
            "id": plan.key,
            "phone_number": plan.phone_number,
            "brand_name": plan.brand_name,
            "list_name": plan.list_name,
            "list_type": plan.list_type,
            "status": plan.status,
            "contact_count": rows.count(plan.key),
            "created_at": plan.created_at,
        }
        for plan in LIST_PLANS
    }
