"""What the hub lets go of by itself: how long each thing is kept and why, when it last went, and how much."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions
from sync.views.retention import read_lines

PATH = "/retention"


class RetentionPage:
    """The handler of `/retention`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        space: Space,
        taps_days: int,
        pages: Pages,
        sessions: Sessions,
    ) -> None:
        """`taps_days` is how long raw taps are kept."""
        self._database, self._clock, self._space, self._days = database, clock, space, taps_days
        self._pages, self._sessions = pages, sessions

    async def show(self, request: Request) -> Response:
        """Show how each thing stands."""
        visitor = await self._sessions.required(request)
        at = self._clock.at()
        page = self._pages.render(
            "retention.html",
            visitor.language,
            space=self._space,
            back=PATH,
            at=at,
            lines=await self._database.read(lambda c: read_lines(c, at, self._days)),
            form_token=visitor.form_token,
        )
        return HTMLResponse(page)
