"""Rules, as they can be read."""

import strawberry
from strawberry.scalars import JSON

from audience_gateway.domain import rule as domain
from audience_gateway.domain import rule_views


@strawberry.type(description="One leaf of a rule: a comparison, or something only the provider understands.")
class RuleCondition:
    """One leaf of a rule."""

    path: list[str] = strawberry.field(description="The way to it through `Rule.tree`; list positions as text.")
    field: str | None = strawberry.field(
        description="What is compared, such as `totalOrders` or `attributes.city`; null when opaque."
    )
    operator: domain.RuleOperator | None = strawberry.field(description="How it is compared; null when opaque.")
    value: JSON | None = strawberry.field(
        description="What it is compared with; a list for IN, NOT_IN and BETWEEN; null where nothing is needed."
    )
    unit: domain.TimeUnit | None = strawberry.field(description="The unit of a relative time, else null.")
    source_list: str | None = strawberry.field(
        description="The native id of the one sending list it is judged on; null for any."
    )
    opaque: JSON | None = strawberry.field(description="What the provider wrote, when the gateway cannot read it.")

    @classmethod
    def of(cls, placed: rule_views.PlacedCondition) -> "RuleCondition":
        """The leaf as a value."""
        leaf, path = placed.leaf, list(placed.path)
        if isinstance(leaf, domain.Opaque):
            return cls(
                path=path, field=None, operator=None, value=None, unit=None, source_list=None, opaque=JSON(leaf.raw)
            )
        return cls(
            path=path,
            field=leaf.field,
            operator=leaf.operator,
            value=None if leaf.value is None else JSON(leaf.value),
            unit=leaf.unit,
            source_list=leaf.source_list,
            opaque=None,
        )


@strawberry.type(description="Who belongs to a dynamic audience, in words no single provider owns.")
class Rule:
    """Who belongs to a dynamic audience."""

    source: strawberry.Private[domain.Rule]

    @strawberry.field(description="The rule in plain English.")
    def text(self) -> str:
        """The rule in plain words."""
        return rule_views.text(self.source.root)

    @strawberry.field(
        description="The rule as nested `all`, `any`, `not` and `condition` objects, as `RuleInput` takes it; "
        'what the gateway cannot read stands as `{"opaque": …}`, which cannot be written back.'
    )
    def tree(self) -> JSON:
        """The rule as nested objects."""
        return JSON(rule_views.tree(self.source.root))

    @strawberry.field(description="All leaves of the tree, in reading order.")
    def conditions(self) -> list[RuleCondition]:
        """All leaves of the tree."""
        return [RuleCondition.of(placed) for placed in rule_views.conditions(self.source.root)]

    @strawberry.field(description="The rule as the provider wrote it.")
    def native(self) -> JSON | None:
        """The rule as the provider wrote it."""
        return None if self.source.native is None else JSON(self.source.native)

    @strawberry.field(description="Whether every condition could be read, so that the rule can be written elsewhere.")
    def portable(self) -> bool:
        """Whether every condition could be read."""
        return rule_views.portable(self.source.root)
