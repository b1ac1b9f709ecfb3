"""Keys go to nobody whose certificate is not vouched for."""

import os
import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from audience_gateway.config import HttpLibrary
from audience_gateway.ports import HttpRequest, HttpTransport
from audience_gateway.upstream.choice import open_transport
from audience_gateway.upstream.transport import ConnectionFailed
from tests.raw_server import Connection, http, raw_server


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate, in one file, of somebody at 127.0.0.1 for whom nobody vouches."""
    if shutil.which("openssl") is None:
        reason = "openssl is not installed, which makes the certificate"
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    subprocess.run(
        [*command.split(), "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", file, "-out", file.with_suffix(".crt")],
        check=True,
        capture_output=True,
    )
    file.write_text(file.read_text() + file.with_suffix(".crt").read_text())
    return file


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def answer(connection: Connection) -> None:
    while True:
        await connection.request()
        await connection.send(http(b"[]"))


def asking(url: str) -> HttpRequest:
    return HttpRequest(method="GET", url=url, headers={"x-api-key": "canary-key-4711"}, deadline_seconds=5)


async def test_nothing_is_sent_under_a_certificate_that_nobody_vouches_for(
    transport: HttpTransport, tls: ssl.SSLContext
) -> None:
    async with raw_server(answer, tls=tls) as server:
        with pytest.raises(ConnectionFailed) as refused:
            await transport.send(asking(server.address))

    assert not refused.value.sent
    assert server.heads == []


async def test_the_environment_vouches_for_nobody(
    library: HttpLibrary, tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    transport = open_transport(library)

    async with raw_server(answer, tls=tls) as server:
        with pytest.raises(ConnectionFailed):
            await transport.send(asking(server.address))
    await transport.close()


@pytest.mark.parametrize("library", ["aiohttp"], indirect=True)
async def test_a_connection_under_tls_is_used_again(
    library: HttpLibrary, tls: ssl.SSLContext, certificate: Path
) -> None:
    """Although what TLS itself says on a quiet connection could be taken for words of the provider."""
    from audience_gateway.upstream.aiohttp_transport import AiohttpTransport  # noqa: PLC0415 (it may not be there)

    transport = open_transport(library)
    assert isinstance(transport, AiohttpTransport)
    transport._tls.load_verify_locations(certificate.with_suffix(".crt"))

    async with raw_server(answer, tls=tls) as server:
        for _ in range(5):
            await transport.send(asking(server.address))
        await transport.close()

    assert (len(server.heads), server.connections) == (5, 1)
