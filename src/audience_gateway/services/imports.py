"""Imports into an audience as its provider reports them: read when they did not come along, paged, found by identifier.

They come newest first, those without a time last, equal ones by identifier; a cursor holds that very key, so that
a list goes on at its place whatever was added or went away meanwhile.
"""

import json
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta

from audience_gateway.domain.audience import Audience, AudienceRef, ImportRun
from audience_gateway.domain.capability import Capabilities
from audience_gateway.domain.errors import NotFound, UpstreamBadResponse
from audience_gateway.domain.job import JobKind, JobRef
from audience_gateway.domain.page import Page, Row
from audience_gateway.services.cursors import Cursors

_Key = tuple[int, int, str]
_BEGINNING = datetime.min.replace(tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


async def with_imports(
    audience: Audience, capabilities: Capabilities, get_audience: Callable[[AudienceRef], Awaitable[Audience]]
) -> Audience:
    """The audience with its imports: itself when they came along or the provider has none, else read by itself."""
    if audience.imports is not None or not capabilities.reports_imports:
        return audience
    return await get_audience(audience.ref)


def import_page(audience: Audience, *, first: int, after: str | None, cursors: Cursors) -> Page[ImportRun] | None:
    """A page of the imports, ``total`` exact; None where the provider has none. Raises BadCursor."""
    question = ["imports", audience.provider_key, audience.native_id]
    start = None if after is None else _position(cursors.open(after, question=question))
    if audience.imports is None:
        return None
    runs = _in_order(audience.imports)
    remaining = [run for run in runs if start is None or _key(run) > start]
    rows = tuple(Row(run, cursors.seal(json.dumps(_key(run)), question=question)) for run in remaining[:first])
    return Page(rows=rows, has_next=len(remaining) > first, total=len(runs))


def import_of(audience: Audience, native_id: str) -> ImportRun:
    """One import of the audience; raises NotFound."""
    for run in audience.imports or ():
        if run.native_id == native_id:
            return run
    key = audience.provider_key
    raise NotFound(f"{key} has no import {native_id} into audience {audience.native_id}.", provider_key=key)


def import_ref(audience: Audience, run: ImportRun) -> JobRef:
    """The import as a job."""
    return JobRef(JobKind.IMPORT, audience.ref, run.native_id)


def created_at(audience: Audience, run: ImportRun) -> datetime:
    """When the import was asked for; raises UpstreamBadResponse where the provider has sent no moment."""
    if run.created_at is not None:
        return run.created_at
    key = audience.provider_key
    raise UpstreamBadResponse(f"{key} does not say when import {run.native_id} was made.", provider_key=key)


def _in_order(runs: Iterable[ImportRun]) -> list[ImportRun]:
    """Each import once, in the order of the list."""
    return sorted({run.native_id: run for run in runs}.values(), key=_key)


def _key(run: ImportRun) -> _Key:
    if run.created_at is None:
        return 1, 0, run.native_id
    return 0, -((run.created_at - _BEGINNING) // _MICROSECOND), run.native_id


def _position(text: str) -> _Key:
    known, age, native_id = json.loads(text)
    return int(known), int(age), str(native_id)
