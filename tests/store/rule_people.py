"""People for judging rules: everything unknown here and there, times at the edges, and JSON of every odd kind."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from sqlalchemy import insert

from audience_gateway.domain.rule_evaluation import Person
from audience_gateway.store import SqlStore
from audience_gateway.store.rule_sql import COLUMNS
from audience_gateway.store.tables import member
from tests.store.population import HOSTILE_NAMES

NOW = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
KOLKATA, LIMA = timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-5))

TEXTS = (
    *HOSTILE_NAMES,
    *("ana", "ANA", "Ana Ruiz", "AnaRuiz", "a_r", "axr", "100%", "100x", "%", "_", "\\", "\\%", "!", "!%", "'", '"'),
    *("i", "I", "İ", "\u0131", "i̇", "ß", "ẞ", "ss", "SS", "É", "é", "e\u0301", "Σ", "\u03c3", "ς", "\u212a", "k", "K"),
    *("\U0001f600", "\U0001f601", "\ufffe\uffff", "日本", "日", "[", "^", "`", "{", "@", "Z", "z"),
    *("a\nb", "\t", " ", "\x7f"),
    *("88", "88x", "88.0", "1", "0", "true", "false", "null", "[]", "{}", '{"b":1}', "NaN", "Infinity", "1e308"),
    *("'; DROP TABLE member;--", "%s", "%(x)s", ":x", "?", "$1", "2026-03-01T12:00:00Z", "T-Mobile", "t-mobile"),
)  # fmt: skip
NUMBERS = (
    *(0, 1, 5, 7, 87, 88, 89, -1, -88, 2**31, 2**53, 10**15, -(10**15)),
    *(88.0, 88.5, 0.1, 0.3, 0.1 + 0.2, -0.0, 5e-324, 1e-300, 2.5, 1e15, 123456.789, 0.005, 9.995, 10.005),
)
COUNTS = (0, 1, 5, 7, 87, 88, 89, -1, 2**31 - 1, -(2**31))
AMOUNTS = tuple(map(Decimal, "0 0.005 0.015 0.01 5 9.99 9.995 10 10.005 87.5 88 -1 -0.005 1000000000000000".split()))
LENGTHS = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=36_525))
_MICROSECOND = timedelta(microseconds=1)
MOMENTS = (
    *(NOW - length + shift * _MICROSECOND for length in (timedelta(0), *LENGTHS) for shift in (-1, 0, 1)),
    *(datetime(1, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC),
    *(datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC), NOW + timedelta(days=1)),
    *(NOW.astimezone(KOLKATA), (NOW - timedelta(hours=1)).astimezone(LIMA), datetime(2026, 3, 1, 12, tzinfo=KOLKATA)),
)  # fmt: skip
ODD_JSON: tuple[object, ...] = (
    *(None, True, False, [], {}, [88], ["Ana"], {"b": 88}, {"0": "Ana"}, [[88]], [None], {"": 1}),
    *(1e308, -1e308, 1.7976931348623157e308, 5e-324, 2**53 + 1, 2**63 - 1, 2**63, -(2**63) - 1, 10**30, 10**400),
    *(10**15 + 1, 1e15 + 0.5, 0.30000000000000004, 0.1 + 0.2, 88.00000000000001, 88, 88.0, -0.0, 1, 0),
)
KEYS = (
    "plan",
    "Plan",
    "score",
    "a",
    "0",
    "-1",
    "two words",
    "clé",
    "शहर नाम",
    "'; --",
    "#-1",
    "$",
    "a[0]",
    "\U0001f600",
)
"""Keys of attributes; some would mean something else in a JSON path."""


def people(number: int) -> list[Person]:
    """The same people every time, nobody among them known in full."""
    source = random.Random(number)
    return [_person(source) for _ in range(number)]


async def keep(store: SqlStore, everyone: Sequence[Person]) -> None:
    """Store people; their row numbers are their places in ``everyone``."""
    async with store.database.writing() as connection:
        await connection.execute(insert(member), [_row(place, person) for place, person in enumerate(everyone)])


def _person(source: random.Random) -> Person:
    pools: Mapping[str, Sequence[object]] = {
        **dict.fromkeys(("email", "phone", "fullName", "externalId", "carrier", "timezone"), TEXTS),
        **dict.fromkeys(("sendCount", "clickCount", "conversionCount", "totalOrders"), COUNTS),
        **dict.fromkeys(("totalOrderValue", "revenueTotal", "revenueAverage"), AMOUNTS),
        "hasRevenue": (True, False),
    }
    facts = {name: _known(source, pools.get(name, MOMENTS)) for name in COLUMNS}
    return Person(facts, _attributes(source) if source.random() < 0.9 else None)


def _known(source: random.Random, pool: Sequence[object]) -> object:
    return source.choice(pool) if source.random() < 0.8 else None


def _attributes(source: random.Random, levels: int = 3) -> dict[str, object]:
    return {key: _json(source, levels) for key in KEYS if source.random() < 0.6}


def _json(source: random.Random, levels: int) -> object:
    chance = source.random()
    if chance < 0.15 and levels:
        return _attributes(source, levels - 1)
    if chance < 0.25 and levels:
        return [_json(source, levels - 1) for _ in range(source.randrange(3))]
    if chance < 0.4:
        return source.choice(ODD_JSON)
    return source.choice(source.choice((TEXTS, NUMBERS, (True, False))))


def _row(place: int, person: Person) -> dict[str, object]:
    facts = {COLUMNS[name].name: value for name, value in person.facts.items()}
    return {"id": place, "native_id": f"p{place}", "search_text": "", "attributes": person.attributes, **facts}
