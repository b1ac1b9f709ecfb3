"""Fanfare's seeded sync sources, one for each way a sync can stand (Fanfare contract, Sync source)."""

from datetime import datetime, timedelta

from audience_gateway.sandbox.fanfare.catalogue import SyncedPlan
from audience_gateway.sandbox.fanfare.drafts import AUTHOR
from audience_gateway.sandbox.fanfare.keys import ORGANIZATION
from audience_gateway.sandbox.fanfare.objects import Audience, Materialization, SyncSource, stamp
from audience_gateway.sandbox.fanfare.state import State


def attach_source(
    state: State, audience: Audience, source_id: str, plan: SyncedPlan, created: datetime, synced: datetime
) -> Materialization:
    """Give ``audience`` the source of its plan and say how its membership stands; a PENDING one never ran."""
    last_synced = None if plan.status == "PENDING" else stamp(synced)
    state.sync_sources[source_id] = _source(source_id, plan, created, synced)
    audience.update(
        {
            "primarySyncSourceId": source_id,
            "primaryExternalId": plan.list_id,
            "primarySourceVendor": "klaviyo",
            "primaryLastSyncedAt": last_synced,
            "lastRefreshedAt": last_synced,
        }
    )
    return Materialization(
        status=plan.status,
        materialized_version=None if last_synced is None else 1,
        started_at=None if last_synced is None else stamp(synced - timedelta(seconds=8)),
        error="Klaviyo did not answer" if plan.status == "FAILED" else None,
    )


def _source(source_id: str, plan: SyncedPlan, created: datetime, synced: datetime) -> SyncSource:
    return SyncSource(
        id=source_id,
        organizationId=ORGANIZATION,
        syncSource=plan.source,
        syncSourceId=plan.list_id or "",
        sourceData={"name": plan.name},
        syncStatus=plan.status,
        lastSyncedAt=None if plan.status == "PENDING" else stamp(synced),
        archived=plan.archived,
        createdAt=stamp(created),
        createdBy=AUTHOR,
        updatedAt=stamp(synced),
        updatedBy=AUTHOR,
    )
