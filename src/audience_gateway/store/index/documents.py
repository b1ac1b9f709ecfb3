"""What another provider said about an audience, as bytes that no database looks into.

Neither database could hold all of it in columns: PostgreSQL refuses NUL in text and JSON, and both change numbers.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from audience_gateway.domain.audience import Audience, GroupRef, ImportRun, LoyaltyTier, SourceList, SyncSource
from audience_gateway.domain.rule import Rule
from audience_gateway.store.rules import read_rule, write_rule


class _Rule(msgspec.Struct, frozen=True, omit_defaults=True):
    tree: dict[str, object]
    native: object = None


class Document(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The facts that are not columns, under the names that the domain gives them."""

    name: str
    description: str | None = None
    rule: _Rule | None = None
    source_lists: tuple[SourceList, ...] | None = None
    group: GroupRef | None = None
    tier: LoyaltyTier | None = None
    sync_source: SyncSource | None = None
    imports: tuple[ImportRun, ...] | None = None
    members_as_of: datetime | None = None
    raw: dict[str, object] | None = None

    @property
    def domain_rule(self) -> Rule | None:
        """The rule as the domain has it."""
        if self.rule is None:
            return None
        native = tuple(self.rule.native) if isinstance(self.rule.native, list) else self.rule.native
        return Rule(read_rule(self.rule.tree).root, native if isinstance(native, Mapping | tuple) else None)


def write_document(audience: Audience) -> bytes:
    """The audience as bytes; raises ValueError, TypeError or OverflowError for what has no JSON form."""
    rule = None if audience.rule is None else _Rule(write_rule(audience.rule), audience.rule.native)
    document = Document(
        name=audience.name,
        description=audience.description,
        rule=rule,
        source_lists=audience.source_lists,
        group=audience.group,
        tier=audience.tier,
        sync_source=audience.sync_source,
        imports=audience.imports,
        members_as_of=audience.members_as_of,
        raw=None if audience.raw is None else dict(audience.raw),
    )
    return msgspec.json.encode(document, order="deterministic")


def read_document(document: bytes) -> Document:
    """What :func:`write_document` has written."""
    return _DECODER.decode(document)


_DECODER = msgspec.json.Decoder(Document)
