"""Walks over Fanfare's cursors while others add and remove rows: no row is missed that is there all the time."""

from hypothesis import given, settings

from audience_gateway.domain.page import Page
from audience_gateway.providers.fanfare.paging import read_cursored
from tests.changing_list import ChangingList, Person, Story, walk
from tests.changing_stories import CALM_STORIES, QUIET_STORIES, RESTLESS_STORIES, STORIES


async def read(people: ChangingList, first: int, after: str | None) -> Page[Person]:
    return await read_cursored(
        people.behind, identify=lambda person: person.native_id, provider_key="vendor", first=first, after=after
    )


@settings(max_examples=500)
@given(story=STORIES)
async def test_no_row_is_missed_that_is_there_all_the_time_whatever_happens_to_the_others(story: Story) -> None:
    walked = await walk(story, read)

    assert (walked.missed, walked.lost_its_place) == (set(), False)
    assert max(walked.calls) <= 30


@settings(max_examples=300)
@given(story=CALM_STORIES | RESTLESS_STORIES)
async def test_three_changes_anywhere_repeat_no_row_either(story: Story) -> None:
    walked = await walk(story, read)

    assert (walked.missed, walked.repeated, walked.lost_its_place) == (set(), 0, False)


@given(story=QUIET_STORIES)
async def test_a_walk_in_which_nothing_happens_is_exact_and_costs_two_calls_a_page_where_all_can_be_read(
    story: Story,
) -> None:
    walked = await walk(story, read)

    assert walked.seen == walked.stable
    assert len(walked.stable) < story.count or max(walked.calls) <= 2
