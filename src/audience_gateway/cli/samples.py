"""The sample people and audiences of the demo's local store, drawn from the same population as the emulated vendors."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from audience_gateway.cli.sample_engagement import engagement_of
from audience_gateway.config import LOCAL_KEY
from audience_gateway.domain.audience import Audience, AudienceKind, AudienceStatus
from audience_gateway.domain.member import Member
from audience_gateway.domain.rule import All, Condition, Rule, RuleOperator
from audience_gateway.sandbox.people import EPOCH, Person, population
from audience_gateway.store.seed import Engagement, SeedAudience

_EVERY = 4


@dataclass(frozen=True, slots=True)
class _Sample:
    """One audience: whom it takes, how many at most, and how many days before the epoch it was made."""

    name: str
    description: str
    takes: Callable[[Person], bool]
    days: int
    most: int = 400
    rule: Rule | None = None
    status: AudienceStatus = AudienceStatus.ACTIVE


_REPEAT_BUYERS = Rule(
    All(
        (
            Condition("totalOrders", RuleOperator.GTE, 5),
            Condition("attributes.plan", RuleOperator.EQ, "pro"),
        )
    )
)
_SAMPLES = (
    _Sample("Newsletter", "Everyone who asked for it", lambda person: person.number % 3 == 0, 3),
    _Sample(
        "Repeat buyers on the pro plan",
        "Five orders or more",
        lambda person: person.total_orders >= 5 and person.plan == "pro",  # noqa: PLR2004 (as the rule beside it)
        9,
        most=10_000,
        rule=_REPEAT_BUYERS,
    ),
    _Sample("Lima and Cusco", "For the roadshow in Peru", lambda person: person.city in {"Lima", "Cusco"}, 24),
    _Sample("Beta testers", "Hand-picked", lambda person: person.number % 37 == 0, 41),
    _Sample("Never ordered", "Signed up, not bought yet", lambda person: person.total_orders == 0, 66),
    _Sample("Texas shops", "Retail partners", lambda person: person.state == "TX", 95),
    _Sample("Support champions", "They help others", lambda person: person.number % 101 == 0, 130),
    _Sample("Big baskets", "Over a thousand in all", lambda person: person.total_order_value > 1_000, 180),  # noqa: PLR2004
    _Sample("Spring event 2025", "Guest list", lambda person: person.number % 19 == 0, 320, most=75),
    _Sample(
        "Launch list 2024",
        "Kept for the record",
        lambda person: person.number % 23 == 0,
        700,
        status=AudienceStatus.ARCHIVED,
    ),
)


def sample_people() -> list[Member]:
    """1,500 people, every fourth of the population."""
    return [_member(person) for person in _people()]


def sample_engagement() -> dict[str, Engagement]:
    """What each of those people did with messages, by native id."""
    return {_native_id(person): engagement_of(person) for person in _people()}


def sample_audiences() -> list[SeedAudience]:
    """Ten audiences of those people, one of them with a rule and one archived."""
    people = _people()
    return [_audience(number, sample, people) for number, sample in enumerate(_SAMPLES, start=1)]


def _people() -> list[Person]:
    return [person for person in population() if person.number % _EVERY == 0]


def _audience(number: int, sample: _Sample, people: list[Person]) -> SeedAudience:
    members = [_native_id(person) for person in people if sample.takes(person)][: sample.most]
    made = EPOCH - timedelta(days=sample.days)
    audience = Audience(
        provider_key=LOCAL_KEY,
        native_id=str(number),
        name=sample.name,
        description=sample.description,
        kind=AudienceKind.DYNAMIC if sample.rule else AudienceKind.STATIC,
        status=sample.status,
        rule=sample.rule,
        created_at=made,
        updated_at=made,
        fetched_at=EPOCH,
    )
    return SeedAudience(audience, tuple(members))


def _member(person: Person) -> Member:
    return Member(
        provider_key=LOCAL_KEY,
        native_id=_native_id(person),
        email=person.email,
        phone=person.phone,
        full_name=person.full_name,
        external_id=person.external_id,
        language=person.language,
        attributes={"city": person.city, "plan": person.plan, "state": person.state},
        total_orders=person.total_orders,
        total_order_value=Decimal(str(person.total_order_value)),
        last_order_at=person.last_order_at,
        created_at=person.created_at,
        updated_at=person.created_at,
    )


def _native_id(person: Person) -> str:
    return str(person.number + 1)
