"""Imports are paged newest first, go on at every edge whatever changed meanwhile, and are read only when missing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.domain.audience import Audience, AudienceRef, ImportRun, JobState
from audience_gateway.domain.capability import Capabilities
from audience_gateway.domain.errors import BadCursor, NotFound, UpstreamBadResponse
from audience_gateway.domain.page import Page
from audience_gateway.services.cursors import Cursors
from audience_gateway.services.imports import created_at, import_of, import_page, with_imports
from tests.unit.accounts import NOW, audience

CURSORS = Cursors(b"s" * 32)
REPORTING, SILENT = Capabilities(operations={}, reports_imports=True), Capabilities(operations={})


def run(native_id: str, days_old: float | None = 1) -> ImportRun:
    created = None if days_old is None else NOW - timedelta(days=days_old)
    return ImportRun(native_id=native_id, state=JobState.SUCCEEDED, total=1, processed=1, errors=0, created_at=created)


RUNS = st.lists(
    st.builds(run, st.text("abcdef", min_size=1, max_size=3), st.none() | st.sampled_from([0.0, 0.5, 1.0, 700.0])),
    unique_by=lambda each: each.native_id,
    max_size=12,
)


def holding(*runs: ImportRun) -> Audience:
    return replace(audience("a"), imports=runs)


def page(of: Audience, first: int, after: str | None = None) -> Page[ImportRun]:
    found = import_page(of, first=first, after=after, cursors=CURSORS)
    assert found is not None
    return found


@given(RUNS, st.integers(1, 5))
def test_every_import_stands_once_newest_first_and_every_cursor_goes_on(runs: list[ImportRun], first: int) -> None:
    whole = page(holding(*runs), 100)

    times = [each.created_at for each in whole.values]
    known = [moment for moment in times if moment is not None]
    assert known == sorted(known, reverse=True)
    assert times[len(known) :] == [None] * (len(times) - len(known))
    assert {each.native_id for each in whole.values} == {each.native_id for each in runs}
    assert (whole.total, whole.has_next) == (len(runs), False)
    for place, row in enumerate(whole.rows, 1):
        rest = page(holding(*reversed(runs)), first, row.cursor)
        assert rest.values == whole.values[place : place + first]
        assert (rest.total, rest.has_next) == (len(runs), place + first < len(runs))


@given(RUNS, RUNS, st.data())
def test_imports_that_come_and_go_hide_and_repeat_no_other(
    before: list[ImportRun], after: list[ImportRun], data: st.DataObject
) -> None:
    first = page(holding(*before), 3)
    kept = {each.native_id: each for each in before}
    changed = {each.native_id: kept.get(each.native_id, each) for each in after}
    place = data.draw(st.integers(0, len(first.rows)))
    cursor, seen = first.rows[place - 1].cursor if place else None, first.values[:place]

    rest = page(holding(*changed.values()), 100, cursor).values

    stable = [each for each in page(holding(*before), 100).values if each.native_id in changed]
    assert [each for each in (*seen, *rest) if each in stable] == stable


def test_a_cursor_of_another_audience_is_refused() -> None:
    cursor = page(holding(run("1"), run("2")), 1).rows[0].cursor
    other = replace(holding(run("1")), native_id="b")

    with pytest.raises(BadCursor):
        import_page(other, first=1, after=cursor, cursors=CURSORS)


async def test_an_audience_is_read_by_itself_only_when_its_provider_tells_of_imports_and_sent_none_along() -> None:
    read: list[AudienceRef] = []

    async def get(ref: AudienceRef) -> Audience:
        read.append(ref)
        return holding(run("1"))

    bare = audience("a")
    assert await with_imports(bare, SILENT, get) is bare
    assert await with_imports(holding(), REPORTING, get) == holding()
    assert read == []
    assert await with_imports(bare, REPORTING, get) == holding(run("1"))
    assert read == [bare.ref]


def test_no_imports_at_all_are_no_page_and_none_yet_is_an_empty_one() -> None:
    assert import_page(audience("a"), first=5, after=None, cursors=CURSORS) is None
    assert page(holding(), 5) == Page(rows=(), has_next=False, total=0)


def test_an_import_is_found_by_its_identifier_or_not_there() -> None:
    assert import_of(holding(run("1"), run("2")), "2") == run("2")
    for where in (holding(run("1")), audience("a")):
        with pytest.raises(NotFound) as caught:
            import_of(where, "2")
        assert caught.value.provider_key == "one"


def test_a_moment_that_was_not_sent_is_an_error_and_not_a_guess() -> None:
    assert created_at(holding(), run("1", 0)) == NOW
    with pytest.raises(UpstreamBadResponse):
        created_at(holding(), run("1", None))
