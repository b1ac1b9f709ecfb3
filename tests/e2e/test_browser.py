"""The browser that other tests look through misses nothing they rely on."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.e2e.browser import open_page, reason_to_skip

pytestmark = pytest.mark.skipif(reason_to_skip() is not None, reason=str(reason_to_skip()))

PAGE = b"""<!doctype html><link rel="icon" href="data:,"><title>Flawed</title>
<script>document.title = "the policy was ignored"</script>
<script src="/throws.js"></script><img src="http://elsewhere.invalid/pixel.png">"""
SCRIPT = b"throw new Error('planted')"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One flawed page and its script, over the least HTTP a browser accepts."""
    request = await reader.readuntil(b"\r\n\r\n")
    kind, body = (b"text/javascript", SCRIPT) if b"/throws.js" in request else (b"text/html", PAGE)
    headers = (b"HTTP/1.1 200 OK", b"content-type: " + kind, b"content-length: %d" % len(body), b"connection: close")
    writer.write(b"\r\n".join((*headers, b"content-security-policy: script-src 'self'", b"", body)))
    await writer.drain()
    writer.close()


@pytest.fixture
async def flawed_page() -> AsyncIterator[str]:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def test_a_visit_keeps_violations_exceptions_and_requests_elsewhere(flawed_page: str) -> None:
    async with open_page(flawed_page) as visit:
        title = await visit.page.title()

    assert title == "Flawed"
    assert any("Content Security Policy" in error for error in visit.errors)
    assert "uncaught: planted" in visit.errors
    assert any(error.startswith("net::ERR_NAME_NOT_RESOLVED") for error in visit.errors)
    assert visit.requests[0] == flawed_page
    assert visit.requests_elsewhere() == ["http://elsewhere.invalid/pixel.png"]
