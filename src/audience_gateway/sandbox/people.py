"""One invented population that all four vendors draw from, so that people overlap across them by phone and e-mail."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

POPULATION_SIZE = 6_000
EPOCH = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""The moment that seeded histories look back from."""

_FIRST = (
    "Ana Ben Chloe Diego Elif Farid Grace Hana Ivan Jana Kofi Leila Marco Nadia Omar Priya Quinn Rosa Samir Tara "
    "Uma Victor Wen Ximena Yara Zoltan Aarav Bianca Carlos Deepa Emeka Freya Gita Hugo Ines Jonas Kavya Luis Mei Nora"
).split()
_LAST = (
    "Ruiz Okafor Sharma Novak Tanaka Silva Haddad Kim Moreau Jensen Patel Costa Weber Ali Rossi Nguyen Garcia Lind "
    "Mensah Kaya Ivanova Murphy Chen Dubois Fischer Santos Iyer Cohen Larsen Vega Osei Bauer Reddy Marino Sato Quispe"
).split()
_CITIES = ("Lima", "Cusco", "Austin", "Denver", "Mumbai", "Pune", "Delhi", "Berlin", "Lisbon", "Lagos")
_STATES = ("TX", "CA", "NY", "CO", "FL", "WA", "IL", "GA")
_LANGUAGES = ("en-US", "en-IN", "hi-IN", "es-PE", "de-DE", "pt-PT", None)
_CARRIERS = ("T-Mobile", "Verizon", "AT&T", "US Cellular", None)
_TIMEZONES = ("America/Los_Angeles", "America/Chicago", "America/New_York", "America/Denver", "Asia/Kolkata", None)
_DOMAINS = ("example.com", "example.org", "example.net", "mail.example", "shop.example")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who does not exist. ``number`` is the position in the population; ``phone`` is E.164.

    Money is a decimal in major units rounded to cents; times are aware UTC moments before :data:`EPOCH`.
    """

    number: int
    full_name: str
    email: str
    phone: str
    external_id: str
    city: str
    state: str
    language: str | None
    carrier: str | None
    timezone: str | None
    plan: str
    total_orders: int
    total_order_value: float
    last_order_at: datetime | None
    send_count: int
    click_count: int
    last_sent_at: datetime | None
    last_clicked_at: datetime | None
    created_at: datetime


def population(seed: int = 20260302, size: int = POPULATION_SIZE) -> tuple[Person, ...]:
    """The same ``size`` people for the same ``seed``, in order of ``number``; e-mails and phones are unique."""
    source = random.Random(seed)
    return tuple(_person(source, number) for number in range(size))


def _person(source: random.Random, number: int) -> Person:
    first, last = source.choice(_FIRST), source.choice(_LAST)
    orders = min(int(source.expovariate(0.25)), 60)
    sends = source.randrange(0, 80)
    clicks = min(int(source.expovariate(0.3)), sends)
    return Person(
        number=number,
        full_name=f"{first} {last}",
        email=f"{first}.{last}.{number}@{source.choice(_DOMAINS)}".lower(),
        phone=_phone(number),
        external_id=f"CRM-{10_000 + number}",
        city=source.choice(_CITIES),
        state=source.choice(_STATES),
        language=source.choice(_LANGUAGES),
        carrier=source.choice(_CARRIERS),
        timezone=source.choice(_TIMEZONES),
        plan=source.choice(("free", "pro", "team")),
        total_orders=orders,
        total_order_value=round(orders * source.uniform(8, 120), 2),
        last_order_at=_before(source, 400) if orders else None,
        send_count=sends,
        click_count=clicks,
        last_sent_at=_before(source, 60) if sends else None,
        last_clicked_at=_before(source, 120) if clicks else None,
        created_at=_before(source, 900),
    )


def _phone(number: int) -> str:
    """Numbers of the ranges kept for fiction where there is one: +1 NXX 555 01XX; else an unassigned-looking +91."""
    if number % 2:
        return f"+91{70000_00000 + number * 1009}"
    area = 201 + (number // 200) % 780
    return f"+1{area}55501{(number // 2) % 100:02d}"


def _before(source: random.Random, days: int) -> datetime:
    return EPOCH - timedelta(seconds=source.randrange(60, days * 86_400))
