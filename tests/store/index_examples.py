"""Audiences, queries and moments that have tripped indexes before, for drawing examples from."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st

from audience_gateway.domain.audience import (
    Audience,
    AudienceKind,
    AudienceSize,
    AudienceStatus,
    GroupKind,
    GroupRef,
    ImportRun,
    JobState,
    LoyaltyTier,
    SizeBasis,
    SourceList,
    SyncSource,
)
from audience_gateway.domain.catalogue import (
    AudienceQuery,
    AudienceSort,
    AudienceSortField,
    CountRange,
    MomentRange,
    SortDirection,
)
from audience_gateway.domain.errors import UpstreamRateLimited, UpstreamTimeout
from audience_gateway.domain.group import GroupKey
from audience_gateway.domain.rule import All, Any, Condition, Not, Opaque, Rule, RuleNode, RuleOperator, TimeUnit
from tests.store.population import START

REMOTE = ("one", "two")
PROVIDERS = ("local", *REMOTE)
NATIVE_IDS = ("a", "B", "b", "10", "9", "", " ", "ß", "İ", "é", "\U0001f600", "\uffff", "%", "nul\x00")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
NAMES = st.one_of(
    st.sampled_from(
        ("a", "A", "ab", "B", "ß", "ss", "SS", "İstanbul", "istanbul", "\u0131", "é", "e\u0301", "\U0001f600", "\uffff")
    ),
    st.sampled_from(
        ("", " ", "nul\x00", "100%", "1_0", "x" * 199 + "ß", "x" * 200 + "a", "x" * 200 + "b", "雪" * 5_000)
    ),
    TEXT,
)
MOMENTS = st.one_of(
    st.none(),
    st.sampled_from([START, START + timedelta(microseconds=1), START - timedelta(days=60 * 365)]),
    st.integers(-3, 3).map(lambda hours: START + timedelta(hours=hours)),
)
SIZES = st.builds(
    AudienceSize,
    value=st.sampled_from([0, 1, 2, 9, 10, 2**62]) | st.none(),
    basis=st.sampled_from(SizeBasis),
    as_of=st.none() | st.just(START - timedelta(days=1)),
)
GROUPS = st.builds(
    GroupRef,
    native_id=st.sampled_from(["g", "G", "nul\x00"]),
    name=st.sampled_from(["Ladder", "ladder", "nul\x00"]),
    kind=st.sampled_from(GroupKind),
)
FAILURES = st.sampled_from(
    [
        UpstreamTimeout("one did not answer.", provider_key="one"),
        UpstreamRateLimited(
            "slower", provider_key="one", retry_after_seconds=7, upstream_status=429, upstream_code="x"
        ),
    ]
)
SORTS = st.builds(AudienceSort, st.sampled_from(AudienceSortField), st.sampled_from(SortDirection))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
QUERIES = st.builds(
    AudienceQuery,
    provider_keys=st.none() | st.just(REMOTE),
    statuses=st.sampled_from([(AudienceStatus.ACTIVE,), tuple(AudienceStatus), (AudienceStatus.ARCHIVED,), ()]),
    kinds=st.none() | st.just((AudienceKind.STATIC,)) | st.just((AudienceKind.DYNAMIC, AudienceKind.SYNCED)),
    name_contains=st.none() | st.sampled_from(["", "A", "ss", "ß", "i", "İ", "%", "_", "\x00", "\ud800", "\ufffd"]),
    created_at=st.none() | st.builds(MomentRange, MOMENTS, MOMENTS),
    size=st.none() | st.builds(CountRange, st.none() | st.integers(0, 10), st.none() | st.integers(0, 10)),
    group=st.none() | st.builds(GroupKey, st.sampled_from(REMOTE), st.sampled_from(["g", "G", "nul\x00", "unknown"])),
)
EVERYTHING = st.just(AudienceQuery(statuses=tuple(AudienceStatus)))


def remote_audiences(provider_keys: tuple[str, ...] = REMOTE) -> st.SearchStrategy[Audience]:
    """Audiences as the index tells them apart."""
    return st.builds(
        Audience,
        provider_key=st.sampled_from(provider_keys),
        native_id=st.sampled_from(NATIVE_IDS),
        name=NAMES,
        kind=st.sampled_from(AudienceKind),
        status=st.sampled_from(AudienceStatus),
        fetched_at=st.integers(0, 9).map(lambda minutes: START + timedelta(minutes=minutes)),
        size=st.none() | SIZES,
        group=st.none() | GROUPS,
        created_at=MOMENTS,
        updated_at=MOMENTS,
    )


_MONEY = st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=2) | st.just(Decimal("1E+5"))
_COUNTS = st.integers(0, 2**40)
_CONDITIONS = st.builds(
    Condition,
    field=TEXT,
    operator=st.sampled_from(RuleOperator),
    value=st.none() | st.booleans() | st.integers(-9, 9) | TEXT | st.lists(TEXT, max_size=3).map(tuple),
    unit=st.none() | st.sampled_from(TimeUnit),
    source_list=st.none() | TEXT,
)
_LEAVES: st.SearchStrategy[RuleNode] = _CONDITIONS | st.builds(Opaque, JSON)


def _branches(inner: st.SearchStrategy[RuleNode]) -> st.SearchStrategy[RuleNode]:
    children = st.lists(inner, max_size=3).map(tuple)
    return st.builds(All, children) | st.builds(Any, children) | st.builds(Not, inner)


RULES = st.builds(
    Rule,
    st.recursive(_LEAVES, _branches, max_leaves=5),
    st.none() | st.dictionaries(TEXT, JSON, max_size=3) | st.lists(JSON, max_size=3).map(tuple),
)
WHOLE = st.builds(
    Audience,
    provider_key=st.just("one"),
    native_id=TEXT.filter(lambda text: "\x00" not in text),
    name=NAMES,
    kind=st.sampled_from(AudienceKind),
    status=st.sampled_from(AudienceStatus),
    fetched_at=st.just(START),
    description=st.none() | NAMES,
    size=st.none() | SIZES,
    rule=st.none() | RULES,
    source_lists=st.none() | st.lists(st.builds(SourceList, TEXT, st.none() | TEXT, st.none() | _COUNTS)).map(tuple),
    group=st.none() | GROUPS,
    tier=st.none()
    | st.builds(
        LoyaltyTier,
        name=TEXT,
        attribute=st.none() | TEXT,
        order=st.none() | st.integers(-9, 9),
        start_value=_MONEY,
        end_value=_MONEY,
        icon_name=st.none() | TEXT,
    ),
    sync_source=st.none()
    | st.builds(
        SyncSource, vendor=TEXT, external_id=st.none() | TEXT, state=st.sampled_from(JobState), last_synced_at=MOMENTS
    ),
    imports=st.none()
    | st.lists(
        st.builds(
            ImportRun,
            native_id=TEXT,
            state=st.sampled_from(JobState),
            total=_COUNTS,
            processed=_COUNTS,
            errors=_COUNTS,
            created_at=MOMENTS,
            updated_at=MOMENTS,
        ),
        max_size=2,
    ).map(tuple),
    members_as_of=MOMENTS,
    created_at=MOMENTS,
    updated_at=MOMENTS,
    raw=st.none() | st.dictionaries(TEXT, JSON, max_size=3),
)
"""Audiences with every fact that a provider can tell."""
