"""A program that webhooks lead to: a real HTTP server on loopback that answers as a test tells it to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from typing_extensions import override


@dataclass(frozen=True, slots=True)
class Got:
    """One request."""

    path: str
    headers: dict[str, str]
    """By their names in small letters."""
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Target:
    """What came, and what is answered."""

    port: int = 0
    got: list[Got] = field(default_factory=list)
    status: int = 204
    location: str = ""
    """Where it sends whoever asks, with the status."""
    raw: bytes = b""
    """Said instead of HTTP."""
    hangs: bool = False
    """Whether it takes a request and says nothing, until `release`."""
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?from=foyer"

    def release(self) -> None:
        """Hang no more."""
        self.hangs = False
        self.released.set()


@contextmanager
def target() -> Iterator[Target]:
    """A target that runs for the length of a block."""
    made = Target()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            hangs = made.hangs
            made.got.append(Got(self.path, headers, body))
            if hangs:
                made.released.wait(60)
                return
            if made.raw:
                self.wfile.write(made.raw)
                return
            self.send_response(made.status)
            if made.location:
                self.send_header("location", made.location)
            self.send_header("content-length", "0")
            self.end_headers()

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = False

        @override
        def handle_error(self, request: object, client_address: object) -> None:
            """Whoever asked has gone: a hub that was killed, or did not wait."""

    server = Server(("127.0.0.1", 0), Handler)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="target")
    thread.start()
    try:
        yield made
    finally:
        made.release()
        server.shutdown()
        thread.join(20)
        server.server_close()
