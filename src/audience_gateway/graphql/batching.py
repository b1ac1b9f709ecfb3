"""A dataloader that cannot hang, cannot be poisoned by a caller who left, and answers each key on its own."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar, cast

from aiodataloader import DataLoader

from audience_gateway.domain.errors import DeadlineExceeded, GatewayError, InternalError
from audience_gateway.services.unexpected import without_words

_log = logging.getLogger(__name__)
_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")
_GRACE_SECONDS = 0.2


class Batch(Generic[_Key, _Value]):
    """Collects the keys asked for in one turn of the event loop and answers them with one call.

    One batch lives as long as one operation. Equal keys are asked once. Whatever the operation knows (who asks, the
    deadline) is bound into ``answer`` beforehand: a batch runs in the context of whoever asked first.

    :param answer: from distinct keys to one value or error each, in order.
    :param deadline: the moment of the event loop's clock by which ``answer`` must be done; it is cut off shortly after.
    """

    def __init__(
        self, answer: Callable[[Sequence[_Key]], Awaitable[Sequence[_Value | GatewayError]]], *, deadline: float
    ) -> None:
        self._running: set[asyncio.Task[object]] = set()
        self._abandoned = False

        async def batch(keys: list[_Key]) -> list[_Value]:
            if self._abandoned:
                return cast("list[_Value]", [InternalError("Nobody waits for this any longer.")] * len(keys))
            task = cast("asyncio.Task[object]", asyncio.current_task())
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            # The loader raises what is an exception among the values, which its types cannot say.
            return cast("list[_Value]", await _answers(answer, keys, deadline))

        self._loader = DataLoader[_Key, _Value](batch_load_fn=batch)

    def abandon(self) -> None:
        """Stop what is under way and start nothing more, because nobody waits for the operation any longer."""
        self._abandoned = True
        for task in self._running:
            task.cancel()

    async def load(self, key: _Key) -> _Value:
        """The value for ``key``; raises its error. A caller who is cancelled leaves the answer to the others."""
        future = self._loader.load(key)
        future.add_done_callback(_look_at)
        return await asyncio.shield(future)

    async def load_each(self, keys: Sequence[_Key]) -> list[_Value | GatewayError]:
        """A value or an error for each key, in order."""
        answers = await asyncio.gather(*(self.load(key) for key in keys), return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(answer, GatewayError):
                raise answer
        return cast("list[_Value | GatewayError]", answers)


async def _answers(
    answer: Callable[[Sequence[_Key]], Awaitable[Sequence[_Value | GatewayError]]], keys: list[_Key], deadline: float
) -> Sequence[_Value | GatewayError]:
    """What ``answer`` says, or one error for every key: nobody who waits may be left without."""
    try:
        async with asyncio.timeout_at(deadline + _GRACE_SECONDS):
            answers = await answer(keys)
    except GatewayError as error:
        return [error] * len(keys)
    except TimeoutError:
        return [DeadlineExceeded("There was no time left to answer.")] * len(keys)
    except asyncio.CancelledError:
        return [InternalError("Something went wrong on our side.")] * len(keys)
    except Exception as error:  # noqa: BLE001 (whatever it is, nobody may be left waiting)
        _log.error("a batch of %d keys failed: %s", len(keys), without_words(error))
        return [InternalError("Something went wrong on our side.")] * len(keys)
    if not isinstance(answers, list | tuple) or len(answers) != len(keys):
        _log.error("a batch of %d keys was answered with %s", len(keys), type(answers).__name__)
        return [InternalError("Something went wrong on our side.")] * len(keys)
    return answers


def _look_at(future: "asyncio.Future[_Value]") -> None:
    """Mark an error as seen, for when everyone who waited has left."""
    if not future.cancelled():
        future.exception()
