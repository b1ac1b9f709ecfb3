"""Running ASGI applications on sockets: in front, or in a thread beside something else."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

_BACKLOG = 2048
_START_SECONDS = 30.0
_INTERRUPTED = 130


def run(app: ASGIApp, host: str, port: int, *, started: Callable[[str], None]) -> None:
    """Serve ``app`` until interrupted; then finish what is under way, at most ten seconds, and end the program.

    :param started: called with the address, such as ``http://127.0.0.1:8000``, once requests are answered.
    """
    listener = _listen(host, port)
    server = _Server(_config(app), lambda: started(_address(listener)))
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        raise SystemExit(_INTERRUPTED) from None
    if not server.started:
        raise SystemExit(1)


@contextmanager
def running(app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve ``app`` in a thread; gives its address once requests are answered, and stops it at the end."""
    listener = _listen(host, port)
    ready = threading.Event()
    server = _Server(_config(app), ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    if not ready.wait(_START_SECONDS):
        raise RuntimeError("the server did not start")
    try:
        yield _address(listener)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


class _Server(uvicorn.Server):
    """uvicorn's server, which also tells when it has started."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._tell()


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="on",
        server_header=False,
        limit_concurrency=1_000,
        timeout_graceful_shutdown=10,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise SystemExit(f"Cannot listen on {host}:{port}: {error.strerror}.") from None
    listener.listen(_BACKLOG)
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
