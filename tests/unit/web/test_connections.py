"""Work for a caller who has gone is stopped, and takes its upstream calls along."""

import asyncio
import json

import pytest
from starlette.types import Message

from audience_gateway.domain.node_id import NodeId, NodeType
from audience_gateway.web.connections import run_while_connected
from tests.unit.accounts import Account, audience
from tests.unit.web.gateway import Gateway


async def _for_ever() -> Message:
    return await asyncio.Future[Message]()


async def _gone() -> Message:
    return {"type": "http.disconnect"}


async def test_work_for_a_caller_who_stays_is_finished() -> None:
    done = []

    async def work() -> None:
        await asyncio.sleep(0)
        done.append(True)

    assert await run_while_connected(work, _for_ever) is True
    assert done == [True]


async def test_work_for_a_caller_who_has_gone_is_cancelled_and_waited_for() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.set()

    assert await run_while_connected(work, _gone) is False
    assert ended.is_set()


async def test_an_error_of_the_work_reaches_the_server() -> None:
    async def work() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await run_while_connected(work, _for_ever)


async def test_cancelling_from_outside_cancels_the_work() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    task = asyncio.ensure_future(run_while_connected(work, _for_ever))
    await asyncio.sleep(0.01)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_a_vanished_client_takes_its_upstream_calls_along() -> None:
    """Once the caller is gone the provider's call is cancelled, so that its slot serves those who stay."""
    asked, stopped = asyncio.Event(), asyncio.Event()

    async def hang(_: str) -> None:
        asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    gateway = Gateway(Account("one", [audience("a")], before=hang))
    query = f'{{ audience(id: "{NodeId(NodeType.AUDIENCE, "one", "a").encode()}") {{ name }} }}'
    body = json.dumps({"query": query}).encode()
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if messages:
            return messages.pop()
        await asked.wait()
        return {"type": "http.disconnect"}

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    scope = {
        "type": "http", "method": "POST", "path": "/graphql", "raw_path": b"/graphql", "query_string": b"",
        "headers": headers, "state": {"services": gateway.services}, "root_path": "", "scheme": "http",
        "server": ("localhost", 80), "client": ("127.0.0.1", 1), "http_version": "1.1", "asgi": {"version": "3.0"},
    }  # fmt: skip
    await asyncio.wait_for(gateway.app(scope, receive, send), timeout=5)
    await asyncio.wait_for(stopped.wait(), timeout=5)

    assert sent == []


async def test_work_that_fails_while_cut_off_is_logged_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise ValueError("canary@person.test")

    assert await run_while_connected(work, _gone) is False
    assert "ValueError at" in caplog.text
    assert "canary" not in caplog.text
