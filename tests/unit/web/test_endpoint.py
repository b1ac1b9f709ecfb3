"""What the endpoint takes, what it refuses before any work, and how it says so."""

import json

import pytest

from tests.unit.accounts import Account, audience
from tests.unit.web.gateway import Gateway

QUERY = b'{"query":"{__typename}"}'


async def test_json_over_post_is_answered_as_json() -> None:
    answer = await Gateway().post(QUERY)

    assert (answer.status, answer.json()) == (200, {"data": {"__typename": "Query"}})
    assert answer.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain",
        "text/plain; charset=application/json", 'text/plain; a="application/json"', "text/json", "application/graphql",
        "", "json", "application/xml",
    ],
)  # fmt: skip
@pytest.mark.parametrize("body", [QUERY, b"query=%7B__typename%7D", b"--x\r\n\r\n--x--"])
async def test_a_form_or_plain_text_is_refused(content_type: str, body: bytes) -> None:
    """Those are what a foreign page may send without asking first."""
    gateway = Gateway()

    answer = await gateway.post(body, content_type)

    assert answer.status in {400, 415}
    assert gateway.calls == []


async def test_a_foreign_page_gets_in_with_nothing() -> None:
    assert (await Gateway().post(QUERY, origin="https://evil.example")).status == 403
    preflight = await Gateway().request("OPTIONS", origin="https://evil.example", access_control_request_method="POST")
    assert preflight.status == 403
    assert not any(name.startswith("access-control") for name in preflight.headers)


async def test_no_answer_invites_other_origins() -> None:
    answer = await Gateway().post(QUERY, origin="http://localhost:3000")

    assert answer.status == 200
    assert not any(name.startswith("access-control") for name in answer.headers)


@pytest.mark.parametrize("accept", ["application/json", "*/*", "text/html"])
async def test_a_query_over_get_is_refused(accept: str) -> None:
    gateway = Gateway()

    answer = await gateway.request("GET", "/graphql?query={audiences{complete}}", accept=accept)

    assert answer.status == 400
    assert gateway.calls == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "HEAD"])
async def test_other_methods_are_not_allowed(method: str) -> None:
    assert (await Gateway().request(method, chunks=[QUERY], content_type="application/json")).status == 405


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"nonsense", b"null", b"7", b"true", b'"{__typename}"', b"[]", b"[" * 200_000, b'{"a":' * 200_000,
        b'{"query":"{a}","variables":' + b"[" * 200_000, b"{}", b'{"query":null}', b'{"query":7}', b'{"query":["a"]}',
        b'{"query":{}}', b'{"query":""}', b'{"query":"{a}","variables":[]}', b'{"query":"{a}","variables":"x"}',
        b'{"query":"{__typename}","extensions":7}', b'{"query":"{__typename}","operationName":"other"}',
        b'{"query":"fragment a on Query{__typename}"}', b'{"query":"\xff"}', b'{"query":"\\ud800"}', b'{"query":NaN}',
        b'\xef\xbb\xbf{"query":"{__typename}"}', '{"query":"{__typename}"}'.encode("utf-16"), b"\0" * 100,
    ],
    ids=lambda body: repr(body[:32]),
)  # fmt: skip
async def test_a_body_that_is_no_operation_is_a_bad_request_and_no_fault_of_ours(body: bytes) -> None:
    assert (await Gateway().post(body)).status == 400


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "The body is not JSON."),
        (b'{"query":"\xff"}', "The body is not JSON."),
        (b"7", "The body is neither an object nor a list."),
        (b'{"query":"{a}","variables":' + b"[" * 20_000, "The body is nested too deeply."),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_a_body_that_cannot_be_read_is_told_as_an_error_with_a_code(
    body: bytes, message: str, accept: str
) -> None:
    answer = await Gateway().post(body, accept=accept)

    assert answer.json() == {"errors": [{"message": message, "extensions": {"code": "BAD_INPUT", "retryable": False}}]}
    assert answer.headers["content-type"].startswith(accept)


async def test_several_operations_at_once_are_refused() -> None:
    gateway = Gateway()

    answer = await gateway.post(b'[{"query":"{audiences{complete}}"},{"query":"{audiences{complete}}"}]')

    assert answer.status == 400
    assert gateway.calls == []


@pytest.mark.parametrize("length", [2**20, 2**20 + 1])
async def test_a_body_may_have_one_mebibyte(length: int) -> None:
    body = QUERY + b" " * (length - len(QUERY))

    assert (await Gateway().post(body)).status == (200 if length == 2**20 else 413)


async def test_a_chunked_body_is_counted_too() -> None:
    answer = await Gateway().request("POST", chunks=[b" " * 100_000] * 11, content_type="application/json")

    assert answer.status == 413


async def test_an_unexpected_error_is_masked() -> None:
    async def fail(_: str) -> None:
        raise ValueError("canary secret")

    answer = await Gateway(Account("one", [audience("a")], before=fail)).post(
        b'{"query":"{audiences{complete sources{problem{code message}}}}"}'
    )

    assert answer.status == 200
    assert b"INTERNAL" in answer.body
    assert b"canary" not in answer.body


async def test_a_browser_gets_graphiql_under_a_strict_policy() -> None:
    answer = await Gateway().request("GET", accept="text/html,application/xhtml+xml")

    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (policy["default-src"], policy["script-src"], policy["frame-ancestors"]) == ("'none'", "'self'", "'none'")
    assert "unsafe-eval" not in answer.headers["content-security-policy"]


async def test_graphiql_can_be_switched_off() -> None:
    assert (await Gateway(graphiql=False).request("GET", accept="text/html")).status in {400, 404, 405}


async def test_the_root_leads_to_graphql() -> None:
    answer = await Gateway().request("GET", "/")

    assert (answer.status, answer.headers["location"]) == (307, "/graphql")


async def test_a_foreign_host_reaches_nothing() -> None:
    for path in ("/", "/graphql", "/graphiql/icon.svg"):
        assert (await Gateway().request("GET", path, host="evil.example")).status == 421
    assert (await Gateway().post(QUERY, host="gateway.example:443")).status == 200


async def test_assets_do_not_lead_out_of_their_folder() -> None:
    for path in ("/graphiql/../page.py", "/graphiql/..%2fpage.py", "/graphiql//etc/passwd", "/graphiql/%2e%2e/page.py"):
        assert (await Gateway().request("GET", path)).status in {404, 405}


async def test_introspection_passes_as_graphiql_asks_it() -> None:
    from graphql import build_client_schema, get_introspection_query  # noqa: PLC0415 (only here)

    query = get_introspection_query(
        descriptions=True, specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True
    )

    answer = await Gateway().post(json.dumps({"query": query}).encode())

    document = json.loads(answer.body)
    assert "errors" not in document
    assert "Audience" in build_client_schema(document["data"]).type_map
