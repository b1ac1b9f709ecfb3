"""The audiences that the seeded CommBox account holds besides the documented ones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from audience_gateway.sandbox.people import Person

Choice: TypeAlias = Callable[[Person], bool]


@dataclass(frozen=True, slots=True)
class AudiencePlan:
    """An audience to be: made on ``day``, of the ``share`` of people that ``chooses`` picks.

    Without ``chooses`` it is a dynamic one, whose filters live in the console.
    """

    day: datetime
    name: str
    chooses: Choice | None = None
    share: float = 1.0


def audience_plans() -> tuple[AudiencePlan, ...]:
    """All of them, oldest first."""
    return (*_first_year(), *_second_year(), *_this_winter())


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _orders_above(orders: int) -> Choice:
    return lambda person: person.total_orders > orders


def _spent_above(amount: int) -> Choice:
    return lambda person: person.total_order_value > amount


def _clicks_above(clicks: int) -> Choice:
    return lambda person: person.click_count > clicks


def _among_first(people: int) -> Choice:
    return lambda person: person.number < people


def _speaks(language: str) -> Choice:
    return lambda person: (person.language or "").startswith(language)


def _first_year() -> tuple[AudiencePlan, ...]:
    return (
        AudiencePlan(_day("2024-03-11"), "Newsletter import, spring 2024", _among_first(1500), 0.6),
        AudiencePlan(_day("2024-04-02"), "Lima branch visitors", lambda person: person.city == "Lima", 0.7),
        AudiencePlan(_day("2024-04-23"), "Open conversations"),
        AudiencePlan(_day("2024-05-15"), "Cusco branch visitors", lambda person: person.city == "Cusco", 0.7),
        AudiencePlan(_day("2024-06-20"), "Hindi speakers", _speaks("hi")),
        AudiencePlan(_day("2024-07-08"), "Summer event guests", _orders_above(0), 0.12),
        AudiencePlan(_day("2024-08-19"), "Unanswered for two days"),
        AudiencePlan(_day("2024-09-03"), "Team plan contacts", lambda person: person.plan == "team", 0.5),
        AudiencePlan(_day("2024-10-14"), "Berlin and Lisbon", lambda person: person.city in {"Berlin", "Lisbon"}, 0.8),
        AudiencePlan(_day("2024-11-18"), "Black Friday opt-ins", _clicks_above(2), 0.4),
        AudiencePlan(_day("2024-12-02"), "Holiday helpline callers", _orders_above(8), 0.5),
        AudiencePlan(_day("2025-01-21"), "Satisfaction below three stars"),
    )


def _second_year() -> tuple[AudiencePlan, ...]:
    return (
        AudiencePlan(_day("2025-02-06"), "Returned a parcel in January", _orders_above(3), 0.1),
        AudiencePlan(_day("2025-02-27"), "WhatsApp, last seen this month"),
        AudiencePlan(_day("2025-03-13"), "Texas customers", lambda person: person.state == "TX"),
        AudiencePlan(_day("2025-03-31"), "Premium support", _spent_above(1500)),
        AudiencePlan(_day("2025-04-24"), "Mumbai and Pune", lambda person: person.city in {"Mumbai", "Pune"}, 0.9),
        AudiencePlan(_day("2025-05-09"), "Mother's Day campaign", _orders_above(1), 0.2),
        AudiencePlan(_day("2025-05-28"), "New leads, not yet assigned"),
        AudiencePlan(_day("2025-06-17"), "Spanish speakers", _speaks("es")),
        AudiencePlan(_day("2025-07-02"), "Webinar registrations", lambda person: person.plan != "free", 0.15),
        AudiencePlan(_day("2025-07-22"), "Lagos launch list", lambda person: person.city == "Lagos", 0.6),
        AudiencePlan(_day("2025-08-12"), "Payment reminders"),
        AudiencePlan(_day("2025-08-26"), "German speakers", _speaks("de")),
        AudiencePlan(_day("2025-09-11"), "Pilot group", lambda person: person.number % 400 == 0),
        AudiencePlan(_day("2025-09-24"), "Autumn catalogue", _orders_above(2), 0.5),
        AudiencePlan(_day("2025-10-09"), "Abandoned a chat"),
        AudiencePlan(_day("2025-10-21"), "Diwali greetings", lambda person: person.phone.startswith("+91"), 0.8),
    )


def _this_winter() -> tuple[AudiencePlan, ...]:
    return (
        AudiencePlan(_day("2025-11-12"), "Early access, Black Friday 2025", _orders_above(6)),
        AudiencePlan(_day("2025-11-20"), "Waiting for delivery"),
        AudiencePlan(_day("2025-12-03"), "Gift card holders", _spent_above(400), 0.3),
        AudiencePlan(_day("2025-12-16"), "Complaints this quarter"),
        AudiencePlan(_day("2026-01-08"), "New Year win-back", lambda person: person.total_orders == 1, 0.7),
        AudiencePlan(_day("2026-01-15"), "Birthday this month"),
        AudiencePlan(_day("2026-02-05"), "Valentine's opt-ins", _clicks_above(4), 0.6),
        AudiencePlan(_day("2026-02-25"), "Trade fair badges, empty so far", lambda _person: False),
    )
