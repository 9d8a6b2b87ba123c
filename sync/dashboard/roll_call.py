"""The roll call: everybody who is in, for an evacuation; who opened it is kept."""

import logging
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from community.clock import us_of
from community.members import Space
from community.names import words_of
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.forms import sent_by_host
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions
from sync.presence import Presence
from sync.store import deeds
from sync.store.deeds import Deed
from sync.views.people import read_directory

log = logging.getLogger(__name__)

PATH = "/roll-call"

NOT_KEPT = {"cache-control": "no-store"}
"""A browser must not show it again by itself: the next look is a deed of its own."""


@dataclass(frozen=True, slots=True)
class Called:
    """One person to be looked for."""

    name: str
    """Empty for somebody whom the directory no longer has."""
    since: datetime
    """Aware, UTC."""


class RollCall:
    """Handlers of `/roll-call`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        presence: Presence,
        clock: Clock,
        space: Space,
        pages: Pages,
        sessions: Sessions,
    ) -> None:
        self._database, self._presence, self._clock = database, presence, clock
        self._space, self._pages, self._sessions = space, pages, sessions

    async def show(self, request: Request) -> Response:
        """Say what the roll call is, and ask whether it is to be opened."""
        visitor = await self._sessions.required(request)
        return self._page(visitor.language, visitor.form_token, None)

    async def open(self, request: Request) -> Response:
        """Note who opens it, and name everybody who is in, those who hide too."""
        visitor, _form = await sent_by_host(self._sessions, request)
        at = self._clock.at()
        at_us = us_of(at)
        await self._database.write(lambda c: deeds.note(c, at_us, Deed.ROLL_CALL, visitor.login))
        known = await self._database.read(read_directory)
        called = [
            Called(known[visit.member_id].name if visit.member_id in known else "", visit.arrived)
            for visit in self._presence.present(at)
        ]
        called.sort(key=lambda each: (words_of(each.name), each.since))
        log.info("a host opened the roll call: %d people", len(called))
        return self._page(visitor.language, visitor.form_token, called)

    def _page(self, language: str, token: str, called: list[Called] | None) -> Response:
        page = self._pages.render(
            "roll_call.html",
            language,
            space=self._space,
            back=PATH,
            called=called,
            at=self._clock.at(),
            form_token=token,
        )
        return HTMLResponse(page, headers=NOT_KEPT)
