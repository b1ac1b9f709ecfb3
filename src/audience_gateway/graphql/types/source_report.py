"""What each provider contributed to a list."""

from collections.abc import Iterable
from datetime import datetime

import strawberry

from audience_gateway.graphql.context import Context
from audience_gateway.graphql.types.provider import Problem, Provider
from audience_gateway.services import sources


@strawberry.type(description="What one provider contributed to a list.")
class SourceReport:
    """What one provider contributed to a list."""

    provider: Provider = strawberry.field(description="Which provider.")
    state: sources.SourceState = strawberry.field(description="What it contributed.")
    as_of: datetime | None = strawberry.field(description="When it answered; null when it did not.")
    problem: Problem | None = strawberry.field(description="Why something of it is missing; null when nothing is.")

    @classmethod
    def each_of(cls, reports: Iterable[sources.SourceReport], context: Context) -> "list[SourceReport]":
        """The reports as values, in order."""
        return [
            cls(
                provider=Provider.of(context.services.directory.provider(report.provider_key)),
                state=report.state,
                as_of=report.as_of,
                problem=Problem.of(report.problem),
            )
            for report in reports
        ]
