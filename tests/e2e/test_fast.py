"""The server takes what the extra ``fast`` brings, by itself."""

import asyncio
import sys
from importlib.util import find_spec

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from audience_gateway.cli.servers import running


async def _underneath(_: Request) -> JSONResponse:
    loop = type(asyncio.get_running_loop()).__module__.partition(".")[0]
    return JSONResponse([loop, "uvicorn.protocols.http.httptools_impl" in sys.modules])


@pytest.mark.skipif(find_spec("uvloop") is None, reason="uvloop is not installed: the extra `fast` brings it")
def test_requests_are_answered_on_uvloop_and_httptools() -> None:
    with running(Starlette(routes=[Route("/", _underneath)])) as address:
        answer = httpx2.get(address).json()

    assert answer == ["uvloop", True]
