"""The GraphQL endpoint: JSON over POST for programs, GraphiQL over GET for browsers."""

import json
from typing import cast

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse
from strawberry.types import ExecutionResult

from audience_gateway.graphql.context import Context, Services
from audience_gateway.graphql.errors import present_all
from audience_gateway.graphql.schema import Schema
from audience_gateway.web.graphiql.page import CONTENT_SECURITY_POLICY, page

DEFAULT_QUERY = """\
# Audiences of every provider, newest first. Press Ctrl-Enter to run.
{
  audiences(first: 5) {
    nodes {
      name
      provider { key }
      size { value basis }
    }
    sources { provider { key } state problem { code retryable } }
  }
}
"""


class Endpoint(GraphQL[Context, None]):
    """Strawberry's view with our context, our errors and our GraphiQL.

    Queries go over POST only; a GET that wants HTML gets GraphiQL unless ``graphiql`` is off.
    """

    def __init__(self, schema: Schema, *, graphiql: bool) -> None:
        super().__init__(
            schema,
            graphql_ide="graphiql" if graphiql else None,
            allow_queries_via_get=False,
            subscription_protocols=(),
        )

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:  # noqa: ARG002
        """A fresh context for each operation."""
        return Context(cast("Services", request.state.services))

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:  # noqa: ARG002
        """The answer with errors as callers may see them."""
        answer: GraphQLHTTPResponse = {"data": result.data}
        if result.errors:
            answer["errors"] = [error.formatted for error in present_all(result.errors)]
        if result.extensions:
            answer["extensions"] = result.extensions
        return answer

    async def render_graphql_ide(self, request: Request) -> Response:  # noqa: ARG002
        """GraphiQL, from our own files only."""
        headers = {"content-security-policy": CONTENT_SECURITY_POLICY, "x-content-type-options": "nosniff"}
        return HTMLResponse(page(DEFAULT_QUERY), headers=headers)

    def decode_json(self, data: str | bytes) -> object:
        """A request body; raises JSONDecodeError for what is not JSON, however deep."""
        try:
            return msgspec.json.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise json.JSONDecodeError("not JSON", "", 0) from error

    def encode_json(self, data: object) -> bytes:
        """The answer as bytes."""
        return msgspec.json.encode(data)
