"""Rules that are not saved anywhere: what they may ask about at each provider, and whom they would find."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from audience_gateway.config import LOCAL_KEY
from audience_gateway.domain.errors import GatewayError, UnsupportedOperation
from audience_gateway.domain.rule import RuleNode, RuleOperator
from audience_gateway.domain.rule_fields import ANY_ATTRIBUTE, FIELDS, FieldType
from audience_gateway.domain.rule_preview import RulePreview
from audience_gateway.ports import Clock
from audience_gateway.services.answers import answer
from audience_gateway.services.directory import Directory

_NAMES: Mapping[str, FieldType] = {**FIELDS, ANY_ATTRIBUTE: FieldType.ANY}


class PreviewRule(Protocol):
    """``Store.preview_rule``."""

    async def __call__(self, rule: RuleNode, *, now: datetime, first: int) -> RulePreview:
        """Who would match ``rule`` at ``now``, with ``first`` of them."""
        ...


@dataclass(frozen=True, slots=True)
class RuleField:
    """Something that rules may ask about, by which operators, and the keys of the providers that can hold it."""

    name: str
    type: FieldType
    operators: tuple[RuleOperator, ...]
    provider_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimedPreview:
    """A preview and how many seconds it took."""

    preview: RulePreview
    seconds: float


class Rules:
    """What can be done with a rule before it is saved."""

    def __init__(self, directory: Directory, preview_rule: PreviewRule, clock: Clock) -> None:
        self._directory = directory
        self._preview_rule = preview_rule
        self._clock = clock

    def fields(self, provider_key: str | None) -> list[RuleField]:
        """What the rules of one provider, or of all together, may ask about; raises NotFound for an unknown key."""
        keys = list(self._directory.providers) if provider_key is None else [provider_key]
        known = {key: self._directory.provider(key).capabilities.rule_fields for key in keys}
        fields = []
        for name, kind in _NAMES.items():
            holders = tuple(key for key in keys if name in known[key])
            operators = frozenset[RuleOperator]().union(*(known[key][name] for key in holders))
            if holders:
                ordered = tuple(operator for operator in RuleOperator if operator in operators)
                fields.append(RuleField(name, kind, ordered, holders))
        return fields

    async def preview(self, rule: RuleNode, *, provider_key: str, first: int, deadline: float) -> TimedPreview:
        """Who would match ``rule`` now.

        Raises NotFound, UnsupportedOperation for any provider but the local store, the errors of
        ``Store.preview_rule``, and DeadlineExceeded.

        :param deadline: the moment of the event loop's clock by which there must be an answer.
        """
        provider = self._directory.provider(provider_key)
        if provider.key != LOCAL_KEY:
            raise UnsupportedOperation(
                f"{provider.key} cannot preview rules; {LOCAL_KEY} can.", provider_key=provider.key
            )
        time = asyncio.get_running_loop().time
        began = time()
        asked = self._preview_rule(rule, now=self._clock.now(), first=first)
        found = await answer(asked, deadline=deadline, provider_key=provider.key)
        if isinstance(found, GatewayError):
            raise found
        return TimedPreview(found, time() - began)
