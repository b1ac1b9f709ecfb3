"""Fanfare's seeded imports, one for each way an import can stand (Fanfare contract, CSV import)."""

from datetime import datetime
from typing import Any

from audience_gateway.sandbox.fanfare.drafts import AUTHOR
from audience_gateway.sandbox.fanfare.keys import ORGANIZATION
from audience_gateway.sandbox.fanfare.objects import Import, stamp
from audience_gateway.sandbox.identifiers import Identifiers

_HEADER_MISSING: tuple[dict[str, Any], ...] = (
    {"row": 1, "issues": ["At least one of the columns email, phone, externalId is required"]},
)
_BAD_ROWS: tuple[dict[str, Any], ...] = (
    {"row": 14, "issues": ["email is not a valid address"]},
    {"row": 52, "issues": ["email is not a valid address", "phone is not a valid number"]},
)


def new_import(identifiers: Identifiers, audience_id: str, status: str, good_rows: int, moment: datetime) -> Import:
    """An import of ``good_rows`` consumers that stands at ``status`` since ``moment``.

    A COMPLETED one had two bad rows besides, a PROCESSING one is halfway, a FAILED one broke on its header.
    """
    errors = {"COMPLETED": _BAD_ROWS, "FAILED": _HEADER_MISSING}.get(status, ())
    import_id = identifiers.ulid("imp_")
    total = {"COMPLETED": good_rows + len(_BAD_ROWS), "PROCESSING": 2 * good_rows}.get(status, 0)
    return Import(
        id=import_id,
        audienceId=audience_id,
        organizationId=ORGANIZATION,
        status=status,
        progress={"COMPLETED": 100, "PROCESSING": 50}.get(status, 0),
        s3Key=f"imports/{ORGANIZATION}/{import_id}.csv",
        totalConsumers=total,
        processedConsumers=total // 2 if status == "PROCESSING" else total,
        errorCount=len(errors),
        errors=list(errors),
        archived=False,
        createdAt=stamp(moment),
        createdBy=AUTHOR,
        updatedAt=stamp(moment),
        updatedBy=AUTHOR,
    )
