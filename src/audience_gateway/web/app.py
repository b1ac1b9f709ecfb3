"""The application: the list of routes and what stands before them."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from audience_gateway.graphql.context import Services
from audience_gateway.graphql.schema import create_schema
from audience_gateway.web.bodies import BodyLimit
from audience_gateway.web.endpoint import Endpoint
from audience_gateway.web.graphiql.page import ASSETS
from audience_gateway.web.hosts import HostGuard

PATH = "/graphql"
_BODY_BYTES = 2**20


def create_app(
    services: Callable[[], AbstractAsyncContextManager[Services]], *, allowed_hosts: Iterable[str], graphiql: bool
) -> Starlette:
    """The ASGI application.

    :param services: opened when the server starts, closed when it stops.
    :param allowed_hosts: names, besides loopback, under which requests may come in.
    """

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[Mapping[str, Services]]:
        async with services() as opened:
            yield {"services": opened}

    async def to_graphql(_: Request) -> RedirectResponse:
        return RedirectResponse(PATH)

    return Starlette(
        routes=[
            Route("/", to_graphql),
            Route(PATH, Endpoint(create_schema(), graphiql=graphiql)),
            Mount("/graphiql", StaticFiles(directory=ASSETS, check_dir=False)),
        ],
        middleware=[
            Middleware(HostGuard, allowed=allowed_hosts),
            Middleware(BodyLimit, limit=_BODY_BYTES),
        ],
        lifespan=lifespan,
    )
