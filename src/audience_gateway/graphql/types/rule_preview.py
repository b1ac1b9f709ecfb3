"""What rules may ask about, and whom a rule that is not saved would find."""

import strawberry

from audience_gateway.domain.rule import RuleOperator
from audience_gateway.domain.rule_fields import FieldType
from audience_gateway.graphql.context import Context
from audience_gateway.graphql.types.member import Member
from audience_gateway.graphql.types.provider import Provider
from audience_gateway.services import rules as services

_MILLISECONDS = 1_000


@strawberry.type(description="Something that rules may ask about.")
class RuleField:
    """Something that rules may ask about."""

    name: str = strawberry.field(
        description="How a condition names it. `attributes.<path>` stands for whatever else is kept about a person: "
        "`<path>` is 1 to 6 keys divided by dots, which lead to a value."
    )
    type: FieldType = strawberry.field(description="What kind of value it holds.")
    operators: list[RuleOperator] = strawberry.field(
        description="How it can be compared: at the provider that was asked for, or at any of them."
    )
    providers: list[Provider] = strawberry.field(
        description="Whose rules can hold it: the provider that was asked for, or all that can."
    )

    @classmethod
    def of(cls, field: services.RuleField, context: Context) -> "RuleField":
        """The field as a value."""
        directory = context.services.directory
        return cls(
            name=field.name,
            type=field.type,
            operators=list(field.operators),
            providers=[Provider.of(directory.provider(key)) for key in field.provider_keys],
        )


@strawberry.type(description="Whom a rule would find now.")
class RulePreview:
    """Whom a rule would find now."""

    count: int | None = strawberry.field(description="How many people match it, exactly.")
    sample: list[Member] = strawberry.field(description="The first of them, those stored last first.")
    took_ms: int = strawberry.field(description="Milliseconds that finding them took.")

    @classmethod
    def of(cls, found: services.TimedPreview, context: Context) -> "RulePreview":
        """The preview as a value."""
        return cls(
            count=found.preview.count,
            sample=[Member.of(member, context) for member in found.preview.members],
            took_ms=round(found.seconds * _MILLISECONDS),
        )
