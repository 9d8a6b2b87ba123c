"""What notices are sent to: a web service and a mail server on loopback, well or badly behaved."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from typing_extensions import override


class WebService:
    """Takes notices as JSON at `/ok`; other paths do what their name says.  What came is kept."""

    def __init__(self) -> None:
        self.came: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.was_asked = threading.Event()
        self.hangs = False
        """Whether `/ok` does not answer for now, either."""
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def at(self, path: str = "ok") -> str:
        return f"json://127.0.0.1:{self._server.server_address[1]}/{path}"

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                service.was_asked.set()
                path = self.path.strip("/")
                if path == "slow" or service.hangs:
                    service.over.wait(60)
                    return
                if path == "no":
                    self._say(503)
                    return
                service.came.append(json.loads(body))
                service.keys.append(self.headers.get("Idempotency-Key", ""))
                self._say(200)

            def _say(self, status: int) -> None:
                with suppress(BrokenPipeError, ConnectionResetError):
                    self.send_response(status)
                    self.send_header("content-length", "0")
                    self.end_headers()

            @override
            def log_message(self, *_arguments: Any) -> None:
                pass

        return Handler


@contextmanager
def web_service() -> Iterator[WebService]:
    """A web service for the length of a block."""
    service = WebService()
    service.start()
    try:
        yield service
    finally:
        service.stop()


class Mailbox:
    """What a mail server took."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.to: list[str] = []
        self.port = 0

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd asks for this name
        self.to += envelope.rcpt_tos
        found = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.mails.append(found)
        return "250 OK"

    @property
    def address(self) -> str:
        """The channel of a space whose mail goes through this server."""
        return f"mailto://127.0.0.1:{self.port}?from=door@nook.example.org&to=hosts@nook.example.org"

    def text(self, number: int = -1) -> str:
        """What one mail says: subject and text."""
        mail = self.mails[number]
        body = mail.get_body(("plain", "html"))
        assert body is not None
        return f"{mail['subject']}\n{body.get_content()}"


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A mail server for the length of a block."""
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        mailbox.port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
