"""No body larger than the limit is read, whatever its headers say about it."""

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from audience_gateway.web.bodies import BodyLimit
from tests.unit.web.asgi import call

LIMIT = 1_000


class Reader:
    """Answers with the length of the body it read; remembers whether it was asked."""

    asked = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked = True
        body = await Request(scope, receive).body()
        await PlainTextResponse(str(len(body)))(scope, receive, send)


def headers(**more: str) -> list[tuple[str, str]]:
    return [("host", "localhost"), *((name.replace("_", "-"), value) for name, value in more.items())]


async def test_a_body_of_exactly_the_limit_is_read() -> None:
    body = b"x" * LIMIT

    answer = await call(BodyLimit(Reader(), LIMIT), "POST", headers=headers(content_length="1000"), chunks=[body])

    assert (answer.status, answer.body) == (200, b"1000")


@pytest.mark.parametrize("announced", ["1001", "99999999999999999999", "0001001"])
async def test_a_body_announced_as_larger_is_not_even_begun(announced: str) -> None:
    reader = Reader()

    answer = await call(BodyLimit(reader, LIMIT), "POST", headers=headers(content_length=announced))

    assert (answer.status, reader.asked) == (413, False)


@pytest.mark.parametrize("chunks", [[b"x" * 1_001], [b"x"] * 1_001, [b"x" * 1_000, b"", b"x"]])
async def test_a_body_that_is_larger_without_saying_so_is_refused(chunks: list[bytes]) -> None:
    answer = await call(BodyLimit(Reader(), LIMIT), "POST", chunks=chunks)

    assert (answer.status, answer.body) == (413, b"The body is larger than 1000 bytes.")


@pytest.mark.parametrize("announced", ["0", "5", "-1", "x", "²", "", "1e9", "9" * 5_000])
async def test_a_length_that_lies_or_makes_no_sense_does_not_help(announced: str) -> None:
    answer = await call(
        BodyLimit(Reader(), LIMIT), "POST", headers=headers(content_length=announced), chunks=[b"x" * 1_001]
    )

    assert answer.status == 413


async def test_an_endless_body_is_left_off_at_the_limit() -> None:
    read = 0

    def endless() -> list[bytes]:
        return [b"x" * 100] * 100_000

    chunks = endless()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal read
        async for chunk in Request(scope, receive).stream():
            read += len(chunk)
        await PlainTextResponse("")(scope, receive, send)

    assert (await call(BodyLimit(app, LIMIT), "POST", chunks=chunks)).status == 413
    assert read == LIMIT


async def test_a_request_without_a_body_passes() -> None:
    assert (await call(BodyLimit(Reader(), LIMIT))).body == b"0"
