"""Fanfare's imports, as they come with its audiences, become the right values."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from audience_gateway.domain.audience import ImportRun, JobState
from audience_gateway.providers.fanfare.mapping import audience_of
from tests.providers.fanfare.test_mapping import audience, recorded
from tests.providers.scripted import NOW


def test_the_documented_import_reads_as_ours_and_imports_stand_newest_first() -> None:
    run = recorded("import")["import"]
    assert isinstance(run, Mapping)
    done = {
        **run,
        "id": "imp_2",
        "status": "COMPLETED",
        "createdAt": "2026-03-02T00:00:00Z",
        "totalConsumers": 9,
        "processedConsumers": 8,
        "errorCount": 1,
        "progress": 100,
    }

    found = audience_of(audience(imports=[run, done]), NOW)

    moment = datetime(2026, 3, 1, 10, 5, tzinfo=UTC)
    assert found.imports == (
        ImportRun(
            native_id="imp_2",
            state=JobState.SUCCEEDED,
            total=9,
            processed=8,
            errors=1,
            progress=1.0,
            created_at=datetime(2026, 3, 2, tzinfo=UTC),
            updated_at=moment,
        ),
        ImportRun(
            native_id="imp_01J0000000000000000000001",
            state=JobState.PENDING,
            total=0,
            processed=0,
            errors=0,
            progress=0.0,
            created_at=moment,
            updated_at=moment,
        ),
    )


@pytest.mark.parametrize(
    ("percent", "share"), [(0, 0.0), (50, 0.5), ("12.5", 0.125), (100, 1.0), (101, None), (-1, None), ("half", None)]
)
def test_progress_of_an_import_is_a_share_and_what_is_none_is_unknown(percent: object, share: float | None) -> None:
    found = audience_of(audience(imports=[{"id": "imp_1", "progress": percent}]), NOW)

    assert found.imports == (
        ImportRun(native_id="imp_1", state=JobState.UNKNOWN, total=None, processed=0, errors=0, progress=share),
    )
