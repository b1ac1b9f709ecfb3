"""The GraphQL endpoint: JSON over POST for programs, GraphiQL over GET for browsers."""

import asyncio
from functools import partial
from http import HTTPStatus
from typing import cast

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse
from strawberry.types import ExecutionResult

from audience_gateway.domain.errors import BadInput
from audience_gateway.graphql.context import Context, Services
from audience_gateway.graphql.errors import extensions, present_all
from audience_gateway.graphql.schema import Schema
from audience_gateway.web.connections import run_while_connected
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


GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"


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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 (ASGI)
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        try:
            body = await Request(scope, receive).body()
        except ClientDisconnect:
            return
        answer = partial(self._answer, scope, _replaying(body), send)
        if not await run_while_connected(answer, receive):
            abandoned = scope["state"].get("context")
            if isinstance(abandoned, Context):
                abandoned.loaders.abandon()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except BadInput as refusal:
            error = {"message": refusal.message, "extensions": extensions(refusal)}
            body = self.encode_json({"errors": [error]})
            response = Response(
                body, HTTPStatus.BAD_REQUEST, media_type=preferred_type(Request(scope).headers.get("accept", ""))
            )
            await response(scope, receive, send)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:  # noqa: ARG002
        """A fresh context for each operation."""
        context = Context(cast("Services", request.state.services))
        request.state.context = context
        return context

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:  # noqa: ARG002
        """The answer with errors as callers may see them."""
        ran = not _never_ran(result)
        answer: GraphQLHTTPResponse = {"data": result.data} if ran else {}
        if result.errors:
            answer["errors"] = [error.formatted for error in present_all(result.errors)]
        if ran and result.extensions:
            answer["extensions"] = result.extensions
        return answer

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """What the answer's headers and status build on: the media type that the caller likes best."""
        response = await super().get_sub_response(request)
        response.media_type = preferred_type(request.headers.get("accept", ""))
        return response

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """The answer; under GraphQL's own media type an operation that never ran is a 400."""
        answer = super().create_response(response_data, sub_response)
        answer.headers["content-type"] = f"{sub_response.media_type}; charset=utf-8"
        if sub_response.media_type == GRAPHQL_RESPONSE and "data" not in response_data:
            answer.status_code = HTTPStatus.BAD_REQUEST
        return answer

    async def render_graphql_ide(self, request: Request) -> Response:  # noqa: ARG002
        """GraphiQL, from our own files only."""
        headers = {"content-security-policy": CONTENT_SECURITY_POLICY, "x-content-type-options": "nosniff"}
        return HTMLResponse(page(DEFAULT_QUERY), headers=headers)

    def decode_json(self, data: str | bytes) -> object:
        """A request body; raises BadInput for what is not JSON, or too deep, and no object or list."""
        try:
            document = msgspec.json.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadInput("The body is not JSON.") from error
        except RecursionError as error:
            raise BadInput("The body is nested too deeply.") from error
        if not isinstance(document, dict | list):
            raise BadInput("The body is neither an object nor a list.")
        return document

    def encode_json(self, data: object) -> bytes:
        """The answer as bytes."""
        return msgspec.json.encode(data)


def _replaying(body: bytes) -> Receive:
    """A channel that gives the whole body once, and then nothing for ever."""
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Message:
        for message in messages:
            return message
        return await asyncio.Future[Message]()

    return receive


def preferred_type(accept: str) -> str:
    """GraphQL's own media type for callers who name it and do not rank plain JSON higher; else plain JSON."""
    qualities = {JSON: 0.0, GRAPHQL_RESPONSE: 0.0}
    for entry in accept.split(","):
        name, *parameters = (part.strip().lower() for part in entry.split(";"))
        if name in qualities:
            qualities[name] = _quality(parameters)
    own = qualities[GRAPHQL_RESPONSE]
    return GRAPHQL_RESPONSE if own > 0 and own >= qualities[JSON] else JSON


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter.removeprefix("q="))
            except ValueError:
                return 0.0
    return 1.0


def _never_ran(result: ExecutionResult) -> bool:
    """Whether the operation was refused before anything was executed: not parsed, not valid, or bad variables."""
    return result.data is None and bool(result.errors) and all(error.path is None for error in result.errors or ())
