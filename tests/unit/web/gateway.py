"""A whole application over accounts in memory, asked without a socket."""

import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import cast

from starlette.applications import Starlette

from audience_gateway.graphql.context import Services
from audience_gateway.services.rules import PreviewRule
from audience_gateway.web.app import create_app
from tests.unit.accounts import Account, audience, member
from tests.unit.memory_rules import nobody
from tests.unit.services_over import services_over
from tests.unit.web.asgi import Answer, call

JSON = "application/json"


class Gateway:
    """The application as its callers see it."""

    def __init__(
        self,
        *accounts: Account,
        graphiql: bool = True,
        deadline_seconds: float = 10.0,
        preview_rule: PreviewRule = nobody,
    ) -> None:
        self.accounts = accounts or (Account("one", [audience("a"), audience("b")], members=[member("1")]),)
        self.app: Starlette = create_app(_never_opened, allowed_hosts=["gateway.example"], graphiql=graphiql)
        self.services = services_over(self.accounts, deadline_seconds=deadline_seconds, preview_rule=preview_rule)

    @property
    def calls(self) -> list[tuple[str, object]]:
        """Every call that reached an account."""
        return [made for account in self.accounts for made in account.calls]

    async def request(
        self, method: str, path: str = "/graphql", chunks: Iterable[bytes] = (b"",), **headers: str
    ) -> Answer:
        """Send anything; an underscore in a header's name stands for a hyphen."""
        sent = {"host": "localhost", **{name.replace("_", "-"): value for name, value in headers.items()}}
        state = {"services": self.services}
        return await call(self.app, method, path, headers=sent.items(), chunks=chunks, state=state)

    async def post(self, body: bytes, content_type: str = JSON, **headers: str) -> Answer:
        """Send a body to the GraphQL path."""
        return await self.request("POST", chunks=[body], content_type=content_type, **headers)

    async def ask(self, query: str, **variables: object) -> Mapping[str, object]:
        """What a GraphQL operation answers; asserts that it is an answer."""
        answer = await self.post(json.dumps({"query": query, "variables": variables}).encode())
        assert answer.status == 200, answer
        return cast("Mapping[str, object]", answer.json())

    async def refused(self, query: str, **variables: object) -> Mapping[str, object]:
        """The one error, without its place in the document, of an operation that must not reach any account."""
        answer = await self.ask(query, **variables)
        (error,) = cast("list[dict[str, object]]", answer["errors"])
        assert self.calls == []
        return {name: value for name, value in error.items() if name != "locations"}


def _never_opened() -> AbstractAsyncContextManager[Services]:
    raise AssertionError("requests bring their services along")
