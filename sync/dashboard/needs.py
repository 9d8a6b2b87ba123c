"""The needs board: what people look for and offer, who of those present could help, and what is on today."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from community.clock import Hours
from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.introductions import Tables
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions
from sync.views.agenda import read_today

PATH = "/needs"


class NeedsPage:
    """The handler of `/needs`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        hours: Hours,
        clock: Clock,
        tables: Tables,
        space: Space,
        pages: Pages,
        sessions: Sessions,
    ) -> None:
        self._database, self._hours, self._clock = database, hours, clock
        self._tables, self._space, self._pages, self._sessions = tables, space, pages, sessions

    async def show(self, request: Request) -> Response:
        """Show the page, or the part of it that changes by itself if a script of ours asks."""
        visitor = await self._sessions.required(request)
        board = await self._tables.needs_board()
        overview, day = await self._tables.overview(), self._hours.day_of(self._clock.at())
        values = {
            "board": board,
            "tables": overview.tables,
            "agenda": await self._database.read(lambda c: read_today(c, day)),
        }
        if "hx-request" in request.headers:
            return HTMLResponse(self._pages.render("needs_lines.html", visitor.language, **values))
        page = self._pages.render(
            "needs.html",
            visitor.language,
            space=self._space,
            back=PATH,
            **values,
            form_token=visitor.form_token,
        )
        return HTMLResponse(page)
