import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audience_gateway.domain.audience import Audience, AudienceSize, AudienceStatus, SizeBasis
from audience_gateway.domain.errors import BadCursor
from audience_gateway.domain.rule import All, Condition, Opaque, RuleOperator
from audience_gateway.domain.rule_views import tree
from audience_gateway.store import SqlStore
from tests.store.population import RULE, audiences, people
from tests.store.statements import statements_of

ACTIVE, ARCHIVED = AudienceStatus.ACTIVE, AudienceStatus.ARCHIVED
ORDER = {ACTIVE: ["empty", "one", "half", "all", "rest"], ARCHIVED: ["old", "gone"]}
"""Newest first; equal times in the order stored; no time last."""


async def walk(store: SqlStore, status: AudienceStatus, sizes: list[int]) -> list[str]:
    found: list[str] = []
    after: str | None = None
    for turn in range(100):
        page = await store.list_audiences(status=status, first=sizes[turn % len(sizes)], after=after)
        assert page.total == len(ORDER[status])
        found += [audience.native_id for audience in page.values]
        assert page.has_next is (len(found) < page.total)
        if not page.has_next:
            return found
        after = page.end_cursor
    raise AssertionError("the list has no end")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(status=st.sampled_from(AudienceStatus), sizes=st.lists(st.integers(1, 8), min_size=1, max_size=4))
async def test_a_walk_by_any_page_sizes_meets_every_audience_once_newest_first(
    filled: SqlStore, status: AudienceStatus, sizes: list[int]
) -> None:
    assert await walk(filled, status, sizes) == ORDER[status]


@pytest.mark.parametrize("status", AudienceStatus)
async def test_every_rows_cursor_resumes_right_after_it(filled: SqlStore, status: AudienceStatus) -> None:
    page = await filled.list_audiences(status=status, first=10, after=None)

    for position, row in enumerate(page.rows):
        rest = await filled.list_audiences(status=status, first=10, after=row.cursor)
        assert [audience.native_id for audience in rest.values] == ORDER[status][position + 1 :]


async def test_a_list_is_one_statement(filled: SqlStore) -> None:
    with statements_of(filled) as sent:
        await filled.list_audiences(status=ACTIVE, first=2, after=None)

    assert len(sent) == 1


async def test_an_empty_store_lists_nothing(store: SqlStore) -> None:
    page = await store.list_audiences(status=ACTIVE, first=5, after=None)

    assert (page.rows, page.has_next, page.total) == ((), False, 0)


async def test_cursors_of_other_lists_and_damaged_ones_are_refused(filled: SqlStore) -> None:
    cursor = (await filled.list_audiences(status=ACTIVE, first=2, after=None)).end_cursor
    assert cursor is not None
    mark = cursor.partition(".")[0]

    with pytest.raises(BadCursor):
        await filled.list_audiences(status=ARCHIVED, first=2, after=cursor)
    for damaged in ("", "x", mark, f"{mark}.1", f"{mark}.1.", f"{mark}.9223372036854775807.1", f"{mark}.1.2.3"):
        with pytest.raises(BadCursor):
            await filled.list_audiences(status=ACTIVE, first=2, after=damaged)


async def test_audiences_come_by_native_id_in_one_statement_and_unknown_ones_are_left_out(filled: SqlStore) -> None:
    with statements_of(filled) as sent:
        found = await filled.get_audiences(["gone", "half", "unknown", "half", "nul\x00"])

    assert set(found) == {"gone", "half"}
    assert len(sent) == 1


async def test_no_native_ids_ask_nothing(filled: SqlStore) -> None:
    with statements_of(filled) as sent:
        assert await filled.get_audiences([]) == {}
    assert sent == []


async def test_every_fact_of_an_audience_comes_back_with_its_counted_size(filled: SqlStore) -> None:
    for entry in audiences(people()):
        (found,) = (await filled.get_audiences([entry.audience.native_id])).values()

        assert facts(found) == facts(entry.audience)
        assert found.size == AudienceSize(len(entry.members), SizeBasis.LIVE)


async def test_a_rule_comes_back_as_the_same_tree_with_what_nobody_understood(filled: SqlStore) -> None:
    rule = (await filled.get_audiences(["half"]))["half"].rule

    assert rule is not None
    assert rule.root == All(
        (Condition("attributes.plan", RuleOperator.IN, ("pro", "team")), Opaque({"a": [1, None, "b"]}))
    )
    assert rule.native == tree(RULE.root)


def facts(audience: Audience) -> list[object]:
    return [
        *(audience.provider_key, audience.native_id, audience.name, audience.description, audience.kind),
        *(audience.status, audience.created_at, audience.updated_at, audience.fetched_at),
    ]
