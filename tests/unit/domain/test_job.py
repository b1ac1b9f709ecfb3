"""A job's identifier comes back as it went out, and nothing made up is taken for one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.domain.audience import AudienceRef
from audience_gateway.domain.errors import BadId
from audience_gateway.domain.job import JobKind, JobRef
from audience_gateway.domain.node_id import NodeId, NodeType

KEYS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)
NATIVE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100)
JOBS = st.builds(JobRef, st.sampled_from(JobKind), st.builds(AudienceRef, KEYS, NATIVE), NATIVE)


@given(JOBS)
def test_a_job_comes_back_as_it_went_out(job: JobRef) -> None:
    assert JobRef.of(NodeId.decode(job.node_id.encode())) == job


@given(JOBS, JOBS)
def test_different_jobs_have_different_identifiers(one: JobRef, other: JobRef) -> None:
    assert (one == other) is (one.node_id.encode() == other.node_id.encode())


def test_the_longest_identifiers_of_providers_still_fit() -> None:
    job = JobRef(JobKind.IMPORT, AudienceRef("k" * 40, "ä" * 512), "x" * 1_024)

    assert JobRef.of(NodeId.decode(job.node_id.encode())) == job


@pytest.mark.parametrize(
    "text",
    [
        *("", "1", "a:b", "{}", "[]", "null", '["IMPORT","a"]', '["IMPORT","a","b","c"]', '["EXPORT","a","b"]'),
        *('["IMPORT","a",1]', '["IMPORT",null,"b"]', '["IMPORT", "a","b"]', '["IMPORT","\\u0061","b"]'),
        *('[["IMPORT"],"a","b"]', '["IMPORT","\\ud800","b"]', "[" * 3_000, '"abc"'),
    ],
    ids=lambda text: repr(text[:24]),
)
def test_what_nobody_gave_out_is_refused(text: str) -> None:
    with pytest.raises(BadId):
        JobRef.of(NodeId(NodeType.JOB, "one", text))


def test_an_identifier_is_canonical_json() -> None:
    job = JobRef(JobKind.IMPORT, AudienceRef("one", 'a"b'), "ü")

    assert job.node_id == NodeId(
        NodeType.JOB, "one", json.dumps(["IMPORT", 'a"b', "ü"], separators=(",", ":"), ensure_ascii=False)
    )
