"""Members walked over HTTP while contacts come and go at OliAI: nobody who stays is missed."""

import random
from pathlib import Path

import pytest

from tests.e2e.gateways import whole_gateway
from tests.e2e.identifiers import audience_id

QUERY = """
query ($id: ID!, $first: Int!, $after: String) {
  audience(id: $id) {
    members(first: $first, after: $after) { nodes { nativeId } pageInfo { hasNextPage endCursor } }
  }
}
"""


@pytest.mark.parametrize("first", [100, 7])
def test_nobody_who_stays_in_an_audience_is_missed_or_repeated_while_others_come_and_go(
    tmp_path: Path, first: int
) -> None:
    chance = random.Random(first)
    with whole_gateway(tmp_path) as gateway:
        state = gateway.sandbox.oliai
        native_id = max(state.memberships, key=lambda each: len(state.memberships[each]))
        inside = state.memberships[native_id]
        staying = set(chance.sample(sorted(inside), 600))
        variables = {"id": audience_id("oliai", native_id), "first": first, "after": None}
        seen: list[str] = []
        while variables["after"] is not None or not seen:
            members = gateway.data(QUERY, variables)["audience"]["members"]
            page = [node["nativeId"] for node in members["nodes"]]
            seen += page
            variables["after"] = members["pageInfo"]["endCursor"] if members["pageInfo"]["hasNextPage"] else None
            leaving = {*chance.sample(sorted(inside - staying), min(3, len(inside - staying))), *page[-2:]} - staying
            coming = {contact["id"] for contact in chance.sample(state.candidates_for(native_id), 3)} - set(seen)
            inside -= leaving
            inside |= coming

    assert staying <= set(seen)
    assert len(seen) == len(set(seen))
