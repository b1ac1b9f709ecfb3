"""Numbered pages walked while others add and remove rows: no row is missed that is there all the time."""

import asyncio
from math import ceil

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from audience_gateway.domain.errors import BadCursor, UpstreamBadResponse
from audience_gateway.domain.page import Page
from audience_gateway.upstream.numbered import NumberedPage, read_numbered
from tests.changing_list import Change, ChangingList, Near, Person, Read, Story, walk
from tests.changing_stories import CALM_STORIES, COUNTS, FEW, MANY, QUIET_STORIES, RESTLESS_STORIES, STORIES, happening
from tests.unit.upstream import numbered_liars

MOST_CALLS = 30

_ONE_SIZE = st.integers(1, 100).map(lambda size: (size,))
LIARS_STORIES = st.builds(Story, COUNTS, _ONE_SIZE, happening(MANY))
LIARS_RESTLESS_STORIES = st.builds(Story, COUNTS, _ONE_SIZE, between_calls=happening(FEW))
RETURNING_STORIES = st.builds(
    lambda count, sizes, rows, times: Story(
        count,
        sizes,
        ((Change(Near.START, 0, 0, rows),),) * times,
        ((Change(Near.START, 0, rows, 0),),) * times,
    ),
    COUNTS,
    _ONE_SIZE,
    st.integers(1, 3),
    st.integers(1, 5),
)


async def read(people: ChangingList, first: int, after: str | None) -> Page[Person]:
    return await read_numbered(people.numbered, provider_key="vendor", first=first, after=after)


@settings(max_examples=500)
@given(story=STORIES)
async def test_no_row_is_missed_that_is_there_all_the_time_whatever_happens_to_the_others(story: Story) -> None:
    walked = await walk(story, read)

    assert walked.missed == set()
    assert max(walked.calls) <= MOST_CALLS


@settings(max_examples=300)
@given(story=CALM_STORIES)
async def test_three_changes_a_page_anywhere_neither_miss_nor_repeat_a_row_nor_stop_the_walk(story: Story) -> None:
    walked = await walk(story, read)

    assert (walked.missed, walked.repeated, walked.lost_its_place) == (set(), 0, False)


@settings(max_examples=300)
@given(story=RESTLESS_STORIES)
async def test_three_changes_between_two_calls_neither_miss_nor_repeat_a_row_nor_stop_the_walk(story: Story) -> None:
    walked = await walk(story, read)

    assert (walked.missed, walked.repeated, walked.lost_its_place) == (set(), 0, False)


@given(story=RETURNING_STORIES)
async def test_a_list_that_is_as_it_was_again_between_two_calls_deceives_nobody(story: Story) -> None:
    walked = await walk(story, read)

    assert (walked.missed, walked.lost_its_place) == (set(), False)


@given(story=QUIET_STORIES)
async def test_a_walk_in_which_nothing_happens_is_exact_and_costs_two_calls_a_page_at_most(story: Story) -> None:
    walked = await walk(story, read)

    assert walked.seen == walked.stable
    assert all(page.total == story.count for page in walked.pages)
    assert max(walked.calls) <= 2
    assert all(len(row.cursor) < 500 for page in walked.pages for row in page.rows)
    assert sum(len(page.problems) for page in walked.pages) == story.count - len(walked.stable)


@given(count=st.integers(0, 450), first=st.integers(1, 100))
async def test_a_walk_with_one_page_size_costs_one_call_a_page_up_to_50_rows_and_unverified_always(
    count: int, first: int
) -> None:
    pages = max(1, ceil(count / first))

    assert sum((await walk(Story(count, (first,)), numbered_liars.trusts_the_length)).calls) == pages
    if first <= 50:
        assert sum((await walk(Story(count, (first,)), read)).calls) == pages


@given(count=st.integers(1, 250), first=st.integers(1, 100), later=st.integers(1, 100), changes=FEW, data=st.data())
async def test_every_rows_cursor_goes_on_behind_it_after_three_changes(
    count: int, first: int, later: int, changes: tuple[Change, ...], data: st.DataObject
) -> None:
    people = ChangingList([f"row{number}" for number in range(count)])
    page = await read(people, first, None)
    row = data.draw(st.sampled_from(page.rows))
    people.last_seen = row.value.native_id
    behind = people.ids[people.ids.index(row.value.native_id) + 1 :]
    people.change(changes)

    following = await read(people, later, row.cursor)

    seen = [person.native_id for person in following.values if not person.native_id.startswith("new")]
    stable = [each for each in behind if each in people.ids]
    assert seen == stable[: len(seen)]
    assert len(following.rows) == later or following.has_next is False


@pytest.mark.parametrize("first", [1, 7, 50, 51, 100])
async def test_whoever_removes_each_page_that_was_read_meets_everybody_in_two_calls_a_page(first: int) -> None:
    everything = [f"row{number}" for number in range(730)]
    people = ChangingList(list(everything))
    seen: list[str] = []
    after = None
    while people.ids:
        people.calls = 0
        page = await read(people, first, after)
        seen += [person.native_id for person in page.values]
        after = page.end_cursor
        people.ids = [each for each in people.ids if each not in seen]
        assert people.calls <= 2

    assert seen == everything


async def test_a_place_of_which_nothing_is_left_far_from_the_start_is_told_and_not_guessed() -> None:
    people = ChangingList([f"row{number}" for number in range(1500)])
    after = None
    for _ in range(9):
        after = (await read(people, 100, after)).end_cursor
    del people.ids[200:905]

    with pytest.raises(BadCursor, match="vendor changed too much around this place; start over"):
        await read(people, 100, after)


async def test_pages_that_are_cut_short_without_a_word_are_found_out() -> None:
    people = [Person(f"row{number}") for number in range(500)]

    async def fetch(number: int, size: int) -> NumberedPage[Person]:
        start = (number - 1) * size
        return NumberedPage(tuple(people[start : start + min(size, 20)]), len(people))

    with pytest.raises(UpstreamBadResponse, match="shorter pages than asked for"):
        await read_numbered(fetch, provider_key="vendor", first=50, after=None)


@pytest.mark.parametrize("verify", [True, False])
async def test_a_page_that_is_served_for_ever_is_found_out(*, verify: bool) -> None:
    same = tuple(Person(f"row{number}") for number in range(100))

    async def fetch(_: int, size: int) -> NumberedPage[Person]:
        return NumberedPage(same[:size], 500)

    page = await read_numbered(fetch, provider_key="vendor", first=100, after=None, verify=verify)

    with pytest.raises(UpstreamBadResponse, match="again and again"):
        await read_numbered(fetch, provider_key="vendor", first=100, after=page.end_cursor, verify=verify)


async def test_as_many_broken_records_as_one_page_holds_are_passed_over() -> None:
    broken = (False, *[True] * 230)

    walked = await walk(Story(462, (40,), broken=broken), read)

    assert walked.seen == walked.stable == ["row0", "row231"]
    assert sum(len(page.problems) for page in walked.pages) == 460


@pytest.mark.parametrize(
    ("liar", "stories"),
    [
        (numbered_liars.trusts_page_numbers, LIARS_STORIES),
        (numbered_liars.trusts_the_length, LIARS_STORIES),
        (numbered_liars.remembers_one_row, LIARS_STORIES),
        (numbered_liars.verifies_before_reading, LIARS_RESTLESS_STORIES),
        (numbered_liars.verifies_the_number_only, RETURNING_STORIES),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_reader_that_trusts_too_much_is_noticed(liar: Read, stories: st.SearchStrategy[Story]) -> None:
    @settings(max_examples=2_000, phases=[Phase.generate], database=None)
    @given(story=stories)
    def keep(story: Story) -> None:
        assert asyncio.run(walk(story, liar)).missed == set()

    with pytest.raises(AssertionError):
        keep()


@pytest.mark.parametrize("liar", [numbered_liars.verifies_before_reading, numbered_liars.verifies_the_number_only])
@given(story=LIARS_STORIES)
async def test_readers_that_verify_are_good_when_nothing_happens_between_their_calls(liar: Read, story: Story) -> None:
    assert (await walk(story, liar)).missed == set()
