"""Fetch a calendar: from the net by HTTPS, or from a file.

Whoever answers is not trusted: no redirect leads away from encryption, to a file or on for ever; nothing
large is taken in, and nothing is waited for long.  Runs in the process that reads, which ends.
"""

import http.client
import socket
import ssl
import urllib.error
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from typing import IO
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from typing_extensions import override

from sync.agenda.asked import Asked, Trouble
from sync.settings import calendar_url

ANSWER_S = 20.0
"""Seconds a server may be silent."""

WHOLE_S = 60.0
"""Seconds in which the whole calendar must have come, however steadily it drips."""

LARGEST_BYTES = 10_000_000
"""Ten thousand entries; what is larger is not read on a small computer."""

CHUNK_BYTES = 65_536

NOT_MODIFIED = 304


class FetchError(Exception):
    """The calendar did not come."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(trouble.value)
        self.trouble, self.detail = trouble, detail


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came."""

    content: bytes | None
    """`None` where the server says that it is the same as before."""
    etag: str = ""
    modified: str = ""


def fetch(asked: Asked) -> Fetched:
    """Fetch a calendar.

    Raises:
        FetchError: Why it did not come.
    """
    if asked.address.startswith("/"):
        return _from_file(Path(asked.address))
    try:
        return _from_net(asked)
    except urllib.error.HTTPError as error:
        with error:
            if error.code == NOT_MODIFIED:
                return Fetched(None, asked.etag, asked.modified)
            raise FetchError(Trouble.STATUS, str(error.code)) from error
    except urllib.error.URLError as error:
        raise FetchError(_why(error.reason)) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchError(_why(error)) from error


class _SameSafety(HTTPRedirectHandler):
    """Goes where it is sent only if that is as safe: urllib itself would leave encryption."""

    max_redirections = 5

    @override
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage, newurl: str
    ) -> Request | None:
        leads_to = calendar_url(newurl)
        if leads_to is None or (req.type == "https" and not leads_to.startswith("https:")):
            fp.close()
            raise FetchError(Trouble.ELSEWHERE)
        return super().redirect_request(req, fp, code, msg, headers, newurl)

    @override
    def http_error_302(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage
    ) -> object:
        try:
            return super().http_error_302(req, fp, code, msg, headers)
        except urllib.error.HTTPError as error:
            error.close()
            raise FetchError(Trouble.ELSEWHERE) from error

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def _from_net(asked: Asked) -> Fetched:
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        HTTPHandler(),
        HTTPSHandler(context=ssl.create_default_context()),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
        _SameSafety(),
    ):
        opener.add_handler(handler)
    headers = {
        "User-Agent": f"Foyer/{version('foyer-kiosk')}",
        "Accept": "text/calendar, */*;q=0.5",
        "Accept-Encoding": "identity",
    }
    if asked.etag:
        headers["If-None-Match"] = asked.etag
    if asked.modified:
        headers["If-Modified-Since"] = asked.modified
    until_s = monotonic() + WHOLE_S
    request = Request(_address(asked), headers=headers)  # noqa: S310 - https, or this machine
    with opener.open(request, timeout=ANSWER_S) as answer:
        content = _taken(answer, until_s)
        return Fetched(content, _header(answer, "ETag"), _header(answer, "Last-Modified"))


def _address(asked: Asked) -> str:
    url = calendar_url(asked.address)
    if url is None:
        raise FetchError(Trouble.ELSEWHERE)
    return url


def _taken(answer: http.client.HTTPResponse, until_s: float) -> bytes:
    taken = bytearray()
    while chunk := answer.read1(CHUNK_BYTES):
        taken += chunk
        if len(taken) > LARGEST_BYTES:
            raise FetchError(Trouble.TOO_LARGE)
        if monotonic() > until_s:
            raise FetchError(Trouble.SLOW)
    return bytes(taken)


def _header(answer: http.client.HTTPResponse, name: str) -> str:
    """Return a header to send back later; empty if there is none, or it is no such thing."""
    value = answer.headers.get(name) or ""
    return value if len(value) <= 200 and value.isascii() and value.isprintable() else ""  # noqa: PLR2004


def _from_file(file: Path) -> Fetched:
    try:
        if not file.is_file():
            raise FetchError(Trouble.NO_FILE)
        with file.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except PermissionError as error:
        raise FetchError(Trouble.FILE_CLOSED) from error
    except OSError as error:
        raise FetchError(Trouble.NO_FILE) from error
    if len(content) > LARGEST_BYTES:
        raise FetchError(Trouble.TOO_LARGE)
    return Fetched(content)


def _why(reason: BaseException | str) -> Trouble:
    match reason:
        case ssl.SSLError():
            return Trouble.TLS
        case socket.gaierror():
            return Trouble.NO_SUCH_HOST
        case TimeoutError():
            return Trouble.SLOW
        case ValueError():
            return Trouble.ELSEWHERE
        case _:
            return Trouble.UNREACHABLE
