"""Requests are counted by provider into the tally of whoever asked, and into no other."""

import asyncio

import pytest

from audience_gateway.ports import HttpReply, HttpRequest
from audience_gateway.upstream.metering import MeteredTransport, tallying
from audience_gateway.upstream.transport import ConnectionFailed, DeadlinePassed, ReplyTooLarge
from tests.unit.upstream.scripted import Transport, account, fails, replies
from tests.virtual_time import virtual_time

REQUEST = HttpRequest(method="GET", url="https://vendor.test/", headers={})


async def test_what_is_sent_inside_a_tally_counts_by_provider() -> None:
    shared = Transport(replies(200))
    one, two = MeteredTransport(shared, "one"), MeteredTransport(shared, "two")

    with tallying() as tally:
        await one.send(REQUEST)
        await asyncio.gather(one.send(REQUEST), two.send(REQUEST))

    assert tally.calls == {"one": 2, "two": 1}


async def test_what_is_sent_outside_of_any_tally_is_sent_all_the_same() -> None:
    shared = Transport(replies(200))

    with tallying() as tally:
        pass
    reply = await MeteredTransport(shared, "one").send(REQUEST)

    assert (reply.status, len(shared.requests), tally.calls) == (200, 1, {})


@virtual_time
async def test_every_try_of_a_read_counts() -> None:
    transport = Transport(replies(503), replies(503), replies(200))
    client = account(MeteredTransport(transport, "vendor-1"))

    with tallying() as tally:
        await client.get(["things"], thing="things")

    assert tally.calls == {"vendor-1": 3}


@pytest.mark.parametrize(
    ("error", "calls"),
    [
        (ConnectionFailed("connection refused", sent=False), {}),
        (DeadlinePassed("no connection in time", sent=False), {}),
        (ConnectionFailed("connection broken off", sent=True), {"one": 1}),
        (DeadlinePassed("no whole answer in time", sent=True), {"one": 1}),
        (ReplyTooLarge("too much", sent=True), {"one": 1}),
    ],
    ids=str,
)
async def test_a_failed_request_counts_when_the_provider_may_have_seen_it(
    error: Exception, calls: dict[str, int]
) -> None:
    with tallying() as tally, pytest.raises(type(error)):
        await MeteredTransport(Transport(fails(error)), "one").send(REQUEST)

    assert tally.calls == calls


@virtual_time
async def test_a_refused_connection_is_tried_again_and_counts_once_it_stands() -> None:
    transport = Transport(fails(ConnectionFailed("connection refused", sent=False)), replies(200))

    with tallying() as tally:
        await account(MeteredTransport(transport, "vendor-1")).get(["things"], thing="things")

    assert tally.calls == {"vendor-1": 1}


async def test_a_request_that_is_given_up_counts_because_it_was_sent() -> None:
    under_way = asyncio.Event()

    async def hang(_: HttpRequest) -> HttpReply:
        under_way.set()
        return await asyncio.Future[HttpReply]()

    with tallying() as tally:
        task = asyncio.create_task(MeteredTransport(Transport(hang), "one").send(REQUEST))
        await under_way.wait()
        task.cancel()
        await asyncio.wait([task])

    assert tally.calls == {"one": 1}


async def test_work_that_outlives_its_tally_counts_into_it_and_into_no_other() -> None:
    go_on = asyncio.Event()
    one = MeteredTransport(Transport(replies(200)), "one")

    async def later() -> None:
        await go_on.wait()
        await one.send(REQUEST)

    with tallying() as first:
        task = asyncio.create_task(later())
    with tallying() as second:
        go_on.set()
        await task

    assert (first.calls, second.calls) == ({"one": 1}, {})


async def test_a_tally_inside_another_is_its_own() -> None:
    one = MeteredTransport(Transport(replies(200)), "one")

    with tallying() as outer:
        await one.send(REQUEST)
        with tallying() as inner:
            await one.send(REQUEST)
        await one.send(REQUEST)

    assert (outer.calls, inner.calls) == ({"one": 2}, {"one": 1})


async def test_tallies_of_concurrent_tasks_do_not_see_each_other() -> None:
    async def alternate(_: HttpRequest) -> HttpReply:
        await asyncio.sleep(0)
        return HttpReply(200, {}, b"{}")

    one = MeteredTransport(Transport(alternate), "one")

    async def operation(number: int) -> int:
        with tallying() as tally:
            for _ in range(number):
                await one.send(REQUEST)
        return tally.calls.get("one", 0)

    assert await asyncio.gather(*map(operation, range(6))) == list(range(6))


async def test_closing_lets_go_of_the_transport_inside() -> None:
    closed: list[bool] = []

    class Closing(Transport):
        async def close(self) -> None:
            closed.append(True)

    await MeteredTransport(Closing(replies(200)), "one").close()

    assert closed == [True]
