"""Identifiers are opaque, come back as they went out, and nothing made up is taken for one."""

import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.domain.errors import BadId
from audience_gateway.domain.node_id import NodeId, NodeType

KEYS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)
NATIVE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)
THINGS = st.builds(NodeId, st.sampled_from([NodeType.AUDIENCE, NodeType.MEMBER, NodeType.GROUP]), KEYS, NATIVE)
IDS = THINGS | st.builds(NodeId, st.just(NodeType.PROVIDER), KEYS)


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


@given(IDS)
def test_an_identifier_comes_back_as_it_went_out(node: NodeId) -> None:
    text = node.encode()

    assert NodeId.decode(text) == node
    assert NodeId.decode_as(text, node.type) == node
    assert text.replace("-", "").replace("_", "").isalnum()


@given(IDS, IDS)
def test_different_things_have_different_identifiers(one: NodeId, other: NodeId) -> None:
    assert (one == other) is (one.encode() == other.encode())


@given(IDS, st.integers(0, 400), st.sampled_from("AQgw0_-=+/ é"))
def test_an_identifier_has_one_spelling(node: NodeId, place: int, character: str) -> None:
    """What differs in any character is another identifier or none."""
    text = node.encode()
    place %= len(text) + 1
    changed = text[:place] + character + text[place + 1 :]
    try:
        decoded = NodeId.decode(changed)
    except BadId:
        return
    assert (decoded == node) is (changed == text)
    assert decoded.encode() == changed


@pytest.mark.parametrize(
    "text",
    [
        "", "A", "=", "not an identifier", "12", "é", "\udcff", "A" * 4_097, "A" * 10_000_000,
        encoded("audience"), encoded("audience:one"), encoded("nothing:one:1"), encoded("AUDIENCE:one:1"),
        encoded("audience:one:1") + "=", encoded("audience:one:1") + "\n", " " + encoded("audience:one:1"),
        encoded("audience:one:"), encoded("member:one:"), encoded("provider:one:1"),
        base64.urlsafe_b64encode(b"audience:one:\xff\xfe").rstrip(b"=").decode(),
    ],
    ids=lambda text: repr(text[:20]),
)  # fmt: skip
def test_whatever_we_did_not_make_is_refused(text: str) -> None:
    with pytest.raises(BadId):
        NodeId.decode(text)


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    with suppress(BadId):
        assert NodeId.decode(text).encode() == text


def test_an_identifier_of_another_type_is_named_as_such() -> None:
    text = NodeId(NodeType.MEMBER, "one", "1").encode()

    with pytest.raises(BadId, match="of type audience is wanted here, not of type member"):
        NodeId.decode_as(text, NodeType.AUDIENCE)
