"""People and audiences for the store's tests, among them names that have tripped searches before."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from audience_gateway.domain.audience import Audience, AudienceKind, AudienceStatus
from audience_gateway.domain.member import Member
from audience_gateway.domain.rule import All, Condition, Opaque, Rule, RuleOperator
from audience_gateway.store.seed import SeedAudience

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
RULE = Rule(All((Condition("attributes.plan", RuleOperator.IN, ("pro", "team")), Opaque({"a": [1, None, "b"]}))))

HOSTILE_NAMES = (
    "100% Ana_Ruiz",
    "100 percent Ana-Ruiz",
    "O'Brien; DROP TABLE member",
    'Say "Ana" AND "Ben" OR NOT *',
    "NEAR(Ana Ben)",
    "search_text:ana",
    "Back\\slash!",
    "İstanbul Iş\u0131k",
    "istanbul isik",
    "STRASSE Straße",
    "Ελληνικός ΣΊΣΥΦΟΣ",
    "Zoë Zoe\u0308",
    "\U0001f600\U0001f601 smile",
    "\ufffe\uffff\ufffd odd",
    "李小龙 \uff46\uff55\uff4c\uff4c",
    "",
)
HOSTILE_TERMS = (
    *("%", "_", "'", '"', "*", "\\", "!", "^", "-", "+", ":", "(", ")", "i", "I", "İ", "\u0131", "ß", "ss", "龙"),
    *("an", "AN", "%%", "__", '""', "''", "i̇", "\u0131s", "IŞ", "σί", "Σ", "小龙", "\ufffe\uffff", "\U0001f600"),
    *("ana", "ANA", "100%", "a_r", "o'b", "'; ", 'y "', '"""', "and ", " or", "not *", "near(", "text:", "*  "),
    *("k\\s", "sh!", "İst", "ist", "IST", "\u0131ş\u0131", "straße", "STRASSE", "σίσυφος", "zoë", "Zoe\u0308"),
    *("李小龙", "\uff46\uff55\uff4c", "\ufffe\uffff\ufffd", "\ufffd\ufffd\ufffd", "\U0001f600\U0001f601 "),
    *("555", "@example", "ruiz\nx", "   ", "no such person anywhere"),
)


def people(number: int = 60) -> list[Member]:
    """The same people every time; the first of them bear the hostile names."""
    source = random.Random(number)
    return [_person(source, position) for position in range(number)]


def audiences(everyone: Sequence[Member]) -> list[SeedAudience]:
    """Audiences of nobody, one, half and all; with equal times and without a time; two archived."""
    ids = [person.native_id for person in everyone]
    members = {"empty": [], "one": ids[:1], "half": ids[::2], "all": ids, "rest": ids[1::2], "old": ids[:5], "gone": []}
    days = {"empty": 4, "one": 3, "half": 3, "all": 3, "rest": None, "old": 1, "gone": None}
    return [SeedAudience(_audience(native_id, days[native_id]), tuple(chosen)) for native_id, chosen in members.items()]


def _audience(native_id: str, days: int | None) -> Audience:
    return Audience(
        provider_key="local",
        native_id=native_id,
        name=f"Audience {native_id}",
        description=None if native_id == "empty" else "for tests",
        kind=AudienceKind.DYNAMIC if native_id == "half" else AudienceKind.STATIC,
        status=AudienceStatus.ARCHIVED if native_id in {"old", "gone"} else AudienceStatus.ACTIVE,
        rule=RULE if native_id == "half" else None,
        created_at=None if days is None else START + timedelta(days=days, microseconds=7),
        updated_at=START,
        fetched_at=START,
    )


def _person(source: random.Random, position: int) -> Member:
    name = (
        HOSTILE_NAMES[position] if position < len(HOSTILE_NAMES) else source.choice(("Ana", "Ben", "Chloë")) + " Ruiz"
    )
    sparse = position % 7 == 0
    return Member(
        provider_key="local",
        native_id=f"p{position}",
        email=None if sparse else f"{name.split()[0] if name else 'nobody'}{position}@example.com",
        phone=f"+1201555{position:04d}",
        full_name=name or None,
        external_id=None if sparse else f"CRM-{position}",
        language="tr-TR",
        attributes=None if sparse else {"plan": "pro", "tags": ["ä", 1, 2.5, None], "city": {"name": "Lima"}},
        total_orders=None if sparse else position,
        total_order_value=None if sparse else Decimal(position).scaleb(-2) + 10,
        last_order_at=None if sparse else START - timedelta(microseconds=position),
        created_at=START - timedelta(days=position),
        updated_at=START,
    )
