"""CommBox over its emulated account."""

from audience_gateway.domain.audience import AudienceKind, AudienceStatus
from audience_gateway.providers.commbox import connect
from audience_gateway.providers.commbox.provider import CAPABILITIES
from audience_gateway.sandbox import commbox
from audience_gateway.sandbox.commbox.keys import API_KEY
from audience_gateway.sandbox.commbox.state import State
from tests.contract.sandboxed import Sandboxed
from tests.contract.truth import TrueAudience, Truth

__all__ = ["BACKDROPS", "CAPABILITIES"]

_KEY = "commbox-desk"


def _truth(state: State) -> Truth:
    audiences = {
        key: TrueAudience(
            native_id=key,
            name=audience.name,
            kind=AudienceKind(audience.type.name),
            status=AudienceStatus.ACTIVE,
            size=audience.user_count,
            created_at=audience.created_time.replace(microsecond=0),
        )
        for key, audience in state.audiences.items()
    }
    return Truth(audiences=audiences)


_SANDBOXED = Sandboxed(
    dialect="commbox",
    key=_KEY,
    path="",
    api_key=API_KEY,
    seeded=commbox.seeded,
    serve=commbox.create_app,
    connect=connect,
    truth=_truth,
    per_minute=60,
)
BACKDROPS = {"sandbox": _SANDBOXED.open}
