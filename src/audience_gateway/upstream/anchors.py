"""Rows by which a place in a list is found again, whatever is added or removed around them."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Annotated

import msgspec

_BYTES = 6
_NEAREST = 4
_FARTHEST = 511


class Anchor(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """A row at or in front of a cursor: how many rows in front, 0 for the cursor's own, and its fingerprint."""

    distance: Annotated[int, msgspec.Meta(ge=0, le=_FARTHEST)]
    fingerprint: Annotated[str, msgspec.Meta(min_length=8, max_length=8)]


def fingerprint(native_id: str) -> str:
    """An identifier in eight characters."""
    return urlsafe_b64encode(hashlib.blake2b(native_id.encode(), digest_size=_BYTES).digest()).decode()


def thinned(anchors: Sequence[Anchor]) -> tuple[Anchor, ...]:
    """Of ``anchors``, nearest first, the four nearest and the farthest within each doubling of the distance."""
    kept: dict[int, Anchor] = {}
    for anchor in anchors:
        if anchor.distance <= _FARTHEST:
            kept[-anchor.distance if anchor.distance < _NEAREST else anchor.distance.bit_length()] = anchor
    return tuple(kept.values())


def moved(anchors: Iterable[Anchor], rows: int) -> list[Anchor]:
    """``anchors`` as seen from a place ``rows`` rows farther on."""
    return [Anchor(anchor.distance + rows, anchor.fingerprint) for anchor in anchors]


def in_front(fingerprints: Sequence[str | None]) -> list[Anchor]:
    """The readable rows of ``fingerprints`` as seen from the place behind them, nearest first, as far as one goes."""
    nearest = islice(reversed(fingerprints), _FARTHEST)
    return [Anchor(n, each) for n, each in enumerate(nearest, 1) if each is not None]


def last_known(fingerprints: Sequence[str | None], anchors: Iterable[Anchor]) -> tuple[int, Anchor] | None:
    """The last row of ``fingerprints`` that is one of ``anchors``: the place behind it, and which one it is."""
    known = {anchor.fingerprint: anchor for anchor in anchors}
    for place in range(len(fingerprints), 0, -1):
        each = fingerprints[place - 1]
        if each is not None and each in known:
            return place, known[each]
    return None
