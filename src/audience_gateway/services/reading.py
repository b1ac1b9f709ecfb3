"""Reading all audiences of one provider into the index, so that half a read never looks like deletions.

A list that changes while it is read is read again. What is missing in the end is asked for by itself before it leaves
the index, as far as the provider can be asked; and when more than half would leave, a second reading must agree.
"""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from audience_gateway.domain.audience import Audience, AudienceStatus
from audience_gateway.domain.capability import Operation, Support
from audience_gateway.domain.catalogue import Reading
from audience_gateway.domain.errors import BadCursor, GatewayError, NotFound, UpstreamBadResponse
from audience_gateway.domain.page import PAGE_LIMIT
from audience_gateway.ports import AudienceIndex, Clock, Provider
from audience_gateway.services.answers import answer_each

LEASE_SECONDS = 30.0
"""How long a reader may show no sign of life before another may take over."""
_TRIES = 3
_MOST_PAGES = 10_000
_FEW = 20
_CONFIRMED = 20
_CONFIRMED_UNLISTED = 1_000
_CONFIRM_SECONDS = 300.0


@dataclass(slots=True)
class _Pass:
    """What one pass through the lists has met; ``trouble`` is why it is not the whole list at one moment."""

    problems: list[GatewayError] = field(default_factory=list)
    trouble: GatewayError | None = None


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What of the missing audiences stays.

    :param gap: why it is not known of all of them whether they are gone.
    :param doubt: why what was not asked for may not leave.
    """

    kept: frozenset[str] = frozenset()
    gap: GatewayError | None = None
    doubt: GatewayError | None = None


class Reader:
    """Reads one provider under one right to do so."""

    def __init__(self, provider: Provider, index: AudienceIndex, clock: Clock, reading: Reading) -> None:
        self._provider = provider
        self._index = index
        self._clock = clock
        self._reading = reading
        listed = provider.capabilities.statuses
        # Active ones first: an audience archived in between is met twice, and the second time is the true one.
        self._statuses = [status for status in AudienceStatus if status in listed]

    async def read(self, suspicion: str | None) -> None:
        """Read everything and take it over; raises what the provider and the index raise.

        :param suspicion: what the last reading left out, if it was not trusted.
        """
        found = await self._read_lists()
        known, missing = await self._index.missing(self._reading, self._statuses)
        if found.trouble is not None:
            await self._finish(retire=False, gap=found.trouble)
            return
        left_out = _digest(missing)
        if known >= _FEW and len(missing) * 2 > known and suspicion != left_out:
            doubt = self._error(f"leaves out {len(missing)} of {known} audiences; they stay until a second list agrees")
            await self._finish(retire=False, doubt=(doubt, left_out))
            return
        verdict = await self._confirm(missing, certain=not found.problems)
        gap = next(iter(found.problems), verdict.doubt or verdict.gap)
        await self._finish(retire=verdict.doubt is None, kept=verdict.kept, gap=gap)

    async def _read_lists(self) -> _Pass:
        for attempt in range(1, _TRIES + 1):
            found = _Pass()
            for status in self._statuses:
                await self._read_list(status, found, to_the_end=attempt == _TRIES)
                if found.trouble is not None and attempt < _TRIES:
                    break
            if found.trouble is None:
                return found
            if attempt < _TRIES:
                await self._index.restart(self._reading)
        return found

    async def _read_list(self, status: AudienceStatus, found: _Pass, *, to_the_end: bool) -> None:
        met: set[str] = set()
        passed: set[str] = set()
        total: int | None = None
        unreadable = 0
        after: str | None = None
        for number in range(_MOST_PAGES):
            try:
                page = await self._provider.list_audiences(status=status, first=PAGE_LIMIT, after=after)
            except BadCursor:
                found.trouble = self._error("lists audiences that change places while they are read")
                return
            await self._stage(page.values, found)
            repeated = [audience for audience in page.values if audience.native_id in met]
            met.update(audience.native_id for audience in page.values)
            found.problems.extend(page.problems)
            unreadable += len(page.problems)
            if repeated or (number and page.total != total):
                found.trouble = self._error("lists audiences that change places while they are read")
                if not to_the_end:
                    return
            total, after = page.total, page.end_cursor
            if page.has_next is False or after is None:
                if page.has_next or (total is not None and len(met) + unreadable < total):
                    found.trouble = found.trouble or self._error("says that it has more audiences than it lists")
                return
            if after in passed:
                break
            passed.add(after)
        raise self._error("lists audiences without end")

    async def _confirm(self, missing: Sequence[str], *, certain: bool) -> _Verdict:
        """Ask for what is missing, or for some of it when it is much; what is there after all is put aside too."""
        capabilities = self._provider.capabilities
        native = capabilities.of(Operation.GET).support is Support.NATIVE
        if not missing or (certain and not native):
            return _Verdict()
        if not capabilities.supports(Operation.GET):
            return _Verdict(doubt=self._error("lists audiences that cannot be read, which may be those it leaves out"))
        asked = missing[: _CONFIRMED_UNLISTED if capabilities.unlisted else _CONFIRMED]
        answers = dict(zip(asked, await self._ask(asked), strict=True))
        there = [answer for answer in answers.values() if isinstance(answer, Audience)]
        unknown = {
            native_id: answer
            for native_id, answer in answers.items()
            if isinstance(answer, GatewayError) and not isinstance(answer, NotFound)
        }
        await self._stage(there, _Pass())
        overlooked = [audience for audience in there if audience.status in self._statuses]
        kept, gap = frozenset(unknown), next(iter(unknown.values()), None)
        if len(asked) == len(missing):
            return _Verdict(kept, gap)
        if overlooked or capabilities.unlisted or len(unknown) == len(asked):
            return _Verdict(doubt=self._error("leaves audiences out of its list that it still has"))
        return _Verdict(kept, gap)

    async def _ask(self, native_ids: Sequence[str]) -> Sequence[Audience | GatewayError]:
        if Operation.GET in self._provider.capabilities.batches:
            return await self._provider.get_audiences(native_ids)
        return await answer_each(
            native_ids,
            self._provider.get_audience,
            deadline=asyncio.get_running_loop().time() + _CONFIRM_SECONDS,
            provider_key=lambda _: self._provider.key,
        )

    async def _stage(self, audiences: Sequence[Audience], found: _Pass) -> None:
        now = self._clock.now()
        refused = await self._index.stage(self._reading, audiences, now=now, lease_seconds=LEASE_SECONDS)
        found.problems.extend(self._error("lists an audience that cannot be kept") for _ in refused)

    async def _finish(
        self,
        *,
        retire: bool,
        kept: frozenset[str] = frozenset(),
        gap: GatewayError | None = None,
        doubt: tuple[GatewayError, str] | None = None,
    ) -> None:
        await self._index.finish(self._reading, statuses=self._statuses, retire=retire, kept=kept, gap=gap, doubt=doubt)

    def _error(self, what: str) -> UpstreamBadResponse:
        return UpstreamBadResponse(f"{self._provider.key} {what}.", provider_key=self._provider.key)


def _digest(native_ids: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(native_ids).encode()).hexdigest()
