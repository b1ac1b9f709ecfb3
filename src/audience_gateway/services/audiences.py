"""Single audiences by their identifiers: out of the index while that is fresh, else from whoever holds them."""

from collections.abc import Sequence

from audience_gateway.config import LOCAL_KEY
from audience_gateway.domain.audience import Audience, AudienceRef
from audience_gateway.domain.errors import GatewayError, NotFound, StoreBusy
from audience_gateway.ports import AudienceIndex
from audience_gateway.services.directory import Directory
from audience_gateway.services.sources import Sources


class Audiences:
    """Looks audiences up; one that its provider no longer has leaves the index at once."""

    def __init__(self, directory: Directory, index: AudienceIndex, sources: Sources) -> None:
        self._directory = directory
        self._index = index
        self._sources = sources

    async def get(self, refs: Sequence[AudienceRef], *, deadline: float) -> list[Audience | GatewayError]:
        """An audience of whatever status or an error for each of ``refs``, in order."""
        found: dict[AudienceRef, Audience | GatewayError] = dict(await self._indexed(refs))
        asked = [ref for ref in dict.fromkeys(refs) if ref not in found]
        answers = await self._directory.get_audiences(asked, deadline=deadline)
        found.update(zip(asked, answers, strict=True))
        await self._take_out([ref for ref in asked if isinstance(found[ref], NotFound)])
        return [found[ref] for ref in refs]

    async def _indexed(self, refs: Sequence[AudienceRef]) -> dict[AudienceRef, Audience]:
        """What is fresh in the index; nothing when the store is away, as providers can be asked all the same."""
        try:
            fresh = await self._sources.fresh({ref.provider_key for ref in refs})
            return dict(await self._index.find([ref for ref in refs if ref.provider_key in fresh]))
        except StoreBusy:
            return {}

    async def _take_out(self, gone: Sequence[AudienceRef]) -> None:
        """Take out of the index what is gone; when that fails now, the next reading will notice it too."""
        try:
            known = await self._index.find([ref for ref in gone if ref.provider_key in self._directory.providers])
            for ref in known:
                if ref.provider_key != LOCAL_KEY:
                    await self._index.remove(ref)
        except StoreBusy:
            return
