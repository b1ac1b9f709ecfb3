"""Who would match a rule that is not saved anywhere."""

from dataclasses import dataclass

from audience_gateway.domain.member import Member


@dataclass(frozen=True, slots=True)
class RulePreview:
    """How many people match a rule, exactly, and the first of them, those stored last first."""

    count: int
    members: tuple[Member, ...]
