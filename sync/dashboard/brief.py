"""The brief of the day: a line for each thing only a person can do now, each with what was done about it."""

import logging

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.forms import sent_by_host, text_of
from sync.dashboard.introductions import Tables
from sync.dashboard.reasons import why
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions, Visitor
from sync.introductions.brief import Brief, Needed, brief_of, mark, read_facts
from sync.presence import Presence
from sync.store import briefs
from sync.store.briefs import Mark

log = logging.getLogger(__name__)

PATH = "/brief"

SEE_OTHER = 303


class BriefPage:
    """Handlers of `/brief`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        presence: Presence,
        tables: Tables,
        clock: Clock,
        space: Space,
        pages: Pages,
        sessions: Sessions,
    ) -> None:
        self._database, self._presence, self._tables = database, presence, tables
        self._clock, self._space, self._pages, self._sessions = clock, space, pages, sessions

    async def show(self, request: Request) -> Response:
        """Show the page, or the part of it that changes by itself if a script of ours asks."""
        visitor = await self._sessions.required(request)
        values = self._values(await self._brief(), visitor)
        if "hx-request" in request.headers:
            return HTMLResponse(self._pages.render("brief_lines.html", visitor.language, **values))
        page = self._pages.render("brief.html", visitor.language, space=self._space, back=PATH, **values)
        return HTMLResponse(page)

    async def receive(self, request: Request) -> Response:
        """Keep what a host did about a line, or take it back; or change nothing if the line is gone."""
        visitor, form = await sent_by_host(self._sessions, request)
        brief = await self._brief()
        at_us = self._clock.now_us()
        back = next((each.line.key for each in brief.done if each.line.key == text_of(form, "back")), None)
        line = next((line for line in brief.lines if line.key == text_of(form, "line")), None)
        what = next((what for what in Mark if what.value == text_of(form, "mark")), None)

        def work(connection: Connection) -> None:
            if back is not None:
                briefs.take_back(connection, back, brief.day)
            elif line is not None and what is not None:
                briefs.put(connection, mark(line.key, what, brief.day, visitor.login, at_us))

        await self._database.write(work)
        log.info("a host saw to a line of the brief")
        return RedirectResponse(PATH, SEE_OTHER)

    async def _brief(self) -> Brief:
        at, hours = self._clock.at(), self._presence.hours
        overview = await self._tables.overview()
        facts = await self._database.read(lambda connection: read_facts(connection, hours, at))
        return brief_of(facts, self._presence.present(at), overview.pairs, hours.day_of(at))

    def _values(self, brief: Brief, visitor: Visitor) -> dict[str, object]:
        words = self._pages.words[visitor.language]

        def reason(line: Needed) -> str:
            return why(words, visitor.language, line.reason, line.one, line.other)

        return {
            "brief": brief,
            "why": reason,
            "form_token": visitor.form_token,
        }
