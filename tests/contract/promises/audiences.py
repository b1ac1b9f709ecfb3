"""What listing, getting and sizing audiences promises."""

from dataclasses import replace
from datetime import UTC, datetime

from audience_gateway.domain.audience import Audience, AudienceRef, AudienceSize, AudienceStatus, SizeBasis, SourceList
from audience_gateway.domain.capability import Operation, Support
from audience_gateway.domain.errors import GatewayError, NotFound
from audience_gateway.domain.page import PAGE_LIMIT
from tests.contract.harness import Harness
from tests.contract.promises.promise import UNKNOWN_IDS, expect


async def says_who_it_is(harness: Harness) -> None:
    """Key, dialect and name are as configured; what is claimed makes sense and never comes with an empty note."""
    provider = harness.provider
    capabilities = provider.capabilities
    emulated = [found for found in capabilities.operations.values() if found.support is Support.EMULATED]

    assert harness.key == provider.key
    assert harness.dialect == provider.dialect
    assert provider.display_name
    assert {Operation.LIST, Operation.GET} <= set(filter(capabilities.supports, Operation))
    assert all(capabilities.supports(operation) for operation in capabilities.batches)
    assert all(found.note for found in emulated)
    assert AudienceStatus.ACTIVE in capabilities.statuses
    assert 1 <= capabilities.page_limit <= PAGE_LIMIT


async def lists_audiences_truly(harness: Harness) -> None:
    """Every audience carries the provider's key, the status that was asked for and the facts as they are."""
    for status in harness.provider.capabilities.statuses:
        listed = await _listed(harness, status)

        assert harness.truth.with_status(status) == set(listed)
        for audience in listed.values():
            _assert_true(harness, audience)


async def gets_what_it_lists(harness: Harness) -> None:
    """Getting an audience gives the values that listing it gives, but for the time and the provider's own words."""
    for status in harness.provider.capabilities.statuses:
        for native_id, audience in (await _listed(harness, status)).items():
            assert _facts(audience) == _facts(await harness.provider.get_audience(native_id))


async def gets_every_audience(harness: Harness) -> None:
    """Every audience can be had by its identifier, whether its status can be listed or not."""
    for native_id in harness.truth.audiences:
        audience = await harness.provider.get_audience(native_id)

        assert native_id == audience.native_id
        _assert_true(harness, audience)


async def tells_true_imports(harness: Harness) -> None:
    """Every audience that is got tells of its imports as they are, newest first, where that is claimed."""
    told = False
    for native_id, true in harness.truth.audiences.items():
        imports = (await harness.provider.get_audience(native_id)).imports
        told = told or bool(imports)

        assert harness.provider.capabilities.reports_imports is (imports is not None)
        assert true.imports == imports
    assert harness.provider.capabilities.reports_imports is told


async def knows_no_unknown_audience(harness: Harness) -> None:
    """An identifier that nobody gave out is NotFound, whatever it looks like."""
    for native_id in UNKNOWN_IDS:
        await expect(NotFound, harness, harness.provider.get_audience(native_id))


async def gets_many_as_it_gets_one(harness: Harness) -> None:
    """A batch gives an answer a key, in order, repeated where a key is, and a NotFound in the place of an unknown."""
    known = sorted(harness.truth.audiences)[:5]
    wanted = ["no such audience", *reversed(known), known[0], "no such audience"]
    answers = await harness.provider.get_audiences(wanted)

    assert len(answers) == len(wanted)
    for native_id, answer in zip(wanted, answers, strict=True):
        if native_id in harness.truth.audiences:
            assert isinstance(answer, Audience)
            assert _facts(await harness.provider.get_audience(native_id)) == _facts(answer)
        else:
            _assert_missing(harness, answer)
    assert list(await harness.provider.get_audiences([])) == []


async def knows_true_sizes(harness: Harness) -> None:
    """Sizes are as they are, and unknown only where the provider has none."""
    for audience in harness.truth.open_audiences:
        size = await harness.provider.read_size(audience.native_id)

        assert audience.size == size.value
        assert (size.value is None) is (size.basis is SizeBasis.UNKNOWN)
        assert size.as_of is None or size.as_of.tzinfo is UTC


async def sizes_audiences_as_it_reads_sizes(harness: Harness) -> None:
    """An audience that carries its size carries what reading the size gives; else reading it is the only way."""
    for audience in harness.truth.open_audiences:
        carried = (await harness.provider.get_audience(audience.native_id)).size
        size = await harness.provider.read_size(audience.native_id)

        assert carried is None or _counted(carried) == _counted(size)


async def sizes_no_unknown_audience(harness: Harness) -> None:
    """There is no size of nothing, nor of an audience whose inside is closed."""
    for native_id in (*UNKNOWN_IDS, *_closed(harness)):
        await expect(NotFound, harness, harness.provider.read_size(native_id))


async def knows_true_materializations(harness: Harness) -> None:
    """The state of stored membership is as it is, and its count is the size."""
    for audience in harness.truth.open_audiences:
        found = await harness.provider.read_materialization(audience.native_id)

        assert audience.materialization is found.state
        assert found.member_count in {audience.size, None}
    for native_id in (*UNKNOWN_IDS, *_closed(harness)):
        await expect(NotFound, harness, harness.provider.read_materialization(native_id))


async def lists_true_source_lists(harness: Harness) -> None:
    """All sending lists that are not deleted come once and with their names."""
    found = await harness.provider.list_source_lists()

    lists = [each for each in found if isinstance(each, SourceList)]
    assert len(lists) == len(found)
    assert sorted(harness.truth.source_lists.items()) == sorted((each.native_id, each.name or "") for each in lists)


async def _listed(harness: Harness, status: AudienceStatus) -> dict[str, Audience]:
    found: dict[str, Audience] = {}
    after = None
    while True:
        page = await harness.provider.list_audiences(status=status, first=100, after=after)
        found.update({audience.native_id: audience for audience in page.values})
        if not page.rows or page.has_next is False:
            return found
        after = page.end_cursor


def _assert_true(harness: Harness, audience: Audience) -> None:
    true = harness.truth.audiences[audience.native_id]

    assert AudienceRef(harness.key, true.native_id) == audience.ref
    assert (true.name, true.description) == (audience.name, audience.description)
    assert (true.kind, true.status) == (audience.kind, audience.status)
    assert true.created_at == audience.created_at
    assert true.group_id == (None if audience.group is None else audience.group.native_id)
    assert audience.size is None or true.size == audience.size.value
    assert all(moment.tzinfo is UTC for moment in _moments(audience))


def _moments(audience: Audience) -> list[datetime]:
    moments = (audience.fetched_at, audience.created_at, audience.updated_at)
    return [moment for moment in moments if moment is not None]


def _facts(audience: Audience) -> Audience:
    """The audience without what may differ between two reads: when it was read, and the provider's own words.

    A size that is counted anew for each reply is as of that reply.
    """
    size = None if audience.size is None else _counted(audience.size)
    rule = None if audience.rule is None else replace(audience.rule, native=None)
    return replace(audience, fetched_at=datetime.min.replace(tzinfo=UTC), raw=None, rule=rule, size=size)


def _counted(size: AudienceSize) -> AudienceSize:
    return replace(size, as_of=None) if size.basis is SizeBasis.LIVE else size


def _assert_missing(harness: Harness, answer: Audience | GatewayError) -> None:
    assert isinstance(answer, NotFound)
    assert harness.key == answer.provider_key


def _closed(harness: Harness) -> list[str]:
    return [audience.native_id for audience in harness.truth.audiences.values() if audience.closed]
