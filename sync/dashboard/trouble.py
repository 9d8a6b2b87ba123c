"""A kind page for what went wrong, in the language of whoever reads it."""

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from sync.dashboard.guard import HEADERS
from sync.dashboard.rendering import Pages
from sync.dashboard.roles import HOME
from sync.dashboard.sessions import NotAllowedError, Sessions

log = logging.getLogger(__name__)

UNAUTHORIZED = 401
FORBIDDEN = 403
SEE_OTHER = 303

WORDS = {404: "missing", 405: "method"}
"""The template's word for a status; whatever else a browser did wrong is "unreadable"."""


class Trouble:
    """Answers for whatever cannot be answered as asked.  Lives as long as the dashboard."""

    def __init__(self, pages: Pages, sessions: Sessions) -> None:
        self._pages = pages
        self._sessions = sessions

    async def say(self, request: Request, status: int, what: str) -> Response:
        """Answer with the page about `what`; a part of a page gets only the words."""
        language = await self._sessions.language(request)
        page = self._pages.render(
            "trouble.html", language, what=what, frame="part.html" if _is_part(request) else "door.html"
        )
        return HTMLResponse(page, status, {"content-language": language})

    async def old_form(self, request: Request, _error: Exception) -> Response:
        """Answer `OldFormError`."""
        return await self.say(request, 403, "form")

    async def no_database(self, request: Request, error: Exception) -> Response:
        """Answer `DatabaseError`."""
        log.warning("a page could not be shown: %s", error)
        return await self.say(request, 503, "database")

    async def not_so(self, request: Request, error: Exception) -> Response:
        """Answer what Starlette says of a request: no such page, no such method, a form it cannot read."""
        status, headers = (
            (error.status_code, error.headers) if isinstance(error, HTTPException) else (400, None)
        )
        answer = await self.say(request, status, WORDS.get(status, "unreadable"))
        answer.headers.update(headers or {})
        return answer

    async def broken(self, request: Request, _error: Exception) -> Response:
        """Answer after a mistake of ours; the web server logs it."""
        answer = await self.say(request, 500, "broken")
        answer.headers.update(HEADERS)  # this answer does not pass the guard
        return answer

    async def not_allowed(self, request: Request, error: Exception) -> Response:
        """Answer `NotAllowedError`: whoever comes in by the front door goes to their own first page."""
        if request.url.path == "/" and isinstance(error, NotAllowedError):
            return RedirectResponse(HOME[error.role], SEE_OTHER)
        return await self.say(request, FORBIDDEN, "not-allowed")

    async def to_login(self, request: Request, _error: Exception) -> Response:
        """Answer `LoginNeededError`: send a browser to the login page, tell a machine that it must log in."""
        if request.url.path.startswith("/api/"):
            language = await self._sessions.language(request)
            said = self._pages.words[language].gettext("Log in first.")
            return JSONResponse({"error": said}, UNAUTHORIZED, {"www-authenticate": "Bearer"})
        if _is_part(request):
            return Response(headers={"hx-redirect": "/login"})
        return RedirectResponse("/login", SEE_OTHER)


def _is_part(request: Request) -> bool:
    """Say whether a script of ours asks for a part of a page."""
    return "hx-request" in request.headers
