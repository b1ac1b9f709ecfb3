"""The schema object, with the limits that hold for every operation."""

import strawberry
from graphql import ASTValidationRule, GraphQLError
from strawberry.extensions import AddValidationRules, MaxTokensLimiter, ParserCache, ValidationCache
from strawberry.extensions.max_aliases import create_validator as alias_rule
from strawberry.extensions.query_depth_limiter import create_validator as depth_rule
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from audience_gateway.graphql import enums as enums  # noqa: PLC0414 (imported for what it puts into the schema)
from audience_gateway.graphql.query import Query
from audience_gateway.graphql.scalars import SCALARS
from audience_gateway.graphql.types.audience import Audience
from audience_gateway.graphql.types.member import Member
from audience_gateway.graphql.types.provider import Provider

_TOKENS = 1_000
_ALIASES = 30
_DEPTH = 16
_DOCUMENTS = 500


class Schema(strawberry.Schema):
    """Strawberry's schema, silent about errors: ``graphql.errors`` says and logs what there is to say."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log nothing here; Strawberry's own logger would write query literals."""


def create_schema() -> Schema:
    """The schema.

    Documents hold at most 1,000 tokens, 30 aliases and 16 levels; parsed and validated ones are remembered.
    """
    # The rule classes are made once: made anew for each request they would never be found among validated documents.
    rules: list[type[ASTValidationRule]] = [alias_rule(_ALIASES), depth_rule(_DEPTH, should_ignore=None, callback=None)]
    return Schema(
        query=Query,
        types=[Audience, Member, Provider],
        config=StrawberryConfig(scalar_map=SCALARS),
        extensions=[
            lambda: MaxTokensLimiter(max_token_count=_TOKENS),
            lambda: AddValidationRules(rules),
            lambda: ParserCache(maxsize=_DOCUMENTS),
            lambda: ValidationCache(maxsize=_DOCUMENTS),
        ],
    )


def printed() -> str:
    """The schema as the file ``schema.graphql`` holds it."""
    return create_schema().as_str().rstrip("\n") + "\n"
