"""The live page: one stream of server-sent events for each browser.

A message holds the parts of the page that changed, ready to be put in place; its `id` says
which version of each part the browser then has.  A browser that comes back with that id gets
only what it missed, any other gets everything.  Nothing is queued: whoever is slow gets the
latest state once.
"""

import logging
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from plumbing.clock import Clock
from plumbing.errors import DatabaseError
from sync.dashboard.rendering import Pages
from sync.dashboard.roles import may
from sync.dashboard.sections import Sections, partials
from sync.dashboard.sessions import NotAllowedError, Sessions, Visitor
from sync.live import Live, Woken

log = logging.getLogger(__name__)

PING_S = 15.0
"""Seconds of silence before a comment is sent: below every proxy's limit, and the moment at
which what depends on the time alone, such as closing time, is looked at again."""

HEADERS = {
    "cache-control": "no-store",
    "x-accel-buffering": "no",  # asks a proxy to pass each message on at once
}

PING = b": still here\n\n"
OVER = b"event: over\ndata:\n\n"
"""The login has ended: the browser goes to the login page and does not come back."""


class Stream:
    """The handler of `/live`.  Lives as long as the dashboard."""

    def __init__(
        self, *, live: Live, clock: Clock, pages: Pages, sessions: Sessions, sections: Sections
    ) -> None:
        self._live = live
        self._clock = clock
        self._pages = pages
        self._sessions = sessions
        self._sections = sections
        self._latest: tuple[tuple[str, tuple[str, ...]], bytes] = (("", ()), b"")
        """The message made last, by its version and its parts: the next browser often needs the same."""

    async def live(self, request: Request) -> Response:
        """Answer with a stream for as long as the login lasts."""
        visitor = await self._sessions.visitor(request)
        if visitor is None and "hx-request" in request.headers:
            return Response(OVER, media_type="text/event-stream", headers=HEADERS)
        if visitor is None:
            words = self._pages.words[await self._sessions.language(request)]
            return PlainTextResponse(words.gettext("Log in first."), 401, {"www-authenticate": "Bearer"})
        if not may(visitor.role, request.url.path, writing=False):
            raise NotAllowedError(visitor.role)
        seen = request.headers.get("last-event-id", "")
        return StreamingResponse(
            self._messages(visitor, seen), media_type="text/event-stream", headers=HEADERS
        )

    async def _messages(self, visitor: Visitor, seen: str) -> AsyncIterator[bytes]:
        try:
            with self._live.subscribe(visitor.owner) as subscription:
                yield PING  # the headers leave at once, so the browser knows that it is connected
                woken = Woken.CHANGED
                while woken is not Woken.ENDED and await self._sessions.is_open(visitor):
                    shown = self._sections.show(await self._sections.read_shared(), visitor)
                    parts = shown.changed_since(seen)
                    if parts:
                        seen = shown.id
                        yield self._message(shown.id, parts)
                    elif woken is Woken.QUIET:
                        yield PING
                    woken = await subscription.wait(PING_S)
                if not await self._sessions.is_open(visitor):
                    yield OVER
        except DatabaseError as error:
            log.warning("a live page was let go, its browser will come back: %s", error)

    def _message(self, version: str, parts: dict[str, str]) -> bytes:
        key = (version, tuple(parts))
        if self._latest[0] != key:
            self._latest = (key, message(version, parts))
        return self._latest[1]


def message(version: str, parts: dict[str, str]) -> bytes:
    """Return one event that puts each part in its place."""
    data = "".join(f"data: {line}\n" for line in partials(parts).splitlines())
    return f"id: {version}\n{data}\n".encode()
