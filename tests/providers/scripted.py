"""A vendor of a few lines: answers from a function, and remembers what it was asked."""

import json
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, repeat
from pathlib import Path
from typing import TypeVar, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from audience_gateway.config import Secret
from audience_gateway.domain.page import Page
from audience_gateway.ports import HttpReply, HttpRequest, ProviderResources, Store

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
T = TypeVar("T")

KEY = "canary-key-4711"


@dataclass(frozen=True)
class Asked:
    """One request as the vendor sees it: decoded path segments below the base address, query, headers."""

    method: str
    path: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]


Answer = Callable[[Asked], object]
"""From a request to the JSON document of the reply, or to a whole HttpReply."""


@dataclass
class ScriptedTransport:
    """An HttpTransport in front of ``answer``; ``asked`` lists the requests in order."""

    answer: Answer
    base_path: str = "/base"
    asked: list[Asked] = field(default_factory=list)

    async def send(self, request: HttpRequest) -> HttpReply:
        parts = urlsplit(request.url)
        below = parts.path.removeprefix(self.base_path).removeprefix("/")
        asked = Asked(
            request.method,
            tuple(unquote(segment) for segment in below.split("/")),
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            request.headers,
        )
        self.asked.append(asked)
        answer = self.answer(asked)
        return answer if isinstance(answer, HttpReply) else reply(answer)

    async def close(self) -> None:
        """Nothing to close."""


class FixedClock:
    """It is always NOW."""

    def now(self) -> datetime:
        return NOW


def reply(document: object, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpReply:
    return HttpReply(status, headers or {}, json.dumps(document).encode())


def resources(
    transport: ScriptedTransport, key: str = "vendor", settings: Mapping[str, object] | None = None
) -> ProviderResources:
    table = {"base_url": f"https://vendor.test{transport.base_path}", "api_key": Secret("env:VENDOR_KEY", lambda: KEY)}
    return ProviderResources(
        key=key,
        settings=table if settings is None else settings,
        transport=transport,
        store=cast("Store", None),  # remote providers have no use for it
        clock=FixedClock(),
        randomness=random.Random(1),
    )


def recording(test_file: str, name: str) -> object:
    """The vendor's documented reply ``name``, from the folder beside the test."""
    text = (Path(test_file).parent / "recordings" / f"{name}.json").read_text(encoding="utf-8")
    document: object = json.loads(text)
    return document


async def walk(read: Callable[[int, str | None], Awaitable[Page[T]]], sizes: Sequence[int]) -> list[Page[T]]:
    """Every page from the start, asking for ``sizes`` in turn and then the last of them, until nothing follows."""
    pages: list[Page[T]] = []
    after = None
    for first in chain(sizes, repeat(sizes[-1])):
        page = await read(first, after)
        pages.append(page)
        assert len(pages) < 1000, "the walk never ends"
        if page.has_next is False or not page.rows:
            return pages
        after = page.end_cursor
    return pages
