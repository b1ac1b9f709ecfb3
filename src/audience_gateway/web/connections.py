"""Work that is worth doing only as long as its caller is there."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from starlette.types import Receive

from audience_gateway.services.unexpected import without_words

_log = logging.getLogger(__name__)


async def run_while_connected(work: Callable[[], Awaitable[None]], receive: Receive) -> bool:
    """Do ``work`` until it is done or the caller has gone; True when it was done.

    ``receive`` must have given the whole request already. Work that is cut off is cancelled and waited for.
    """
    running = asyncio.ensure_future(work())
    watching = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait([running, watching], return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            await running
            return True
        return False
    finally:
        running.cancel()
        watching.cancel()
        await asyncio.wait([running, watching])
        for task in (running, watching):
            if not task.cancelled() and (error := task.exception()) is not None:
                _log.error("a request ended unexpectedly: %s", without_words(error))


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":  # noqa: ASYNC110 (messages come from the server)
        await asyncio.sleep(0)
