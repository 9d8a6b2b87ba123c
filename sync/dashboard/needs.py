"""The needs board: what people look for and offer today, and who of those present could help."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from community.members import Space
from sync.dashboard.introductions import Tables
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions

PATH = "/needs"


class NeedsPage:
    """The handler of `/needs`.  Lives as long as the dashboard."""

    def __init__(self, *, tables: Tables, space: Space, pages: Pages, sessions: Sessions) -> None:
        self._tables, self._space, self._pages, self._sessions = tables, space, pages, sessions

    async def show(self, request: Request) -> Response:
        """Show the page, or the part of it that changes by itself if a script of ours asks."""
        visitor = await self._sessions.required(request)
        board = await self._tables.needs_board()
        if "hx-request" in request.headers:
            return HTMLResponse(self._pages.render("needs_lines.html", visitor.language, board=board))
        page = self._pages.render(
            "needs.html",
            visitor.language,
            space=self._space,
            back=PATH,
            board=board,
            form_token=visitor.form_token,
        )
        return HTMLResponse(page)
