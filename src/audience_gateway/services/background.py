"""Work that nobody waits for, owned by whoever opened the gateway: nothing runs on after it is closed."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from audience_gateway.services.unexpected import without_words

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class Background:
    """The tasks under way; an error that nobody sees is logged without its words."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, _Result]) -> "asyncio.Task[_Result]":
        """Run ``work`` beside everything else."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def close(self) -> None:
        """Stop everything and wait until it has let go."""
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(tuple(self._tasks))

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _log.error("background work failed: %s", without_words(error))
