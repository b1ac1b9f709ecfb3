"""OliAI over its emulated organisation."""

from datetime import datetime

from audience_gateway.domain.audience import AudienceKind, AudienceStatus
from audience_gateway.domain.member import Member
from audience_gateway.providers.oliai import connect
from audience_gateway.providers.oliai.provider import CAPABILITIES
from audience_gateway.sandbox import oliai
from audience_gateway.sandbox.oliai.keys import API_KEY, ORGANIZATION
from audience_gateway.sandbox.oliai.objects import Contact
from audience_gateway.sandbox.oliai.state import State
from tests.contract.sandboxed import Sandboxed
from tests.contract.truth import TrueAudience, Truth

__all__ = ["BACKDROPS", "CAPABILITIES"]

_KEY = "oliai-pune"


def _truth(state: State) -> Truth:
    everybody = frozenset(contact["id"] for contact in state.contacts_of(ORGANIZATION))
    audiences = {
        key: TrueAudience(
            native_id=key,
            name=record["name"],
            description=record["description"],
            kind=AudienceKind.STATIC,
            status=AudienceStatus.ACTIVE,
            size=len(state.memberships[key]),
            created_at=datetime.fromisoformat(record["createdAt"]),
            members=frozenset(state.memberships[key]),
            candidates=everybody - state.memberships[key],
        )
        for key, record in state.records.items()
        if record["organizationId"] == ORGANIZATION
    }
    return Truth(audiences=audiences, people={key: _member(state.contacts[key]) for key in everybody})


def _member(contact: Contact) -> Member:
    return Member(
        provider_key=_KEY,
        native_id=contact["id"],
        phone=contact["phoneNumber"],
        full_name=contact["name"],
        language=contact["language"],
        attributes=contact["metadata"],
        created_at=datetime.fromisoformat(contact["createdAt"]),
        updated_at=datetime.fromisoformat(contact["updatedAt"]),
    )


_SANDBOXED = Sandboxed(
    dialect="oliai",
    key=_KEY,
    path="/v1",
    api_key=API_KEY,
    seeded=oliai.seeded,
    serve=oliai.create_app,
    connect=connect,
    truth=_truth,
    per_minute=60,
)
BACKDROPS = {"sandbox": _SANDBOXED.open}
