"""Rules, as callers write them: what ``Rule.tree`` shows can be written back."""

import strawberry
from strawberry import UNSET
from strawberry.scalars import JSON

from audience_gateway.domain import rule as domain
from audience_gateway.domain.errors import BadInput
from audience_gateway.domain.rule_check import DEEPEST, MOST_NODES, MOST_VALUES_IN_ALL
from audience_gateway.graphql.types.page import given


@strawberry.input(description="One comparison.")
class ConditionInput:
    """One comparison."""

    field: str = strawberry.field(
        description="What is compared: a name of `ruleFields`, or `attributes.` and the keys that lead to an attribute."
    )
    operator: domain.RuleOperator = strawberry.field(description="How it is compared.")
    value: JSON | None = strawberry.field(
        default=UNSET,
        description="What it is compared with: a list for IN, NOT_IN and BETWEEN, a whole number of units for relative "
        "times, nothing for EXISTS and NOT_EXISTS.",
    )
    unit: domain.TimeUnit | None = strawberry.field(
        default=UNSET, description="The unit of a relative time, and of nothing else."
    )
    source_list: str | None = strawberry.field(
        default=UNSET, description="The native id of the one sending list it is judged on; any when left out."
    )

    def node(self) -> domain.Condition:
        """The comparison as the domain has it."""
        value: object = self.value if given(self.value) else None
        return domain.Condition(
            self.field,
            self.operator,
            tuple(value) if isinstance(value, list) else value,
            self.unit if given(self.unit) else None,
            self.source_list if given(self.source_list) else None,
        )


@strawberry.input(
    one_of=True,
    description=f"A rule: exactly one of these. At most {DEEPEST} levels, {MOST_NODES} groups and conditions, and "
    f"{MOST_VALUES_IN_ALL:,} values; an operation whose rules are more than twice that is refused as a whole. "
    "`Rule.tree` of a portable rule is such a value.",
)
class RuleInput:
    """A rule."""

    all_of: list["RuleInput"] | None = strawberry.field(
        name="all", default=UNSET, description="Whoever all of these match; everybody when empty."
    )
    any_of: list["RuleInput"] | None = strawberry.field(
        name="any", default=UNSET, description="Whoever at least one of these matches; nobody when empty."
    )
    none_of: "RuleInput | None" = strawberry.field(
        name="not", default=UNSET, description="Whoever this does not match."
    )
    condition: ConditionInput | None = strawberry.field(
        default=UNSET, description="Whoever this comparison is true for."
    )

    def node(self) -> domain.RuleNode:
        """The rule as the domain has it; ``rule_bounds`` has seen to it that this does not go deep."""
        if given(self.all_of):
            return domain.All(tuple(child.node() for child in self.all_of))
        if given(self.any_of):
            return domain.Any(tuple(child.node() for child in self.any_of))
        if given(self.none_of):
            return domain.Not(self.none_of.node())
        if given(self.condition):
            return self.condition.node()
        raise BadInput("rule: needs exactly one of all, any, not and condition.")
