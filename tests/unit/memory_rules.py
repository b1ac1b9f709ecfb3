"""Previews of rules in memory."""

from datetime import datetime

from audience_gateway.domain.member import Member
from audience_gateway.domain.rule import RuleNode
from audience_gateway.domain.rule_check import refuse_unsound
from audience_gateway.domain.rule_preview import RulePreview


async def nobody(rule: RuleNode, *, now: datetime, first: int) -> RulePreview:  # noqa: ARG001 (nobody ever matches)
    """A store without people: refuses unsound rules, and finds nobody by the others."""
    refuse_unsound(rule, sending_lists=False)
    return RulePreview(0, ())


class Finding:
    """A store whose people match every rule; it remembers what it was asked."""

    def __init__(self, *people: Member) -> None:
        self._people = people
        self.asked: list[tuple[RuleNode, datetime, int]] = []

    async def __call__(self, rule: RuleNode, *, now: datetime, first: int) -> RulePreview:
        """Everybody."""
        refuse_unsound(rule, sending_lists=False)
        self.asked.append((rule, now, first))
        return RulePreview(len(self._people), self._people[:first])
