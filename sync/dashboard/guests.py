"""Hosts say that a guest was met."""

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.forms import sent_by_host, text_of
from sync.dashboard.sections import Sections, partials
from sync.dashboard.sessions import Sessions
from sync.live import Live
from sync.store import deeds, guests
from sync.store.deeds import Deed

MET = "/guests/met"
SEE_OTHER = 303
MOST_DIGITS = 18
"""Of an event's number."""


class GuestsPart:
    """The handler of `/guests/met`.  Lives as long as the dashboard."""

    def __init__(
        self, *, database: Database, live: Live, clock: Clock, sessions: Sessions, sections: Sections
    ) -> None:
        self._database, self._live, self._clock = database, live, clock
        self._sessions, self._sections = sessions, sections

    async def met(self, request: Request) -> Response:
        """Take a guest off the page, for every host; twice changes nothing."""
        visitor, form = await sent_by_host(self._sessions, request)
        kiosk, epoch, number = (text_of(form, name) for name in ("kiosk", "epoch", "seq"))
        at_us = self._clock.now_us()

        def work(connection: Connection) -> bool:
            done = guests.meet(connection, kiosk, epoch, int(number))
            if done:
                deeds.note(connection, at_us, Deed.GUEST_MET, visitor.login, f"{kiosk}/{number}")
            return done

        is_number = number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS
        if is_number and await self._database.write(work):
            self._live.changed()
        if "hx-request" not in request.headers:
            return RedirectResponse("/", SEE_OTHER)
        shown = self._sections.show(await self._sections.read(), visitor)
        return HTMLResponse(partials({"guests": shown.html["guests"]}))
