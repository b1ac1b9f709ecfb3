"""Sizes that providers tell one by one: asked when somebody wants them, else in the background, kept in the index."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

from audience_gateway.config import LOCAL_KEY
from audience_gateway.domain.audience import Audience, AudienceRef, AudienceSize, SizeBasis
from audience_gateway.domain.capability import Operation
from audience_gateway.domain.errors import DeadlineExceeded, GatewayError, ProviderFault, StoreBusy
from audience_gateway.ports import AudienceIndex, Clock
from audience_gateway.services.actions import refusal_of
from audience_gateway.services.answers import answer_each
from audience_gateway.services.background import Background
from audience_gateway.services.directory import Directory
from audience_gateway.services.guard import Guarded

_UNKNOWN = AudienceSize(None, SizeBasis.UNKNOWN)
_AT_ONCE = 4
_KEPT = timedelta(minutes=15)
"""How long a size that was asked for counts as the last known one before it is asked for again."""
_FIRST_COME_SECONDS = 1.0
"""How long the background leaves the first word to the callers of a list just read."""
_ROUND_SECONDS = 60.0


class Sizes:
    """Reads sizes within what providers allow."""

    def __init__(self, directory: Directory, index: AudienceIndex, clock: Clock, background: Background) -> None:
        self._directory = directory
        self._index = index
        self._clock = clock
        self._background = background
        self._filling: set[str] = set()

    async def read(self, refs: Sequence[AudienceRef], *, deadline: float) -> list[AudienceSize | GatewayError]:
        """A size or an error for each, in order; unknown while the provider's calls are kept for what has no other way.

        :param deadline: the moment of the event loop's clock by which all are there.
        """

        async def ask(ref: AudienceRef) -> AudienceSize:
            provider = self._directory.provider(ref.provider_key)
            return await provider.read_size(ref.native_id) if provider.pace.has_spare else _UNKNOWN

        answers = await answer_each(refs, ask, deadline=deadline, provider_key=lambda ref: ref.provider_key)
        sizes = {
            ref: answer
            for ref, answer in zip(refs, answers, strict=True)
            if isinstance(answer, AudienceSize) and answer is not _UNKNOWN
        }
        await self._keep(await self._dated(sizes))
        return answers

    def fill(self, provider_key: str) -> None:
        """Ask in the background for the sizes that the provider's list leaves out and nobody has asked for lately."""
        provider = self._directory.provider(provider_key)
        if provider.capabilities.supports(Operation.READ_SIZE) and provider_key not in self._filling:
            self._filling.add(provider_key)
            task = self._background.start(self._fill(provider))
            task.add_done_callback(lambda _: self._filling.discard(provider_key))

    async def _fill(self, provider: Guarded) -> None:
        """Go on until nothing is due, or provider or store fail altogether; the next reading starts it again."""
        await asyncio.sleep(_FIRST_COME_SECONDS)
        while due := await self._due(provider.key):
            answers = dict(zip([audience.ref for audience in due], await self._ask(provider, due), strict=True))
            if all(isinstance(answer, ProviderFault | DeadlineExceeded) for answer in answers.values()):
                return
            if not await self._keep({audience.ref: _known(audience, answers[audience.ref]) for audience in due}):
                return

    async def _due(self, provider_key: str) -> Sequence[Audience]:
        try:
            return await self._index.sizes_due(provider_key, before=self._clock.now() - _KEPT, limit=_AT_ONCE)
        except StoreBusy:
            return ()

    async def _ask(self, provider: Guarded, due: Sequence[Audience]) -> list[AudienceSize | GatewayError]:
        async def ask(audience: Audience) -> AudienceSize:
            refusal = refusal_of(audience, provider.capabilities, Operation.READ_SIZE)
            if refusal is not None:
                raise refusal
            return await provider.read_size(audience.native_id)

        await provider.pace.spare()
        deadline = asyncio.get_running_loop().time() + _ROUND_SECONDS
        return await answer_each(due, ask, deadline=deadline, provider_key=lambda _: provider.key)

    async def _dated(self, sizes: Mapping[AudienceRef, AudienceSize]) -> dict[AudienceRef, AudienceSize]:
        """The sizes with the moments that their audiences give them, of those that the index has."""
        try:
            known = await self._index.find(list(sizes))
        except StoreBusy:
            return {}
        return {ref: audience.dated(sizes[ref]) for ref, audience in known.items()}

    async def _keep(self, sizes: Mapping[AudienceRef, AudienceSize]) -> bool:
        """Keep the sizes; False when the store is away, as they can be asked for again."""
        remote = {ref: size for ref, size in sizes.items() if ref.provider_key != LOCAL_KEY}
        try:
            if remote:
                await self._index.note_sizes(remote, now=self._clock.now())
        except StoreBusy:
            return False
        return True


def _known(audience: Audience, answer: AudienceSize | GatewayError) -> AudienceSize:
    """What is known of the size now: one that could not be told stays what it was, and is not asked for again soon."""
    return audience.dated(answer) if isinstance(answer, AudienceSize) else audience.size or _UNKNOWN
