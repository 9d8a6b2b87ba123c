"""A web server on loopback that serves a calendar, well or badly."""

import contextlib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from typing_extensions import override

DAY = "20261122"

CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:lunch\r\nSUMMARY:Lunch\r\nLOCATION:Kitchen\r\n"
    b"DTSTART:20261122T113000Z\r\nDTEND:20261122T130000Z\r\n"
    b"ATTENDEE;CN=Paul Secret:mailto:paul@example.org\r\nDESCRIPTION:with Paul Secret\r\n"
    b"END:VEVENT\r\nEND:VCALENDAR\r\n"
)


class CalendarServer:
    """Serves `content` at `/ok`, with an ETag; other paths do what their name says.  Asked paths are kept."""

    def __init__(self) -> None:
        self.content = CALENDAR
        self.etag = '"v1"'
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.was_asked = threading.Event()
        self.over = threading.Event()
        """Set at the end: whoever is kept waiting may go."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def at(self, path: str, scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self.port}/{path}"

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Speak TLS; before `start`."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - one method a path
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                server.was_asked.set()
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # whoever asked had enough
                    getattr(self, f"_{self.path.strip('/').partition('?')[0]}")()

            @override
            def log_message(self, *_arguments: Any) -> None:
                pass

            def _say(self, body: bytes, status: int = 200, **headers: str) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def _ok(self) -> None:
                if self.headers.get("If-None-Match") == server.etag:
                    self._say(b"", 304)
                    return
                self._say(server.content, ETag=server.etag, Last_Modified="Sun, 22 Nov 2026 08:00:00 GMT")

            def _missing(self) -> None:
                self._say(b"no such thing", 404)

            def _html(self) -> None:
                self._say(b"<!DOCTYPE html><title>Log in</title>", Content_Type="text/html")

            def _moved(self) -> None:
                self._say(b"", 302, Location="/ok")

            def _file(self) -> None:
                self._say(b"", 302, Location="file:///etc/passwd")

            def _outside(self) -> None:
                self._say(b"", 301, Location="http://calendar.example.org/feed.ics")

            def _loop(self) -> None:
                self._say(b"", 307, Location="/loop?")

            def _nowhere(self) -> None:
                self._say(b"", 302)

            def _odd(self) -> None:
                self._say(server.content, ETag="x" * 500)

            def _large(self) -> None:
                self.send_response(200)
                self.end_headers()
                for _ in range(60):
                    self.wfile.write(b"x" * 1_000_000)

            def _slow(self) -> None:
                server.over.wait(60)

            def _drip(self) -> None:
                self.send_response(200)
                self.end_headers()
                while not server.over.wait(0.02):
                    self.wfile.write(b"B")
                    self.wfile.flush()

            def _cut(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(server.content)))
                self.end_headers()
                self.wfile.write(server.content[:100])

            def _nonsense(self) -> None:
                self.wfile.write(b"I am no web server\r\n\r\n")

        return Handler


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[CalendarServer]:
    """A calendar server for the length of a block."""
    server = CalendarServer()
    if context is not None:
        server.encrypt(context)
    server.start()
    try:
        yield server
    finally:
        server.stop()
