"""How many HTTP requests one operation really sent, by provider.

Whoever opens a tally counts what is sent from then on in the same context, and in every task that is started in it:
an operation's loaders too, because their tasks begin in the context of whoever asked first. What goes on after the
tally was closed still counts into it, and into no other.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from audience_gateway.ports import HttpReply, HttpRequest, HttpTransport
from audience_gateway.upstream.transport import TransportError


class Tally:
    """Requests sent so far."""

    def __init__(self) -> None:
        self._sent: Counter[str] = Counter()

    @property
    def calls(self) -> Mapping[str, int]:
        """How many, by provider key in alphabetical order; providers without any are left out."""
        return dict(sorted((+self._sent).items()))

    def add(self, provider_key: str, number: int) -> None:
        """Count ``number`` requests more, or fewer when negative."""
        self._sent[provider_key] += number


_TALLY: ContextVar[Tally | None] = ContextVar("tally", default=None)


@contextmanager
def tallying() -> Iterator[Tally]:
    """A fresh tally of everything that is sent inside the block."""
    tally = Tally()
    token = _TALLY.set(tally)
    try:
        yield tally
    finally:
        _TALLY.reset(token)


class MeteredTransport(HttpTransport):
    """A transport that counts what one provider sends, tries that failed and tries again included.

    A request counts unless it is sure that it was never sent, as when the connection was refused.
    """

    def __init__(self, inner: HttpTransport, provider_key: str) -> None:
        self._inner = inner
        self._provider_key = provider_key

    async def send(self, request: HttpRequest) -> HttpReply:
        """Count and send."""
        tally = _TALLY.get()
        if tally is None:
            return await self._inner.send(request)
        tally.add(self._provider_key, 1)
        try:
            return await self._inner.send(request)
        except TransportError as error:
            if not error.sent:
                tally.add(self._provider_key, -1)
            raise

    async def close(self) -> None:
        """Let go of connections."""
        await self._inner.close()
