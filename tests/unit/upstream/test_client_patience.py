"""How long a call out may take, how often it is tried, and what that does to a vendor who is down."""

import asyncio
from collections.abc import Mapping

import pytest

from audience_gateway.config import Secret
from audience_gateway.domain import errors
from audience_gateway.ports import HttpReply, HttpRequest
from audience_gateway.upstream.statuses import Explanation
from audience_gateway.upstream.transport import ConnectionFailed, ReplyTooLarge, ReplyUnreadable
from tests.unit.upstream.scripted import Act, Transport, account, fails, replies, silent
from tests.virtual_time import virtual_time

REFUSED = ConnectionFailed("connection refused", sent=False)


async def seconds_until_failure(
    transport: Transport, kind: type[errors.GatewayError], settings: Mapping[str, object] | None = None
) -> float:
    """How long the caller waited for the error."""
    now = asyncio.get_running_loop().time
    before = now()
    with pytest.raises(kind):
        await account(transport, settings=settings).get(["audiences"], thing="audiences")
    return now() - before


@virtual_time
async def test_silence_is_given_two_tries_of_two_seconds() -> None:
    transport = Transport(silent)

    waited = await seconds_until_failure(transport, errors.UpstreamTimeout)

    assert len(transport.requests) == 2
    assert 4.0 <= waited <= 4.4


@virtual_time
async def test_patience_is_what_the_settings_say() -> None:
    transport = Transport(silent)

    waited = await seconds_until_failure(
        transport, errors.UpstreamTimeout, {"deadline_seconds": 5.0, "attempt_seconds": 3.0}
    )

    assert [round(request.deadline_seconds, 6) for request in transport.requests[:1]] == [3.0]
    assert len(transport.requests) == 2
    assert waited == pytest.approx(5.0)


@virtual_time
async def test_a_single_try_may_take_all_of_a_given_deadline() -> None:
    transport = Transport(silent)

    with pytest.raises(errors.UpstreamTimeout):
        await account(transport).get(["size"], thing="size", deadline_seconds=60.0)

    assert [request.deadline_seconds for request in transport.requests] == [60.0]


@virtual_time
async def test_slow_replies_and_waits_together_never_outlast_the_deadline() -> None:
    """Ten seconds in all, whatever the vendor does: slow refusals, then long waits, then new keys."""

    async def slow(_: HttpRequest) -> HttpReply:
        await asyncio.sleep(1.9)
        return HttpReply(503, {"retry-after": "4"}, b"")

    transport = Transport(slow)

    assert await seconds_until_failure(transport, errors.UpstreamUnavailable) <= 10.0
    assert len(transport.requests) == 2


@virtual_time
async def test_a_new_key_is_tried_within_the_same_deadline() -> None:
    keys = iter(["old", "new"])

    async def slow(request: HttpRequest) -> HttpReply:
        await asyncio.sleep(min(1.5, request.deadline_seconds))
        return await silent(request) if request.deadline_seconds < 1.5 else HttpReply(401, {}, b"")

    transport = Transport(slow)
    now = asyncio.get_running_loop().time
    before = now()

    with pytest.raises(errors.UpstreamTimeout):
        await account(transport, secret=Secret("env:K", lambda: next(keys, "new"))).get(["a"], thing="a", tries=1)

    assert transport.keys == ["old", "new"]
    assert now() - before <= 2.51


@pytest.mark.parametrize("status", [429, 502, 503, 504])
@virtual_time
async def test_a_passing_failure_is_tried_three_times(status: int) -> None:
    transport = Transport(replies(status))

    with pytest.raises(errors.ProviderFault) as failure:
        await account(transport).get(["audiences"], thing="audiences")

    assert len(transport.requests) == 3
    assert failure.value.retryable


@virtual_time
async def test_a_refused_connection_is_tried_three_times() -> None:
    transport = Transport(fails(REFUSED))

    assert await seconds_until_failure(transport, errors.UpstreamUnavailable) <= 1.0
    assert len(transport.requests) == 3


@pytest.mark.parametrize(
    "act",
    [
        *(replies(status) for status in (400, 401, 403, 404, 409, 410, 413, 418, 422, 423, 500, 501, 505, 302, 304)),
        replies(200, b"{"),
        replies(204, b""),
        fails(ReplyTooLarge("too much", sent=True)),
        fails(ReplyUnreadable("rubbish", sent=True)),
    ],
)
@virtual_time
async def test_everything_else_is_tried_once(act: Act) -> None:
    transport = Transport(act)

    with pytest.raises(errors.GatewayError):
        await account(transport).get(["audiences"], thing="audiences")

    assert len(transport.requests) == 1


@virtual_time
async def test_a_retry_that_works_is_the_answer() -> None:
    transport = Transport(fails(REFUSED), replies(503), replies(200, b'{"a":[1]}', x_total="7"))

    reply = await account(transport).get(["audiences"], thing="audiences")

    assert (reply.status, reply.document, reply.headers["x-total"]) == (200, {"a": [1]}, "7")


@pytest.mark.parametrize(
    ("header", "tries", "waited", "told"),
    [
        ("0", 3, (0.0, 0.0), 0.0),
        ("2", 3, (4.0, 4.0), 2.0),
        ("6", 2, (6.0, 6.0), 6.0),
        ("10", 1, (0.0, 0.0), 10.0),
        ("3600", 1, (0.0, 0.0), 3_600.0),
        ("1000000000", 1, (0.0, 0.0), 86_400.0),
        ("9" * 5_000, 1, (0.0, 0.0), 86_400.0),
        ("Sun, 01 Mar 2026 12:00:03 GMT", 3, (3.0, 3.0), 0.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 3, (0.0, 0.0), 0.0),
        ("Fri, 31 Dec 9999 23:59:59 -2300", 1, (0.0, 0.0), 86_400.0),
        ("-1", 3, (0.0, 0.6), None),
        ("1e9", 3, (0.0, 0.6), None),
        ("soon", 3, (0.0, 0.6), None),
        ("", 3, (0.0, 0.6), None),
        ("²", 3, (0.0, 0.6), None),
        ("Sun, 01 Mar 2026 12:00:03", 3, (0.0, 0.6), None),
    ],
)
@virtual_time
async def test_retry_after_is_honoured_within_the_deadline_and_never_beyond(
    header: str, tries: int, waited: tuple[float, float], told: float | None
) -> None:
    transport = Transport(replies(429, retry_after=header))
    now = asyncio.get_running_loop().time
    before = now()

    with pytest.raises(errors.UpstreamRateLimited) as failure:
        await account(transport).get(["audiences"], thing="audiences")

    assert len(transport.requests) == tries
    assert waited[0] - 0.001 <= now() - before <= waited[1] + 0.001
    assert failure.value.retry_after_seconds == told


@pytest.mark.parametrize(
    ("explained", "told"), [(5.0, 5.0), (-3.0, 0.0), (float("inf"), 86_400.0), (float("nan"), None), (1e300, 86_400.0)]
)
@virtual_time
async def test_a_wait_in_the_body_is_kept_within_reason(explained: float, told: float | None) -> None:
    client = account(Transport(replies(429)), explain=lambda _status, _document: Explanation("slow_down", explained))

    with pytest.raises(errors.UpstreamRateLimited) as failure:
        await client.get(["audiences"], thing="audiences", tries=1)

    assert (failure.value.retry_after_seconds, failure.value.upstream_code) == (told, "slow_down")


@pytest.mark.parametrize("per_second", [1, 20, 200])
@virtual_time
async def test_retries_never_multiply_a_storm(per_second: int) -> None:
    """At most a fifth more, two a second and the two one starts with, when everything fails for twenty seconds."""
    transport = Transport(replies(503))
    client = account(transport)
    calls, seconds = per_second * 20, 20

    async def call(number: int) -> None:
        await asyncio.sleep(number / per_second)
        with pytest.raises(errors.UpstreamUnavailable):
            await client.get(["audiences"], thing="audiences")

    await asyncio.gather(*(call(number) for number in range(calls)))

    assert len(transport.requests) <= 1.2 * calls + 2 * (seconds + 1) + 2
    assert len(transport.requests) > calls


@virtual_time
async def test_retries_are_spread_in_time() -> None:
    transport = Transport(replies(503))
    client = account(transport)

    for _ in range(2):
        with pytest.raises(errors.UpstreamUnavailable):
            await client.get(["audiences"], thing="audiences", tries=2)

    gaps = [transport.times[1] - transport.times[0], transport.times[3] - transport.times[2]]
    assert gaps[0] != gaps[1]
    assert all(0 <= gap <= 0.2 for gap in gaps)
