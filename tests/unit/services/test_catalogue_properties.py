"""Whatever the audiences and the page sizes, a walk equals a plain sort."""

from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.domain.audience import Audience, AudienceKind, AudienceStatus
from audience_gateway.services.catalogue import AudienceQuery, Catalogue
from audience_gateway.services.cursors import Cursors
from audience_gateway.services.directory import Directory
from audience_gateway.services.guard import Guarded
from audience_gateway.services.listing import Listing
from tests.unit.accounts import NOW, Account, SetClock, audience

PROVIDERS = ("one", "two", "three")
CATALOGUE = Catalogue(Directory({key: Guarded(Account(key), SetClock()) for key in PROVIDERS}), Cursors(b"s" * 32))
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
AUDIENCES = st.builds(
    audience,
    native_id=TEXT.filter(bool),
    provider_key=st.sampled_from(PROVIDERS),
    name=TEXT,
    kind=st.sampled_from(AudienceKind),
    days_old=st.none() | st.sampled_from([0, 1, 1.5, 2]) | st.floats(-1_000_000, 700_000),
)
QUERIES = st.builds(
    AudienceQuery,
    provider_keys=st.none() | st.lists(st.sampled_from(PROVIDERS)).map(tuple),
    kinds=st.none() | st.lists(st.sampled_from(AudienceKind)).map(tuple),
    name_contains=st.none() | TEXT.filter(bool),
)


def wanted(audience: Audience, query: AudienceQuery) -> bool:
    return (
        (query.provider_keys is None or audience.provider_key in query.provider_keys)
        and (query.kinds is None or audience.kind in query.kinds)
        and (query.name_contains is None or query.name_contains.casefold() in audience.name.casefold())
    )


@given(
    audiences=st.lists(AUDIENCES, max_size=30, unique_by=lambda audience: audience.ref),
    query=QUERIES,
    sizes=st.lists(st.integers(1, 7), min_size=1, max_size=5),
)
def test_a_walk_with_any_page_sizes_is_the_sorted_list(
    audiences: list[Audience], query: AudienceQuery, sizes: list[int]
) -> None:
    met: list[Audience] = []
    after: str | None = None
    while True:
        plan = CATALOGUE.plan(query, first=sizes[len(met) % len(sizes)], after=after)
        answers = [
            Listing(tuple(each for each in audiences if each.provider_key == key.provider_key), ()) for key in plan.keys
        ]
        found = CATALOGUE.page(plan, answers, now=NOW)
        met.extend(found.page.values)
        after = found.page.end_cursor
        if not found.page.has_next:
            break

    chosen = [each for each in audiences if wanted(each, query)]
    dated = [each for each in chosen if each.created_at is not None]
    undated = [each for each in chosen if each.created_at is None]
    dated.sort(key=lambda each: (each.provider_key, each.native_id))
    dated.sort(key=lambda each: each.created_at or NOW, reverse=True)
    undated.sort(key=lambda each: (each.provider_key, each.native_id))
    assert met == dated + undated
    assert found.page.total == len(chosen)
    assert {each.status for each in met} <= {AudienceStatus.ACTIVE}
