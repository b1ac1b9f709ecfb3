"""The schema object, with the limits that hold for every operation."""

import strawberry
from graphql import GraphQLError
from strawberry.extensions import AddValidationRules, MaxTokensLimiter, ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from audience_gateway.graphql import enums as enums  # noqa: PLC0414 (imported for what it puts into the schema)
from audience_gateway.graphql.cost import Admission, bounded_lists, paged_fields
from audience_gateway.graphql.limits import DocumentLength, Limits, limits_rule
from audience_gateway.graphql.query import Query
from audience_gateway.graphql.rule_bounds import RuleBounds, input_arguments
from audience_gateway.graphql.scalars import SCALARS
from audience_gateway.graphql.types.audience import Audience
from audience_gateway.graphql.types.member import Member
from audience_gateway.graphql.types.provider import Provider

_TOKENS = 1_000
_DOCUMENTS = 200


class Schema(strawberry.Schema):
    """Strawberry's schema, silent about errors: ``graphql.errors`` says and logs what there is to say."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log nothing here; Strawberry's own logger would write query literals."""


def create_schema() -> Schema:
    """The schema.

    Documents hold at most 1,000 tokens and what :class:`Limits` allows; parsed and validated ones are remembered.
    Answers hold at most what ``cost.VALUES`` allows.
    """
    limits = Limits()
    # The rule is made once: made anew for each request it would never be found among validated documents.
    rule = limits_rule(limits)
    schema = Schema(
        query=Query,
        types=[Audience, Member, Provider],
        config=StrawberryConfig(scalar_map=SCALARS),
        extensions=[
            lambda: DocumentLength(limits),
            lambda: MaxTokensLimiter(max_token_count=_TOKENS),
            lambda: AddValidationRules([rule]),
            lambda: RuleBounds(arguments),
            lambda: Admission(paged, bounded),
            lambda: ParserCache(maxsize=_DOCUMENTS),
            lambda: ValidationCache(maxsize=_DOCUMENTS),
        ],
    )
    sdl = schema.as_str()
    paged, bounded, arguments = paged_fields(sdl), bounded_lists(sdl), input_arguments(sdl)
    return schema


def printed() -> str:
    """The schema as the file ``schema.graphql`` holds it."""
    return create_schema().as_str().rstrip("\n") + "\n"
