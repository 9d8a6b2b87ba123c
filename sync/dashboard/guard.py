"""What every answer carries and every request must pass, before any page is asked.

Plain ASGI, so that a stream goes through untouched.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_FORM_BYTES = 16_384
"""No form of ours is larger."""

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


class Guard:
    """Refuses writes from elsewhere, and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._https = https

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

        refusal = refuse(scope["method"], Headers(scope=scope))
        await (refusal or self._app)(scope, receive, send_guarded)


def refuse(method: str, headers: Headers) -> PlainTextResponse | None:
    """Return the refusal of a request that must not pass, or `None`.

    A write must come from a page of ours.  Browsers say so in `Sec-Fetch-Site` on https and
    localhost, and in `Origin` everywhere; a write with neither is refused.
    """
    if method in READING:
        return None
    site = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    if site is not None and site != "same-origin":
        return PlainTextResponse("This form was sent from another site.", 403)
    if site is None and origin is None:
        return PlainTextResponse("This request does not say where it comes from.", 403)
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        return PlainTextResponse("This form was sent from another site.", 403)
    length = headers.get("content-length")
    if length is None or not length.isdecimal():
        return PlainTextResponse("This request does not say how long it is.", 411)
    if int(length) > LARGEST_FORM_BYTES:
        return PlainTextResponse("This request is too large.", 413)
    return None
