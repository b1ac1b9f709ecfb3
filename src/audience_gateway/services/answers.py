"""Many questions side by side: a value or an error for each, in order, all within one deadline."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from audience_gateway.domain.errors import DeadlineExceeded, GatewayError

_Question = TypeVar("_Question")
_Answer = TypeVar("_Answer")


async def answer(call: Awaitable[_Answer], *, deadline: float, provider_key: str) -> _Answer | GatewayError:
    """Await one call; its error becomes a value, and so does running past ``deadline`` (loop time, seconds)."""
    try:
        async with asyncio.timeout_at(deadline):
            return await call
    except GatewayError as error:
        return error
    except TimeoutError:
        return DeadlineExceeded(f"There was no time left to hear from {provider_key}.", provider_key=provider_key)


async def answer_each(
    questions: Sequence[_Question],
    ask: Callable[[_Question], Awaitable[_Answer]],
    *,
    deadline: float,
    provider_key: Callable[[_Question], str],
) -> list[_Answer | GatewayError]:
    """Ask everything at once; one failing question spoils no other."""
    calls = (answer(ask(question), deadline=deadline, provider_key=provider_key(question)) for question in questions)
    return list(await asyncio.gather(*calls))
