"""The gateway's own database: people and audiences of ours, and what processes share."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from audience_gateway.domain.audience import (
    Audience,
    AudienceStatus,
)
from audience_gateway.domain.identity import Identifier
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page
from audience_gateway.domain.rule import RuleNode
from audience_gateway.domain.rule_preview import RulePreview
from audience_gateway.ports.members import MembersRequest


class Store(Protocol):
    """The gateway's own database. Rows of ``provider_key`` ``local`` are the truth about local audiences.

    Raises StoreBusy when it is locked or away. Cursors are this store's own.
    """

    async def list_audiences(self, *, status: AudienceStatus, first: int, after: str | None) -> Page[Audience]:
        """A page of the local audiences, newest first; ``total`` is exact."""
        ...

    async def get_audiences(self, native_ids: Sequence[str]) -> Mapping[str, Audience]:
        """The local audiences among ``native_ids``, in one statement; unknown ones are left out."""
        ...

    async def list_members(self, requests: Sequence[MembersRequest]) -> Sequence[Page[Member] | None]:
        """A page per request, in order and in one statement; None for an unknown audience; ``total`` is exact."""
        ...

    async def list_candidates(self, request: MembersRequest) -> Page[Member] | None:
        """A page of the people not in the audience; None for an unknown audience."""
        ...

    async def contains(self, native_id: str, identifier: Identifier) -> bool | None:
        """Whether a member of the local audience has ``identifier``, in one statement; None for an unknown audience."""
        ...

    async def get_member(self, native_id: str) -> Member | None:
        """One person of the local store."""
        ...

    async def preview_rule(self, rule: RuleNode, *, now: datetime, first: int) -> RulePreview:
        """Who would match ``rule`` at ``now``, with ``first`` of them; does not hold up the event loop.

        Raises the rule's problems as one BadInput, UnsupportedRule or RuleTooComplex with ``input_problems``.
        """
        ...

    async def secret(self, name: str) -> bytes:
        """32 random bytes kept under ``name``: made on first use, the same ever after in every process."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
