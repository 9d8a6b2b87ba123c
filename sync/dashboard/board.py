"""A page for a screen in the room: how many are in, and the first names of who wished to be named there."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions
from sync.presence import Presence
from sync.views.people import read_directory


class Board:
    """The handler of `/board`.  Lives as long as the dashboard."""

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
        """Show it; it loads itself anew now and then, without a script."""
        visitor = await self._sessions.required(request)
        visits = self._presence.present(self._clock.at())
        known = await self._database.read(read_directory)
        names = tuple(
            known[visit.member_id].name.split()[0]
            for visit in visits
            if visit.member_id in known and known[visit.member_id].is_named_in_lobby(visit.mood)
        )
        page = self._pages.render(
            "board.html", visitor.language, space=self._space, names=names, present=len(visits)
        )
        return HTMLResponse(page, headers={"refresh": "30"})
