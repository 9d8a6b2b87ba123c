"""What a member says on their own page about welcoming newcomers."""

from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from plumbing.database import Database
from sync.dashboard.forms import MOST_FIELDS, text_of
from sync.dashboard.own_sessions import OwnSessions
from sync.dashboard.sessions import OldFormError
from sync.store import newcomers

PATH = "/me/welcome"
SEE_OTHER = 303
FORBIDDEN = 403


class OwnCare:
    """The handler of `/me/welcome`.  Lives as long as the dashboard."""

    def __init__(self, database: Database, sessions: OwnSessions) -> None:
        self._database, self._sessions = database, sessions

    def routes(self) -> list[Route]:
        """Return where the handler stands."""
        return [Route(PATH, self.receive, methods=["POST"])]

    async def receive(self, request: Request) -> Response:
        """Keep whether the member offers to welcome newcomers."""
        opened = await self._sessions.opened(request)
        if opened is None:
            raise HTTPException(FORBIDDEN)
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
        if not self._sessions.is_ours(opened, text_of(form, "form_token")):
            raise OldFormError
        yes, member_id = text_of(form, "welcomes") == "yes", opened.member_id
        await self._database.write(lambda c: newcomers.volunteer(c, member_id, yes=yes))
        language = request.query_params.get("language", "")
        return RedirectResponse(f"/me?{urlencode({'said': 'kept', 'language': language})}", SEE_OTHER)
