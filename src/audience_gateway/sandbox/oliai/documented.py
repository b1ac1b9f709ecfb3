"""The objects printed in OliAI's documentation, with their printed values.

Printed twice with different meanings, so settled here: the quickstart's ``cid_001`` repeats the number of
``clxxx123``, which one organisation cannot hold twice, and therefore gets the next one; the reference's
``clxxx456`` is printed as an id only. Some printed times lie after the seeded histories' present.
"""

from audience_gateway.sandbox.oliai.keys import ORGANIZATION
from audience_gateway.sandbox.oliai.objects import AudienceRecord, Campaign, Contact

AUDIENCE_MEMBERS = 250
"""The printed contact count of the one printed audience."""


def audience() -> AudienceRecord:
    """The audience object of the reference."""
    return AudienceRecord(
        id="aud_abc123",
        name="Mumbai Premium - March 2026",
        description="Hindi-speaking premium customers in Mumbai",
        organizationId=ORGANIZATION,
        createdAt="2026-03-01T10:00:00.000Z",
        updatedAt="2026-03-10T14:00:00.000Z",
    )


def contacts() -> list[Contact]:
    """The contact object of the reference and the contacts of its other examples."""
    premium = {"city": "Mumbai", "tier": "premium"}
    printed = [
        _contact("clxxx123", "Priya Sharma", "+919876543210", "hi-IN", premium),
        _contact("clxxx456", "Aarav Sharma", "+919876543220", "hi-IN", {"city": "Mumbai"}),
        _contact("cid_001", "Priya Sharma", "+919876543211", "hi-IN", premium),
        _contact("cid_002", "Ravi Kumar", "+919123456789", "en-IN", {}),
    ]
    printed[0]["updatedAt"] = "2026-03-15T08:30:00.000Z"
    return printed


def campaign() -> Campaign:
    """The campaign object of the reference, calling the printed audience."""
    return Campaign(
        id="camp_def456",
        name="Mumbai Outreach - March 2026",
        status="IN_PROGRESS",
        flowId="flow_xyz789",
        audienceId="aud_abc123",
        callsPerMinute=10,
        maxConcurrentCalls=5,
        maxRetries=3,
        retryDelayMinutes=5,
        callTimeoutMinutes=5,
        scheduledAt=None,
        timezone=None,
        organizationId=ORGANIZATION,
        createdAt="2026-03-10T09:00:00.000Z",
        startedAt="2026-03-10T09:05:00.000Z",
        completedAt=None,
    )


def _contact(contact_id: str, name: str, phone: str, language: str, metadata: dict[str, str]) -> Contact:
    created = "2026-03-01T10:00:00.000Z"
    return Contact(
        id=contact_id,
        name=name,
        phoneNumber=phone,
        language=language,
        metadata=dict(metadata),
        organizationId=ORGANIZATION,
        createdAt=created,
        updatedAt=created,
    )
