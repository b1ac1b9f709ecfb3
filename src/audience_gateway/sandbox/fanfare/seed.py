"""Fanfare's seeded data: the same every time, drawn from the shared population."""

import random
from datetime import datetime, timedelta

from audience_gateway.sandbox.clock import Clock
from audience_gateway.sandbox.fanfare.catalogue import DYNAMIC_PLANS, STATIC_PLANS, SYNCED_PLANS, DynamicPlan
from audience_gateway.sandbox.fanfare.consumers import seeded_consumers
from audience_gateway.sandbox.fanfare.documented import add_documented
from audience_gateway.sandbox.fanfare.drafts import new_audience, new_rules, universal_id
from audience_gateway.sandbox.fanfare.groups import add_groups
from audience_gateway.sandbox.fanfare.imports import new_import
from audience_gateway.sandbox.fanfare.objects import Audience, Materialization, stamp
from audience_gateway.sandbox.fanfare.sources import attach_source
from audience_gateway.sandbox.fanfare.state import State
from audience_gateway.sandbox.identifiers import Identifiers
from audience_gateway.sandbox.people import EPOCH, Person

_SEED = 4_004
_TWO_YEARS = timedelta(days=730)
_ONE_DAY = timedelta(days=1)
_NEWER_IDS = 0.2
"""The share of audiences with identifiers of the newer style."""


def seeded(clock: Clock, people: tuple[Person, ...]) -> State:
    """80 audiences, archived ones among them, and, given a large enough population, 5,000 consumers."""
    source, identifiers = random.Random(_SEED), Identifiers(_SEED)
    state = State(
        clock=clock,
        identifiers=identifiers,
        audiences={},
        consumers=seeded_consumers(source, identifiers, people),
        sync_sources={},
        rules={},
        imports={},
        memberships={},
        materializations={},
    )
    add_documented(state)
    add_groups(state)
    _add_static(state, source)
    _add_dynamic(state, source)
    _add_synced(state, source)
    return state


def _add_static(state: State, source: random.Random) -> None:
    for plan in STATIC_PLANS:
        created, updated = _moments(source)
        audience = new_audience(_audience_id(state, source), plan.name, "STATIC", created, updated)
        audience.update({"description": plan.description, "archived": plan.archived})
        imports = []
        if plan.imported is not None:
            imports = [new_import(state.identifiers, audience["id"], plan.imported, plan.size, updated)]
            audience["lastRefreshedAt"] = stamp(updated) if plan.imported == "COMPLETED" else None
        state.put(audience, Materialization("COMPLETED", 1), imports=imports, members=_some(state, source, plan.size))


def _add_dynamic(state: State, source: random.Random) -> None:
    for plan in DYNAMIC_PLANS:
        created, updated = _moments(source)
        audience = new_audience(_audience_id(state, source), plan.name, "DYNAMIC", created, updated)
        audience.update({"description": plan.description, "archived": plan.archived, "version": plan.version})
        _materialise(state, audience, plan, refreshed=EPOCH - timedelta(seconds=source.randrange(60, 3_600)))


def _materialise(state: State, audience: Audience, plan: DynamicPlan, refreshed: datetime) -> None:
    """Store the members of the current rules, or of all but the last rule where the newest version is not done."""
    rules = new_rules(state.identifiers, audience["id"], plan.conditions)
    done = plan.status == "COMPLETED"
    audience["lastRefreshedAt"] = stamp(refreshed)
    materialization = Materialization(
        status=plan.status,
        materialized_version=plan.version if done else plan.version - 1,
        started_at=stamp(refreshed - timedelta(seconds=3)),
        error="Evaluation took longer than 300 seconds" if plan.status == "FAILED" else None,
    )
    members = state.evaluated(rules if done else rules[:-1])
    state.put(audience, materialization, rules=rules, members=members)


def _add_synced(state: State, source: random.Random) -> None:
    for plan in SYNCED_PLANS:
        created, updated = _moments(source)
        audience = new_audience(_audience_id(state, source), plan.name, "SYNCED_LIST", created, updated)
        audience["archived"] = plan.archived
        materialization = Materialization("COMPLETED", 1)
        if plan.list_id is not None:
            source_id = state.identifiers.ulid("src_")
            materialization = attach_source(state, audience, source_id, plan, created, updated)
        state.put(audience, materialization, members=_some(state, source, plan.size))


def _audience_id(state: State, source: random.Random) -> str:
    newer = source.random() < _NEWER_IDS
    return universal_id(state.identifiers) if newer else state.identifiers.ulid("aud_")


def _some(state: State, source: random.Random, size: int) -> list[str]:
    ids = list(state.consumers)
    return source.sample(ids, min(size, len(ids)))


def _moments(source: random.Random) -> tuple[datetime, datetime]:
    """When something was created, in the two years before the seeded present, and updated, a day before it at most."""
    created = EPOCH - timedelta(seconds=source.randrange(2 * 86_400, int(_TWO_YEARS.total_seconds())))
    return created, created + (EPOCH - _ONE_DAY - created) * source.random()
