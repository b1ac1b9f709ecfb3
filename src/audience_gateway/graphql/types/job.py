"""Long work and its connection."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from audience_gateway.domain import audience as domain
from audience_gateway.domain.job import JobKind
from audience_gateway.domain.page import Page
from audience_gateway.graphql.context import Context
from audience_gateway.graphql.types.node import Node
from audience_gateway.graphql.types.page import PageInfo, given, known
from audience_gateway.graphql.types.provider import Problem, Provider
from audience_gateway.services import imports, progress

if TYPE_CHECKING:
    from audience_gateway.graphql.types.audience import Audience

_AUDIENCE_MODULE = strawberry.lazy("audience_gateway.graphql.types.audience")


@strawberry.type(description="Long work on an audience. Facts the provider does not have are null.")
class Job(Node):
    """Long work on an audience: for now always an import, as the provider reports it."""

    run: strawberry.Private[domain.ImportRun]
    of_audience: strawberry.Private[domain.Audience]
    context: strawberry.Private[Context]
    kind: JobKind = strawberry.field(description="What is done.")
    state: domain.JobState = strawberry.field(description="Where it stands.")
    progress: float | None = strawberry.field(
        description="How much of it is done, 0 to 1; null when the provider does not say."
    )
    processed: int = strawberry.field(description="How many rows have been looked at.")
    total: int | None = strawberry.field(
        description="How many rows there are, as far as the provider knows; null when it does not say."
    )
    rejected: int = strawberry.field(description="How many rows were refused.")
    provider: Provider | None = strawberry.field(description="Who does it.")
    finished_at: datetime | None = strawberry.field(
        description="When it came to its end; null before, and when the provider does not say."
    )
    problem: Problem | None = strawberry.field(description="That it failed; null unless it did.")

    @strawberry.field(description="When it was asked for; an error where the provider has sent no moment.")
    def created_at(self) -> datetime:
        """When it was asked for."""
        return imports.created_at(self.of_audience, self.run)

    @strawberry.field(description="The audience it works on.")
    def audience(self) -> Annotated["Audience", _AUDIENCE_MODULE] | None:
        """The audience it works on."""
        from audience_gateway.graphql.types.audience import Audience  # noqa: PLC0415 (audiences hold jobs too)

        return Audience.of(self.of_audience, self.context)

    @classmethod
    def of(cls, run: domain.ImportRun, audience: domain.Audience, context: Context) -> "Job":
        """The import as a value."""
        ref = imports.import_ref(audience, run)
        return cls(
            id=strawberry.ID(ref.node_id.encode()),
            run=run,
            of_audience=audience,
            context=context,
            kind=ref.kind,
            state=run.state,
            progress=run.progress,
            processed=run.processed,
            total=run.total,
            rejected=run.errors,
            provider=Provider.of(context.services.directory.provider(audience.provider_key)),
            finished_at=run.finished_at,
            problem=Problem.of(progress.import_problem(audience, run)),
        )


@strawberry.type(description="A job in a list.")
class JobEdge:
    """A job in a list."""

    cursor: str = strawberry.field(description="The list goes on after this cursor.")
    node: Job = strawberry.field(description="The job.")


@strawberry.type(description="A page of jobs.")
class JobConnection:
    """A page of the imports of one audience."""

    page: strawberry.Private[Page[domain.ImportRun]]
    of_audience: strawberry.Private[domain.Audience]
    context: strawberry.Private[Context]
    after: strawberry.Private[str | None]
    total_count: int | None = strawberry.field(description="How many jobs the whole list has, exactly.")

    @strawberry.field(description="The rows with their cursors.")
    def edges(self) -> list[JobEdge]:
        """The rows with their cursors."""
        rows = self.page.rows
        return [JobEdge(cursor=row.cursor, node=Job.of(row.value, self.of_audience, self.context)) for row in rows]

    @strawberry.field(description="The rows without their cursors.")
    def nodes(self) -> list[Job]:
        """The rows without their cursors."""
        return [Job.of(run, self.of_audience, self.context) for run in self.page.values]

    @strawberry.field(description="Where this page lies in the list.")
    def page_info(self) -> PageInfo:
        """Where this page lies in the list."""
        rows = self.page.rows
        return PageInfo(
            more=known(bool(self.page.has_next)),
            earlier=known(self.after is not None),
            start_cursor=rows[0].cursor if rows else None,
            end_cursor=rows[-1].cursor if rows else None,
        )

    @classmethod
    def of(
        cls, page: Page[domain.ImportRun], audience: domain.Audience, context: Context, *, after: str | None
    ) -> "JobConnection":
        """The page as a value; ``after`` as the caller gave it."""
        return cls(
            page=page,
            of_audience=audience,
            context=context,
            after=after if given(after) else None,
            total_count=page.total,
        )
