"""Trackly over its emulated account."""

from datetime import UTC, datetime

from audience_gateway.domain.audience import AudienceKind, AudienceStatus
from audience_gateway.providers.trackly import connect
from audience_gateway.providers.trackly.provider import CAPABILITIES
from audience_gateway.sandbox import trackly
from audience_gateway.sandbox.trackly.keys import API_KEY
from audience_gateway.sandbox.trackly.state import State
from tests.contract.sandboxed import Sandboxed
from tests.contract.truth import TrueAudience, Truth

__all__ = ["BACKDROPS", "CAPABILITIES"]

_KEY = "trackly-texas"


def _truth(state: State) -> Truth:
    audiences = {
        key: TrueAudience(
            native_id=key,
            name=audience["name"],
            description=audience["description"],
            kind=AudienceKind.DYNAMIC,
            status=AudienceStatus(audience["status"].upper()),
            size=audience["cached_size"],
            created_at=datetime.fromisoformat(audience["created_at"]).replace(tzinfo=UTC),
        )
        for key, audience in state.audiences.items()
    }
    lists = {str(key): kept["list_name"] for key, kept in state.lists.items() if kept["status"] != "deleted"}
    return Truth(audiences=audiences, source_lists=lists)


_SANDBOXED = Sandboxed(
    dialect="trackly",
    key=_KEY,
    path="/v2",
    api_key=API_KEY,
    seeded=trackly.seeded,
    serve=trackly.create_app,
    connect=connect,
    truth=_truth,
)
BACKDROPS = {"sandbox": _SANDBOXED.open}
