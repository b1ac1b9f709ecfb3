"""Fanfare over its emulated organisation."""

from datetime import datetime
from decimal import Decimal

from audience_gateway.domain.audience import AudienceKind, AudienceStatus, GroupKind, ImportRun, JobState
from audience_gateway.domain.member import Member
from audience_gateway.providers.fanfare import connect
from audience_gateway.providers.fanfare.provider import CAPABILITIES
from audience_gateway.sandbox import fanfare
from audience_gateway.sandbox.fanfare.keys import API_KEY
from audience_gateway.sandbox.fanfare.objects import Audience, Consumer, Import
from audience_gateway.sandbox.fanfare.state import State
from tests.contract.sandboxed import Sandboxed
from tests.contract.truth import TrueAudience, TrueGroup, Truth

__all__ = ["BACKDROPS", "CAPABILITIES"]

_KEY = "fanfare-shop"
_KINDS = {"STATIC": AudienceKind.STATIC, "DYNAMIC": AudienceKind.DYNAMIC, "SYNCED_LIST": AudienceKind.SYNCED}
_STATES = {
    "PENDING": JobState.PENDING,
    "PROCESSING": JobState.RUNNING,
    "COMPLETED": JobState.SUCCEEDED,
    "FAILED": JobState.FAILED,
}
_GROUP_KINDS = {"SEGMENTED_VALUE": GroupKind.LOYALTY_TIERS, "RFM": GroupKind.RFM}


def _truth(state: State) -> Truth:
    return Truth(
        audiences={key: _audience(state, audience) for key, audience in state.audiences.items()},
        people={key: _member(consumer) for key, consumer in state.consumers.items()},
        groups={key: _group(audiences) for key, audiences in state.groups.items()},
    )


def _audience(state: State, audience: Audience) -> TrueAudience:
    key, archived = audience["id"], audience["archived"]
    return TrueAudience(
        native_id=key,
        name=audience["name"],
        description=audience["description"],
        kind=_KINDS[audience["type"]],
        status=AudienceStatus.ARCHIVED if archived else AudienceStatus.ACTIVE,
        size=len(state.memberships[key]),
        created_at=datetime.fromisoformat(audience["createdAt"]),
        members=frozenset(state.memberships[key]),
        group_id=audience["groupId"],
        materialization=_STATES[state.status_of(key)["status"]],
        imports=tuple(_import(run) for run in state.imports[key]),
        closed=archived,
    )


def _import(run: Import) -> ImportRun:
    return ImportRun(
        native_id=run["id"],
        state=_STATES[run["status"]],
        total=run["totalConsumers"],
        processed=run["processedConsumers"],
        errors=run["errorCount"],
        progress=run["progress"] / 100,
        created_at=datetime.fromisoformat(run["createdAt"]),
        updated_at=datetime.fromisoformat(run["updatedAt"]),
    )


def _group(audiences: list[Audience]) -> TrueGroup:
    first = audiences[0]
    kind = _GROUP_KINDS[first["groupType"] or ""]
    tiers = kind is GroupKind.LOYALTY_TIERS
    return TrueGroup(
        name=first["groupName"] or "",
        kind=kind,
        audience_ids=tuple(audience["id"] for audience in audiences),
        tier_attribute=str((first["metadata"] or {})["attribute"]) if tiers else None,
    )


def _member(consumer: Consumer) -> Member:
    last_order = consumer["lastOrderAt"]
    return Member(
        provider_key=_KEY,
        native_id=consumer["id"],
        email=consumer["email"],
        phone=consumer["phone"],
        full_name=consumer["fullName"],
        external_id=consumer["externalId"],
        attributes=consumer["metadata"],
        total_orders=consumer["totalOrders"],
        total_order_value=Decimal(str(consumer["totalOrderValue"])),
        last_order_at=None if last_order is None else datetime.fromisoformat(last_order),
        created_at=datetime.fromisoformat(consumer["createdAt"]),
        updated_at=datetime.fromisoformat(consumer["updatedAt"]),
    )


_SANDBOXED = Sandboxed(
    dialect="fanfare",
    key=_KEY,
    path="/api/v1",
    api_key=API_KEY,
    seeded=fanfare.seeded,
    serve=fanfare.create_app,
    connect=connect,
    truth=_truth,
    per_minute=1_000,
)
BACKDROPS = {"sandbox": _SANDBOXED.open}
