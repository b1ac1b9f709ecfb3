"""Opens pages in the system's Chromium and keeps what went on: console errors and requests."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.async_api import ConsoleMessage, Page, Request, WebSocket, async_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
LOOPBACK_ONLY = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost , EXCLUDE [::1]"


@dataclass(frozen=True, slots=True)
class Visit:
    """An open page with everything it asked for and complained about since the first byte.

    ``errors`` holds console errors (content security policy violations among them), uncaught exceptions and failed
    requests, as text; ``requests`` holds addresses in order, those of workers and web sockets included.
    """

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def requests_elsewhere(self) -> list[str]:
        """Requests to any host and port but the page's own; inline ``data:`` and ``blob:`` addresses are none."""
        here = urlsplit(self.page.url).netloc
        return [
            address
            for address in self.requests
            if (parts := urlsplit(address)).scheme not in {"data", "blob"} and parts.netloc != here
        ]


def find_chromium() -> str | None:
    """Path of the system's Chromium or Chrome; None when there is none."""
    return next((path for path in map(shutil.which, PROGRAMS) if path), None)


def reason_to_skip() -> str | None:
    """Why no browser test can run here, for ``pytest.mark.skipif``; None when they can, or must."""
    if find_chromium() or os.environ.get("REQUIRE_SERVICES") == "1":
        return None
    return f"no browser: none of {', '.join(PROGRAMS)} is on PATH"


@asynccontextmanager
async def open_page(url: str) -> AsyncIterator[Visit]:
    """Visit ``url`` in a fresh browser profile that resolves no name but loopback's; skips without one."""
    reason = reason_to_skip()
    if reason:
        pytest.skip(reason)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=[*ARGUMENTS, LOOPBACK_ONLY])
        try:
            context = await browser.new_context(viewport={"width": 1280, "height": 800})
            visit = Visit(await context.new_page())
            _record(visit)
            await visit.page.goto(url)
            yield visit
        finally:
            await browser.close()


def _record(visit: Visit) -> None:
    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            visit.errors.append(message.text)

    def on_exception(error: Exception) -> None:
        visit.errors.append(f"uncaught: {error}")

    def on_request(request: Request) -> None:
        visit.requests.append(request.url)

    def on_failure(request: Request) -> None:
        visit.errors.append(f"{request.failure}: {request.url}")

    def on_socket(socket: WebSocket) -> None:
        visit.requests.append(socket.url)

    visit.page.context.on("console", on_console)
    visit.page.context.on("request", on_request)
    visit.page.context.on("requestfailed", on_failure)
    visit.page.on("pageerror", on_exception)
    visit.page.on("websocket", on_socket)
