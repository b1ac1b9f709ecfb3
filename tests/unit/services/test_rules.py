"""What rules may ask about at each provider, and previews: by the local store only, and within the time there is."""

import asyncio
from datetime import datetime

import pytest

from audience_gateway.domain.errors import BadInput, DeadlineExceeded, NotFound, UnsupportedOperation
from audience_gateway.domain.rule import All, Any, Condition, RuleNode, RuleOperator
from audience_gateway.domain.rule_fields import ANY_ATTRIBUTE, FieldType
from audience_gateway.domain.rule_preview import RulePreview
from audience_gateway.services.directory import Directory
from audience_gateway.services.guard import Guarded
from audience_gateway.services.rules import PreviewRule, RuleField, Rules
from tests.unit.accounts import NOW, Account, SetClock, member
from tests.unit.memory_rules import Finding, nobody
from tests.virtual_time import virtual_time

EQ, GT, EXISTS = RuleOperator.EQ, RuleOperator.GT, RuleOperator.EXISTS
ACCOUNTS = (
    Account("local", rule_fields={"createdAt": frozenset({EXISTS}), "email": frozenset({EXISTS, EQ})}),
    Account("one", rule_fields={ANY_ATTRIBUTE: frozenset({GT, EQ}), "email": frozenset({RuleOperator.IN})}),
    Account("two"),
)


def rules(preview_rule: PreviewRule = nobody) -> Rules:
    clock = SetClock()
    return Rules(Directory({account.key: Guarded(account, clock) for account in ACCOUNTS}), preview_rule, clock)


def test_fields_of_all_providers_are_told_together_in_a_fixed_order() -> None:
    assert rules().fields(None) == [
        RuleField("email", FieldType.STRING, (EQ, RuleOperator.IN, EXISTS), ("local", "one")),
        RuleField("createdAt", FieldType.DATETIME, (EXISTS,), ("local",)),
        RuleField(ANY_ATTRIBUTE, FieldType.ANY, (EQ, GT), ("one",)),
    ]


def test_fields_of_one_provider_have_its_own_operators() -> None:
    assert rules().fields("one") == [
        RuleField("email", FieldType.STRING, (RuleOperator.IN,), ("one",)),
        RuleField(ANY_ATTRIBUTE, FieldType.ANY, (EQ, GT), ("one",)),
    ]
    assert rules().fields("two") == []


def test_fields_of_an_unknown_provider_are_not_found() -> None:
    with pytest.raises(NotFound):
        rules().fields("three")


@pytest.mark.parametrize(("provider_key", "error"), [("one", UnsupportedOperation), ("three", NotFound)])
async def test_nobody_but_the_local_store_previews_and_the_refusal_says_so(
    provider_key: str, error: type[UnsupportedOperation | NotFound]
) -> None:
    finding = Finding(member("1"))

    with pytest.raises(error) as refused:
        await rules(finding).preview(All(()), provider_key=provider_key, first=1, deadline=_in(9))

    assert finding.asked == []
    if error is UnsupportedOperation:
        assert refused.value.message == "one cannot preview rules; local can."
        assert refused.value.provider_key == "one"


async def test_a_rule_is_judged_as_of_now_by_the_clock() -> None:
    finding, rule = Finding(member("1"), member("2")), Any((Condition("email", EXISTS),))

    found = await rules(finding).preview(rule, provider_key="local", first=1, deadline=_in(9))

    assert found.preview == RulePreview(2, (member("1"),))
    assert finding.asked == [(rule, NOW, 1)]


async def test_problems_of_a_rule_are_raised_as_they_are() -> None:
    with pytest.raises(BadInput) as refused:
        await rules().preview(Condition("shoeSize", EQ, 1), provider_key="local", first=1, deadline=_in(9))

    assert [problem.path for problem in refused.value.input_problems] == [("rule", "condition", "field")]


@virtual_time
async def test_a_preview_tells_the_seconds_it_took() -> None:
    found = await rules(_Slow(1.25)).preview(All(()), provider_key="local", first=1, deadline=_in(9))

    assert found.seconds == pytest.approx(1.25)


@virtual_time
async def test_a_preview_ends_with_the_time_there_is() -> None:
    slow = _Slow(60)

    with pytest.raises(DeadlineExceeded):
        await rules(slow).preview(All(()), provider_key="local", first=1, deadline=_in(9))

    assert slow.stopped


class _Slow:
    """A store that takes its time and notices when nobody waits for it any longer."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.stopped = False

    async def __call__(self, rule: RuleNode, *, now: datetime, first: int) -> RulePreview:
        try:
            await asyncio.sleep(self._seconds)
        except asyncio.CancelledError:
            self.stopped = True
            raise
        return await nobody(rule, now=now, first=first)


def _in(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds
