"""Work that nobody waits for ends with whoever owns it, and its errors are told without their words."""

import asyncio

import pytest

from audience_gateway.services.background import Background
from tests.virtual_time import virtual_time


async def wait_for_ever(left: list[str]) -> None:
    try:
        await asyncio.sleep(3_600)
    finally:
        left.append("left")


@virtual_time
async def test_closing_stops_everything_and_waits_until_it_has_let_go() -> None:
    background, left = Background(), list[str]()
    tasks = [background.start(wait_for_ever(left)) for _ in range(3)]
    await asyncio.sleep(1)

    await background.close()

    assert left == ["left"] * 3
    assert all(task.cancelled() for task in tasks)


@virtual_time
async def test_an_error_that_nobody_sees_is_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ValueError("canary")

    background = Background()
    background.start(fail())
    await asyncio.sleep(1)

    assert "ValueError" in caplog.text
    assert "canary" not in caplog.text
    await background.close()
