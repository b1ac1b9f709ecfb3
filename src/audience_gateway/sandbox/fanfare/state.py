"""Fanfare's data in memory and the questions its API asks of it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from audience_gateway.sandbox.clock import Clock
from audience_gateway.sandbox.fanfare.objects import (
    Audience,
    Consumer,
    Import,
    Materialization,
    Rule,
    SyncSource,
    newest_first,
)
from audience_gateway.sandbox.fanfare.rules import matcher
from audience_gateway.sandbox.identifiers import Identifiers

RELATIONS = ("rules", "imports", "primarySyncSource")


@dataclass(slots=True)
class State:
    """Everything one organisation keeps at Fanfare.

    ``audiences``, ``consumers`` and ``sync_sources`` are by their own id, archived ones included; the rest is by
    audience id, one entry for every audience. ``memberships`` holds the stored (materialised) consumer ids.
    ``clock`` and ``identifiers`` stamp and name what gets written.
    """

    clock: Clock
    identifiers: Identifiers
    audiences: dict[str, Audience]
    consumers: dict[str, Consumer]
    sync_sources: dict[str, SyncSource]
    rules: dict[str, list[Rule]]
    imports: dict[str, list[Import]]
    memberships: dict[str, set[str]]
    materializations: dict[str, Materialization]

    @property
    def groups(self) -> dict[str, list[Audience]]:
        """The audience groups by id with their live audiences, tiers in tier order, others newest first."""
        groups: dict[str, list[Audience]] = {}
        for audience in sorted(self.listed(), key=_tier):
            if audience["groupId"] is not None:
                groups.setdefault(audience["groupId"], []).append(audience)
        return groups

    def put(
        self,
        audience: Audience,
        materialization: Materialization,
        *,
        rules: Iterable[Rule] = (),
        imports: Iterable[Import] = (),
        members: Iterable[str] = (),
    ) -> None:
        """Keep a new audience with everything that belongs to it."""
        audience_id = audience["id"]
        self.audiences[audience_id] = audience
        self.materializations[audience_id] = materialization
        self.rules[audience_id] = list(rules)
        self.imports[audience_id] = list(imports)
        self.memberships[audience_id] = set(members)

    def listed(self) -> list[Audience]:
        """The audiences that are not archived, newest first."""
        return newest_first(audience for audience in self.audiences.values() if not audience["archived"])

    def members_of(self, audience_id: str) -> list[Consumer]:
        """The stored members, newest first; KeyError when there is no such audience."""
        return newest_first(self.consumers[member] for member in self.memberships[audience_id])

    def members_of_any(self, audiences: Collection[Audience]) -> list[Consumer]:
        """Everybody stored in at least one of ``audiences``, each once, newest first."""
        members = set[str]().union(*(self.memberships[audience["id"]] for audience in audiences))
        return newest_first(self.consumers[member] for member in members)

    def evaluated(self, rules: Sequence[Rule]) -> set[str]:
        """The ids of the consumers that match ``rules`` now."""
        matches = matcher(rules)
        return {consumer["id"] for consumer in self.consumers.values() if matches(consumer)}

    def with_relations(self, audience: Audience, include: Collection[str]) -> dict[str, Any]:
        """``audience`` as sent, with the named ones of :data:`RELATIONS` and no others."""
        sent: dict[str, Any] = {**audience}
        if "rules" in include:
            sent["rules"] = self.rules[audience["id"]]
        if "imports" in include:
            sent["imports"] = self.imports[audience["id"]]
        if "primarySyncSource" in include:
            sent["primarySyncSource"] = self._source(audience)
        return sent

    def status_of(self, audience_id: str) -> dict[str, Any]:
        """The reply of the status operation; KeyError when there is no such audience."""
        audience = self.audiences[audience_id]
        kept = self.materializations[audience_id]
        return {
            "audienceId": audience_id,
            "status": self._status(audience, kept),
            "version": audience["version"],
            "materializedVersion": kept.materialized_version,
            "memberCount": len(self.memberships[audience_id]),
            "startedAt": kept.started_at,
            "lastRefreshedAt": audience["lastRefreshedAt"],
            "error": kept.error,
        }

    def _status(self, audience: Audience, kept: Materialization) -> str:
        source = self._source(audience)
        if audience["type"] == "SYNCED_LIST" and source is not None:
            return source["syncStatus"]
        if audience["type"] == "DYNAMIC":
            return kept.status
        running = any(job["status"] == "PROCESSING" for job in self.imports[audience["id"]])
        return "PROCESSING" if running else "COMPLETED"

    def _source(self, audience: Audience) -> SyncSource | None:
        source_id = audience["primarySyncSourceId"]
        return self.sync_sources[source_id] if source_id is not None else None


def _tier(audience: Audience) -> float:
    """The place of a tier in its group; 0 for what is no tier."""
    return float((audience["metadata"] or {}).get("order", 0)) if audience["groupType"] == "SEGMENTED_VALUE" else 0.0
