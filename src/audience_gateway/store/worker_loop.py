"""An event loop in a thread of its own, for work that would hold up everybody in the first one."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

_Answer = TypeVar("_Answer")


class WorkerLoop:
    """Runs coroutines aside. The thread begins with the first of them, and does not keep the process alive."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._thread: threading.Thread | None = None

    async def run(self, work: Callable[[], Coroutine[Any, Any, _Answer]]) -> _Answer:
        """What ``work`` answers or raises; whoever stops waiting for it stops it."""
        loop = self._runner.get_loop()
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, args=(loop,), name="worker-loop", daemon=True)
            self._thread.start()
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work(), loop))

    async def close(self, last: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run ``last``, if anything was run before, then end the thread; nothing may be run afterwards."""
        if self._thread is not None:
            await self.run(last)
            loop = self._runner.get_loop()
            loop.call_soon_threadsafe(loop.stop)
            await asyncio.to_thread(self._thread.join)

    def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._runner:
            loop.run_forever()
