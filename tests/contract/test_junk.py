"""Nothing that a vendor can write makes a provider fail in a way that callers do not know."""

import json
from collections.abc import Iterator, Mapping

import httpx
import pytest

from audience_gateway.domain.errors import NotFound, ProviderFault
from tests.contract.asks import Ask, Subjects, claimed
from tests.contract.dialects import Backdrop, backdrops
from tests.contract.harness import Harness, small_world, wire_of
from tests.contract.wire import Fault, Forward

_JUNK: tuple[object, ...] = (
    None, [], {}, "", "\ud800", -1, 0, True, [None], {"id": None}, 10**30, 1.5,
    "2026-13-45T99:99:99Z", "0001-01-01T00:00:00+14:00",
)  # fmt: skip
_OVER_HTTP = [backdrop for backdrop in backdrops() if backdrop.has_wire]


@pytest.mark.parametrize("backdrop", _OVER_HTTP, ids=lambda backdrop: backdrop.name)
async def test_junk_anywhere_in_a_reply_is_an_answer_or_an_error_and_never_a_surprise(backdrop: Backdrop) -> None:
    """Every value of every reply is replaced in turn, by null, by the wrong kind and by the impossible."""
    async with backdrop.open(small_world()) as harness:
        for ask in claimed(harness.provider):
            reply = await _reply_to(ask, harness)
            for document in _spoiled(reply):
                wire_of(harness).fault = _replying(200, document)
                await _assert_no_surprise(ask, harness)


@pytest.mark.parametrize("backdrop", _OVER_HTTP, ids=lambda backdrop: backdrop.name)
@pytest.mark.parametrize("status", [400, 404, 418, 500])
async def test_junk_as_the_body_of_an_error_changes_nothing_about_the_error(backdrop: Backdrop, status: int) -> None:
    async with backdrop.open(small_world()) as harness:
        for ask in claimed(harness.provider):
            kinds = set()
            for junk in _JUNK:
                for document in (junk, {"error": junk, "code": junk, "message": junk, "retryAfter": junk}):
                    wire_of(harness).fault = _replying(status, document)
                    error = await ask.error(harness.provider, Subjects.of(harness.truth))

                    assert error is not None
                    kinds.add(type(error))
            assert len(kinds) == 1


async def _reply_to(ask: Ask, harness: Harness) -> object:
    """The document with which the vendor answers, its lists cut down to two records."""
    bodies: list[bytes] = []

    async def keep(request: httpx.Request, forward: Forward) -> httpx.Response:
        reply = await forward(request)
        bodies.append(await reply.aread())
        return httpx.Response(reply.status_code, stream=httpx.ByteStream(bodies[-1]))

    wire_of(harness).fault = keep

    assert await ask.error(harness.provider, Subjects.of(harness.truth)) is None
    return _shortened(json.loads(bodies[-1]))


async def _assert_no_surprise(ask: Ask, harness: Harness) -> None:
    error = await ask.error(harness.provider, Subjects.of(harness.truth))
    if error is not None:
        assert isinstance(error, ProviderFault | NotFound)
        assert harness.key == error.provider_key


def _spoiled(document: object) -> Iterator[object]:
    """The document once for each of its values and each piece of junk in its place."""
    yield from _JUNK
    if isinstance(document, Mapping):
        for key, value in document.items():
            yield {other: kept for other, kept in document.items() if other != key}
            yield from ({**document, key: spoiled} for spoiled in _spoiled(value))
    elif isinstance(document, list):
        for place, value in enumerate(document):
            yield from ([*document[:place], spoiled, *document[place + 1 :]] for spoiled in _spoiled(value))


def _shortened(document: object) -> object:
    if isinstance(document, list):
        return [_shortened(value) for value in document[:2]]
    if isinstance(document, Mapping):
        return {key: _shortened(value) for key, value in document.items()}
    return document


def _replying(status: int, document: object) -> Fault:
    async def reply(_request: httpx.Request, _forward: Forward) -> httpx.Response:
        return httpx.Response(status, stream=httpx.ByteStream(json.dumps(document).encode()))

    return reply
