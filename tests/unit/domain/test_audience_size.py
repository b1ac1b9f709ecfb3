"""A size says when it was true, by itself or by its audience."""

from datetime import UTC, datetime

import pytest

from audience_gateway.domain.audience import Audience, AudienceKind, AudienceSize, AudienceStatus, SizeBasis

ASKED = datetime(2026, 3, 2, 12, tzinfo=UTC)
REFRESHED = datetime(2026, 3, 2, 11, tzinfo=UTC)


def audience(members_as_of: datetime | None) -> Audience:
    return Audience(
        provider_key="one",
        native_id="a1",
        name="Regulars",
        kind=AudienceKind.DYNAMIC,
        status=AudienceStatus.ACTIVE,
        fetched_at=ASKED,
        members_as_of=members_as_of,
    )


@pytest.mark.parametrize("moment", [REFRESHED, None])
def test_counted_stored_membership_is_as_old_as_the_audience_says(moment: datetime | None) -> None:
    assert audience(moment).dated(AudienceSize(3, SizeBasis.MATERIALIZED)).as_of == moment


@pytest.mark.parametrize(
    "size",
    [
        AudienceSize(3, SizeBasis.MATERIALIZED, ASKED),
        AudienceSize(3, SizeBasis.LIVE, ASKED),
        AudienceSize(3, SizeBasis.LIVE),
        AudienceSize(3, SizeBasis.CACHED),
        AudienceSize(None, SizeBasis.UNKNOWN),
    ],
)
def test_a_size_with_a_moment_or_of_another_kind_stays_as_it_is(size: AudienceSize) -> None:
    assert audience(REFRESHED).dated(size) is size
