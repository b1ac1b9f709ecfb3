"""Imports that a list did not send along are read by audience, once each, and only where the provider has any."""

from dataclasses import replace

import pytest

from audience_gateway.domain.audience import Audience, AudienceStatus, ImportRun, JobState
from audience_gateway.domain.page import Page, Row
from tests.unit.accounts import Account, audience
from tests.unit.web.gateway import Gateway

RUN = ImportRun(native_id="i1", state=JobState.RUNNING, total=None, processed=3, errors=1, progress=0.5)
JOB = "state progress processed total rejected problem { code }"
QUERY = f"{{ audiences {{ nodes {{ imports {{ totalCount nodes {{ {JOB} }} }} }} }} }}"


class ListsNoImports(Account):
    """An account whose lists leave out what getting an audience tells."""

    async def list_audiences(self, *, status: AudienceStatus, first: int, after: str | None) -> Page[Audience]:
        page = await super().list_audiences(status=status, first=first, after=after)
        return replace(page, rows=tuple(Row(replace(row.value, imports=None), row.cursor) for row in page.rows))


def account(*, reports: bool) -> Account:
    holders = [replace(audience(native_id), imports=(RUN,)) for native_id in "ab"]
    made = ListsNoImports("one", holders)
    made.capabilities = replace(made.capabilities, reports_imports=reports)
    return made


async def test_they_are_read_once_for_each_audience() -> None:
    gateway = Gateway(account(reports=True))

    answer = await gateway.ask(QUERY)

    job = {"state": "RUNNING", "progress": 0.5, "processed": 3, "total": None, "rejected": 1, "problem": None}
    assert answer["data"] == {"audiences": {"nodes": [{"imports": {"totalCount": 1, "nodes": [job]}}] * 2}}
    assert sorted(made for made in gateway.calls if made[0] != "list_audiences") == [
        ("get_audience", "a"),
        ("get_audience", "b"),
    ]


async def test_a_provider_without_imports_is_not_asked_for_them() -> None:
    gateway = Gateway(account(reports=False))

    answer = await gateway.ask(QUERY)

    assert answer["data"] == {"audiences": {"nodes": [{"imports": None}] * 2}}
    assert {method for method, _ in gateway.calls} == {"list_audiences"}


async def test_a_moment_that_was_not_sent_costs_only_the_imports_that_are_asked_for_it() -> None:
    gateway = Gateway(account(reports=True))

    answer = await gateway.ask("{ audiences { nodes { nativeId imports { nodes { createdAt } } } } }")

    errors = answer["errors"]
    assert isinstance(errors, list)
    assert answer["data"] == {"audiences": {"nodes": [{"nativeId": key, "imports": None} for key in "ab"]}}
    assert [error["path"] for error in errors] == [
        ["audiences", "nodes", place, "imports", "nodes", 0, "createdAt"] for place in (0, 1)
    ]


@pytest.mark.parametrize("first", [0, 101])
async def test_a_page_has_1_to_100_imports(first: int) -> None:
    answer = await Gateway(account(reports=True)).ask(
        f"{{ audiences {{ nodes {{ imports(first: {first}) {{ totalCount }} }} }} }}"
    )

    errors = answer["errors"]
    assert isinstance(errors, list)
    assert {error["extensions"]["code"] for error in errors} == {"BAD_INPUT"}
