"""A preview counts exactly and shows those stored last first, from one moment of the database."""

import threading

import pytest
from sqlalchemy import event

from audience_gateway.domain.errors import BadInput, RuleTooComplex, UnsupportedRule
from audience_gateway.domain.rule import All, Any, Condition, Not, Opaque, RuleNode, RuleOperator, TimeUnit
from audience_gateway.store import SqlStore
from audience_gateway.store.rule_queries import preview
from tests.store.rule_judges import PEOPLE, expected, judged, judged_url
from tests.store.rule_people import NOW
from tests.store.statements import statements_of

__all__ = ["judged", "judged_url"]

CLICKED = Condition("lastClickedAt", RuleOperator.WITHIN_LAST, 7, TimeUnit.DAYS)
PLAN = Condition("attributes.plan", RuleOperator.NOT_IN, ("ana", 88, True))


@pytest.mark.parametrize("first", [0, 1, 5, 1_000])
@pytest.mark.parametrize("rule", [All(()), Any(()), CLICKED, Not(Any((CLICKED, PLAN)))])
async def test_a_preview_counts_all_and_shows_the_last_stored_first(
    judged: SqlStore, rule: RuleNode, first: int
) -> None:
    places = sorted(expected(rule), reverse=True)

    shown = await preview(judged.database, rule, NOW, first)

    assert shown.count == len(places)
    assert [member.native_id for member in shown.members] == [f"p{place}" for place in places[:first]]


async def test_a_preview_shows_people_as_they_are_known(judged: SqlStore) -> None:
    shown = (await preview(judged.database, All(()), NOW, 3)).members
    facts = [person.facts for person in reversed(PEOPLE[-3:])]

    assert [(member.provider_key, member.email, member.created_at) for member in shown] == [
        ("local", each["email"], each["createdAt"]) for each in facts
    ]


async def test_the_store_previews_aside_and_finds_the_same(judged: SqlStore) -> None:
    rule = Not(Any((CLICKED, PLAN)))

    aside = await judged.preview_rule(rule, now=NOW, first=5)

    assert aside == await preview(judged.database, rule, NOW, 5)
    assert aside.count == len(expected(rule))


async def test_problems_found_aside_are_raised_here(judged: SqlStore) -> None:
    with pytest.raises(RuleTooComplex) as refused:
        await judged.preview_rule(All((CLICKED,) * 200), now=NOW, first=5)

    assert [problem.path for problem in refused.value.input_problems] == [("rule",)]


async def test_rules_are_written_as_statements_in_another_thread(judged: SqlStore) -> None:
    threads: set[int] = set()

    def note(*_: object) -> None:
        threads.add(threading.get_ident())

    engine = judged._rules._database._engines.reader.sync_engine
    event.listen(engine, "before_execute", note)
    await judged.preview_rule(All((CLICKED, PLAN)), now=NOW, first=5)

    assert len(threads) == 1
    assert threads.isdisjoint({threading.get_ident()})


async def test_a_preview_is_one_statement(judged: SqlStore) -> None:
    with statements_of(judged) as sent:
        await preview(judged.database, All((CLICKED, PLAN)), NOW, 20)

    assert len(sent) == 1


@pytest.mark.parametrize(
    ("rule", "error", "words"),
    [
        (Condition("shoeSize", RuleOperator.EQ, 1), BadInput, "rule.condition.field: There is no field of this name."),
        (All((CLICKED, Opaque({"a": 1}))), UnsupportedRule, "rule.all.1.opaque: "),
        (Condition("sendCount", RuleOperator.GT, 1, source_list="9"), UnsupportedRule, "rule.condition.sourceList: "),
        (All((CLICKED,) * 200), RuleTooComplex, "rule: A rule has at most 200 groups and conditions."),
    ],
)
async def test_a_rule_with_problems_is_refused_before_anything_is_asked(
    judged: SqlStore, rule: RuleNode, error: type[BadInput | UnsupportedRule], words: str
) -> None:
    with statements_of(judged) as sent, pytest.raises(error) as refused:
        await preview(judged.database, rule, NOW, 20)

    assert refused.value.message.startswith(words)
    assert refused.type is error
    assert sent == []
