"""The sample people of the demo are known well enough that every field of a rule finds somebody, and make sense."""

from datetime import datetime
from decimal import Decimal

import pytest

from audience_gateway.cli.samples import sample_engagement, sample_people
from audience_gateway.sandbox.people import EPOCH
from audience_gateway.store.seed import Engagement

ENGAGEMENT = sample_engagement()


def moments(known: Engagement) -> list[datetime]:
    return [each for each in (known.last_sent_at, known.last_clicked_at, known.last_revenue_at) if each is not None]


def test_everybody_is_told_about_and_the_same_every_time() -> None:
    assert ENGAGEMENT.keys() == {person.native_id for person in sample_people()}
    assert sample_engagement() == ENGAGEMENT


def test_nothing_happened_before_somebody_signed_up_nor_after_the_present() -> None:
    for known in ENGAGEMENT.values():
        assert known.signed_up_at is not None
        assert all(known.signed_up_at <= moment <= EPOCH for moment in moments(known))


def test_counts_moments_and_amounts_agree() -> None:
    for known in ENGAGEMENT.values():
        assert known.send_count is not None
        assert known.click_count is not None
        assert known.conversion_count is not None
        assert known.send_count >= known.click_count >= known.conversion_count >= 0
        assert (known.last_sent_at is None) is (known.send_count == 0)
        assert (known.last_clicked_at is None) is (known.click_count == 0)
        bought = known.conversion_count > 0
        assert known.has_revenue is bought
        assert (known.last_revenue_at is not None) is (known.revenue_average is not None) is bought
        assert known.revenue_total is not None
        assert known.revenue_total == pytest.approx(
            (known.revenue_average or 0) * known.conversion_count, abs=Decimal("0.03")
        )


@pytest.mark.parametrize("field", ["last_clicked_at", "last_sent_at", "last_revenue_at", "carrier", "timezone"])
def test_some_are_known_and_some_are_not(field: str) -> None:
    known = sum(getattr(each, field) is not None for each in ENGAGEMENT.values())

    assert 50 < known < len(ENGAGEMENT) - 50
