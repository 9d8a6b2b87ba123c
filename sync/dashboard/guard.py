"""What every answer carries and every request must pass, before any page is asked.

Plain ASGI, so that a stream goes through untouched.
"""

from collections.abc import Awaitable, Callable
from enum import Enum
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_FORM_BYTES = 65_536
"""A member's own page with thirty long items in each of its lists; no other form of ours comes near."""

LARGEST_AT = {
    "/import/file": 5_000_000 + LARGEST_FORM_BYTES,
    "/me/photo": 12_000_000 + LARGEST_FORM_BYTES,
}
"""Where files are sent; see `sync.tables` and `sync.photos`."""

MACHINES = "/api/v1/"
"""Where programs come with a token.  No cookie opens anything there, so no page elsewhere can make a browser
do it; how large a body may be is said there too."""

TOO_LARGE = 413

MOST_DRAINED_BYTES = 64_000_000
"""What is read of a form that is too large, and thrown away: a browser reads our answer only after that."""

READING = frozenset({"GET", "HEAD"})
"""Methods that change nothing."""

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
"""Only files of ours, no inline script or style, never inside another site's frame."""

HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # not `no-referrer`: with that a browser sends `Origin: null` with our own forms
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
"""On every answer."""


class Refusal(Enum):
    """Why a request must not pass."""

    ELSEWHERE = "elsewhere"
    """The form was sent from another site."""
    UNSAID = "unsaid"
    """It does not say where it comes from."""
    LENGTH = "length"
    """It does not say how long it is."""
    LARGE = "large"
    LARGE_FILE = "large-file"
    LARGE_PHOTO = "large-photo"

    @property
    def status(self) -> int:
        """The answer's status."""
        return {
            Refusal.LENGTH: 411,
            Refusal.LARGE: 413,
            Refusal.LARGE_FILE: 413,
            Refusal.LARGE_PHOTO: 413,
        }.get(self, 403)


Say = Callable[[Request, int, str], Awaitable[Response]]
"""Answers a request with a status and the page for one word of trouble, in the reader's language."""


class Guard:
    """Refuses writes from elsewhere, and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, *, https: bool, say: Say) -> None:
        self._app = app
        self._https = https
        self._say = say

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
                if self._https:
                    headers.setdefault("strict-transport-security", "max-age=31536000")
            await send(message)

        refusal = refuse(scope["method"], Headers(scope=scope), scope["path"])
        answer = self._app
        if refusal is not None:
            if refusal.status == TOO_LARGE:
                await _drain(receive)
            answer = await self._say(Request(scope), refusal.status, refusal.value)
        await answer(scope, receive, send_guarded)


async def _drain(receive: Receive) -> None:
    """Let a browser send what it began to send, within reason."""
    drained = 0
    while drained < MOST_DRAINED_BYTES:
        message = await receive()
        drained += len(message.get("body", b""))
        if not message.get("more_body", False):
            return


def refuse(method: str, headers: Headers, path: str = "") -> Refusal | None:
    """Say why a request must not pass, or `None` if it may.

    A write must come from a page of ours.  Browsers say so in `Sec-Fetch-Site` on https and
    localhost, and in `Origin` everywhere; a write with neither is refused.
    """
    if method in READING or path.startswith(MACHINES):
        return None
    site = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    if site is not None and site != "same-origin":
        return Refusal.ELSEWHERE
    if site is None and origin is None:
        return Refusal.UNSAID
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        return Refusal.ELSEWHERE
    length = headers.get("content-length")
    if length is None or not length.isdecimal():
        return Refusal.LENGTH
    if int(length) > LARGEST_AT.get(path, LARGEST_FORM_BYTES):
        return _TOO_LARGE.get(path, Refusal.LARGE)
    return None


_TOO_LARGE = {"/import/file": Refusal.LARGE_FILE, "/me/photo": Refusal.LARGE_PHOTO}
