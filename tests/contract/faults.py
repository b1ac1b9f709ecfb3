"""Everything that can happen to a request on its way to a vendor, and what the provider must make of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from audience_gateway.domain import errors
from audience_gateway.domain.capability import Operation, Support
from tests.contract.asks import Ask, Subjects, claimed
from tests.contract.harness import Harness, wire_of
from tests.contract.wire import Fault, Forward

_LONGEST_SECONDS = 10.0
_REST_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """One way to fail.

    :param error: what every operation must raise.
    :param status: what ``upstream_status`` must say.
    :param wait: what ``retry_after_seconds`` must say.
    :param calls: how often one operation may ask at most.
    """

    name: str
    fault: Fault
    error: type[errors.GatewayError]
    status: int | None = None
    wait: float | None = None
    calls: int = 1


def _answering(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Fault:
    async def answer(_request: httpx.Request, _forward: Forward) -> httpx.Response:
        return httpx.Response(status, headers=dict(headers or {}), stream=httpx.ByteStream(body))

    return answer


async def _cut_off(request: httpx.Request, forward: Forward) -> httpx.Response:
    reply = await forward(request)
    body = await reply.aread()
    return httpx.Response(reply.status_code, stream=httpx.ByteStream(body[: len(body) // 2]))


async def _refuse(request: httpx.Request, _forward: Forward) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


async def _break_off(request: httpx.Request, _forward: Forward) -> httpx.Response:
    raise httpx.ReadError("reset", request=request)


async def _hang(_request: httpx.Request, _forward: Forward) -> httpx.Response:
    await asyncio.Event().wait()
    raise AssertionError


_HTML = b"<!doctype html><title>Sign in</title>"
_LATER = {"retry-after": "3600"}

BROKEN = (
    Broken(name="401", fault=_answering(401), error=errors.UpstreamAuth, status=401),
    Broken(name="403", fault=_answering(403, _HTML), error=errors.UpstreamAuth, status=403),
    Broken(name="404", fault=_answering(404, b"{}"), error=errors.NotFound, status=404),
    Broken(name="410", fault=_answering(410), error=errors.NotFound, status=410),
    Broken(name="400", fault=_answering(400, b"[]"), error=errors.UpstreamRejected, status=400),
    Broken(name="422", fault=_answering(422), error=errors.UpstreamRejected, status=422),
    Broken(name="429", fault=_answering(429), error=errors.UpstreamRateLimited, status=429, calls=3),
    Broken(
        name="429-later",
        fault=_answering(429, headers=_LATER),
        error=errors.UpstreamRateLimited,
        status=429,
        wait=3600,
    ),
    Broken(name="500", fault=_answering(500, _HTML), error=errors.UpstreamUnavailable, status=500),
    Broken(name="502", fault=_answering(502, _HTML), error=errors.UpstreamUnavailable, status=502, calls=3),
    Broken(
        name="503-later", fault=_answering(503, headers=_LATER), error=errors.UpstreamUnavailable, status=503, wait=3600
    ),
    Broken(name="200-html", fault=_answering(200, _HTML), error=errors.UpstreamBadResponse, status=200),
    Broken(name="200-cut-off", fault=_cut_off, error=errors.UpstreamBadResponse, status=200),
    Broken(name="200-text", fault=_answering(200, b'"maintenance"'), error=errors.UpstreamBadResponse),
    Broken(name="200-null", fault=_answering(200, b"null"), error=errors.UpstreamBadResponse),
    Broken(name="200-deep", fault=_answering(200, b"[" * 100_000), error=errors.UpstreamBadResponse, status=200),
    Broken(name="200-large", fault=_answering(200, b" " * (6 * 2**20) + b"{}"), error=errors.UpstreamTooLarge),
    Broken(name="204", fault=_answering(204), error=errors.UpstreamBadResponse, status=204),
    Broken(
        name="redirect",
        fault=_answering(302, headers={"location": "http://127.0.0.1:9/elsewhere"}),
        error=errors.UpstreamBadResponse,
        status=302,
    ),
    Broken(name="refused", fault=_refuse, error=errors.UpstreamUnavailable, calls=3),
    Broken(name="broken-off", fault=_break_off, error=errors.UpstreamUnavailable, calls=3),
    Broken(name="hanging", fault=_hang, error=errors.UpstreamTimeout, calls=2),
)


async def fails_as_it_should(harness: Harness, broken: Broken) -> None:
    """Every claimed operation raises the one error, within its deadline and without asking too often.

    Needs virtual time: it rests between operations, so that none spends the retries of another.
    """
    subjects, wire, now = Subjects.of(harness.truth), wire_of(harness), asyncio.get_running_loop().time
    wire.fault = broken.fault
    for ask in claimed(harness.provider):
        await asyncio.sleep(_REST_SECONDS)
        calls, began = wire.calls, now()
        error = await ask.error(harness.provider, subjects)

        assert type(error) in _expected(broken, ask, harness), ask.method
        assert error is not None
        assert harness.key == error.provider_key
        assert (broken.status, broken.wait) == (error.upstream_status, error.retry_after_seconds)
        assert 1 <= wire.calls - calls <= broken.calls
        assert now() - began <= _LONGEST_SECONDS


def _expected(broken: Broken, ask: Ask, harness: Harness) -> set[type[errors.GatewayError]]:
    """A list that is not where it should be is an unreadable vendor: it says of nothing that it does not exist."""
    if broken.error is not errors.NotFound:
        return {broken.error}
    if ask.operation in {Operation.LIST, Operation.LIST_SOURCE_LISTS}:
        return {errors.UpstreamBadResponse}
    emulated = harness.provider.capabilities.of(ask.operation).support is Support.EMULATED
    return {errors.NotFound, errors.UpstreamBadResponse} if emulated else {errors.NotFound}
