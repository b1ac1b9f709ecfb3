"""One call out: keys that change, identifiers that stay in their place, errors that give nothing away."""

import asyncio
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.config import Secret
from audience_gateway.domain import errors
from audience_gateway.ports import HttpReply, HttpRequest
from audience_gateway.upstream.transport import ConnectionFailed, ReplyTooLarge, ReplyUnreadable, TransportError
from tests.unit.upstream.scripted import BASE, KEY, Act, Transport, account, fails, replies, silent
from tests.virtual_time import run_virtually, virtual_time

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


class Rotating:
    """A key that is replaced by its owner; counts how often it is read."""

    def __init__(self) -> None:
        self.value = "old"
        self.reads = 0

    def __call__(self) -> str:
        self.reads += 1
        return self.value


async def takes_only_new(request: HttpRequest) -> HttpReply:
    await asyncio.sleep(0.01)
    return HttpReply(200 if request.headers["x-api-key"] == "new" else 401, {}, b"{}")


@virtual_time
async def test_a_replaced_key_is_read_again_and_used_by_everyone_at_once() -> None:
    transport, key = Transport(takes_only_new), Rotating()
    client = account(transport, secret=Secret("file:key", key))
    key.value = "new"

    replies = await asyncio.gather(*(client.get(["audiences"], thing="audiences") for _ in range(20)))

    assert {reply.status for reply in replies} == {200}
    assert (transport.keys.count("old"), transport.keys.count("new")) == (20, 20)


@virtual_time
async def test_a_key_that_stays_refused_is_sent_once_a_call() -> None:
    transport, key = Transport(takes_only_new), Rotating()
    client = account(transport, secret=Secret("file:key", key))

    for _ in range(5):
        with pytest.raises(errors.UpstreamAuth) as failure:
            await client.get(["audiences"], thing="audiences")

    assert not failure.value.retryable
    assert len(transport.requests) == 5


@virtual_time
async def test_a_key_that_changes_every_time_is_sent_twice_a_call() -> None:
    counter = iter(range(100))
    transport = Transport(replies(401))

    with pytest.raises(errors.UpstreamAuth):
        await account(transport, secret=Secret("file:key", lambda: str(next(counter)))).get(["a"], thing="a")

    assert transport.keys == ["0", "1"]


@pytest.mark.parametrize(
    "identifier",
    [
        "a/b",
        "a?b",
        "a#b",
        "a%2fb",
        "%2e%2e",
        "..%2f",
        "a;b",
        "a&b=c",
        "a b",
        "a\r\nX-Injected: 1",
        "é",
        "\0",
        "…",
        "%",
        "+",
    ],
)
@virtual_time
async def test_an_identifier_reaches_the_vendor_as_one_segment(identifier: str) -> None:
    transport = Transport(replies(200))

    await account(transport).get(["audiences", identifier, "members"], {"page": "1"}, thing="members")

    url = transport.requests[0].url
    assert url.isascii()
    assert url.isprintable()
    parts = urlsplit(url)
    assert [unquote(part) for part in parts.path.split("/")] == ["", "canary-base", "audiences", identifier, "members"]
    assert (parts.query, parts.fragment) == ("page=1", "")


@given(identifier=TEXT.filter(lambda text: text not in {"", ".", ".."}), value=TEXT)
def test_any_identifier_and_any_value_stay_what_they_are(identifier: str, value: str) -> None:
    async def ask() -> list[HttpRequest]:
        transport = Transport(replies(200))
        await account(transport).get(["audiences", identifier], {"search": value}, thing="audience")
        return transport.requests

    parts = urlsplit(run_virtually(ask())[0].url)
    assert [unquote(part) for part in parts.path.split("/")][2:] == ["audiences", identifier]
    assert parse_qsl(parts.query, keep_blank_values=True) == [("search", value)]


@pytest.mark.parametrize("identifier", ["", ".", ".."])
@virtual_time
async def test_an_identifier_that_would_climb_is_not_found_without_a_call(identifier: str) -> None:
    transport = Transport(replies(200))

    with pytest.raises(errors.NotFound):
        await account(transport).get(["audiences", identifier], thing="audience")

    assert transport.requests == []


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (fails(ConnectionFailed("connection refused", sent=False)), errors.UpstreamUnavailable),
        (fails(ReplyTooLarge("more than 5 bytes", sent=True)), errors.UpstreamTooLarge),
        (fails(ReplyUnreadable("LocalProtocolError", sent=True)), errors.UpstreamBadResponse),
        (fails(TransportError("anything", sent=True)), errors.UpstreamBadResponse),
        (silent, errors.UpstreamTimeout),
        (replies(401, f'{{"error":"key {KEY} is wrong"}}'.encode()), errors.UpstreamAuth),
        (replies(500, BASE.encode()), errors.UpstreamUnavailable),
        (replies(200, KEY.encode()), errors.UpstreamBadResponse),
    ],
)
@virtual_time
async def test_errors_name_the_account_and_neither_address_nor_key(act: Act, kind: type[errors.GatewayError]) -> None:
    with pytest.raises(kind) as failure:
        await account(Transport(act)).get(["audiences"], thing="list of audiences")

    assert failure.value.provider_key == "vendor-1"
    assert "vendor-1" in failure.value.message
    assert "canary" not in failure.value.message
    assert "vendor.test" not in failure.value.message


@pytest.mark.parametrize(
    "body", [b"", b"<html>Bad gateway</html>", b'{"error":', b"\xff\xfe", b"[" * 200_000, b'"text"', b"null"]
)
@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, errors.NotFound), (500, errors.UpstreamUnavailable), (400, errors.UpstreamRejected)],
)
@virtual_time
async def test_an_error_is_understood_whatever_its_body(
    status: HTTPStatus, kind: type[errors.GatewayError], body: bytes
) -> None:
    with pytest.raises(kind) as failure:
        await account(Transport(replies(status, body))).get(["audiences", "7"], thing="audience 7")

    assert failure.value.upstream_status == status


@pytest.mark.parametrize(
    "body",
    [
        b"", b" ", b"[1,2", b'{"a":1', b'{"a":1}}', b"{}{}", b"<html></html>", b"nul", b"NaN", b'"\xff"',
        b"[" * 200_000,
        b'{"a":1e400}', b'"\\ud800"', b"\xef\xbb\xbf{}",
    ],
)  # fmt: skip
@virtual_time
async def test_a_success_that_is_not_one_whole_document_is_unreadable(body: bytes) -> None:
    with pytest.raises(errors.UpstreamBadResponse):
        await account(Transport(replies(200, body))).get(["audiences"], thing="audiences")


@virtual_time
async def test_large_numbers_are_not_rounded() -> None:
    transport = Transport(replies(200, b'{"id":123456789012345678901234567890}'))

    reply = await account(transport).get(["audiences"], thing="audiences")

    assert reply.document == {"id": 123456789012345678901234567890}
