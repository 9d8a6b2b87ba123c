"""The page of tokens: an administrator makes one for another program, sees it once, takes it away at once."""

import logging
import secrets
from datetime import date, datetime, time, timedelta
from enum import Enum

from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from community.clock import Hours, us_of
from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync.api.scopes import Scope, hash_of, new_token
from sync.dashboard.forms import sent_by_host, text_of
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions, Visitor
from sync.store import api_tokens, deeds
from sync.store.api_tokens import LONGEST_NAME, Token
from sync.store.deeds import Deed
from sync.views.machines import read_tokens

log = logging.getLogger(__name__)

PATH = "/tokens"
SEE_OTHER = 303
UNPROCESSABLE = 422

USUAL_DAYS, MOST_DAYS = 365, 730
"""Days a token is good for: what is offered, and at most.  One that is for ever is forgotten somewhere."""


class Said(Enum):
    """What the page says after a form."""

    REVOKED = "revoked"
    GONE = "gone"
    """It was revoked meanwhile; nothing was done."""
    NAME = "name"
    SCOPES = "scopes"
    """None was chosen."""
    ENDS = "ends"
    TAKEN = "taken"
    """There is one of this name, or there are too many."""


class TokensPage:
    """Handlers of `/tokens`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        hours: Hours,
        space: Space,
        pages: Pages,
        sessions: Sessions,
    ) -> None:
        self._database, self._clock, self._hours = database, clock, hours
        self._space, self._pages, self._sessions = space, pages, sessions

    async def show(self, request: Request) -> Response:
        """Show every token."""
        visitor = await self._sessions.required(request)
        said = request.query_params.get("said", "")
        return await self._page(visitor, said if said in {each.value for each in Said} else "")

    async def receive(self, request: Request) -> Response:
        """Make a token, or take one away."""
        visitor, form = await sent_by_host(self._sessions, request)
        if text_of(form, "do") == "revoke":
            said = await self._revoke(visitor, text_of(form, "token"))
            return RedirectResponse(f"{PATH}?said={said.value}", SEE_OTHER)
        made = await self._make(visitor, form)
        if isinstance(made, Said):
            return await self._page(visitor, made.value, form=form, status=UNPROCESSABLE)
        # Shown in the answer itself: an address would keep it in the browser's history.
        return await self._page(visitor, "", token=made)

    async def _make(self, visitor: Visitor, form: FormData) -> str | Said:
        """Return the token as it is told, or what is wrong with the form."""
        name = " ".join(text_of(form, "name").split())
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            return Said.NAME
        scopes = frozenset(scope.value for scope in Scope if text_of(form, scope.value) == "yes")
        if not scopes:
            return Said.SCOPES
        ends_us = self._ends_us(text_of(form, "ends"))
        if ends_us is None:
            return Said.ENDS
        token, at_us = new_token(), self._clock.now_us()
        made = Token(secrets.token_hex(8), name, scopes, at_us, visitor.login, ends_us, None)

        def work(connection: Connection) -> bool:
            if not api_tokens.add(connection, made, hash_of(token)):
                return False
            deeds.note(connection, at_us, Deed.TOKEN_MADE, visitor.login, name)
            return True

        return token if await self._database.write(work) else Said.TAKEN

    async def _revoke(self, visitor: Visitor, token_id: str) -> Said:
        at_us = self._clock.now_us()

        def work(connection: Connection) -> Said:
            name = api_tokens.revoke(connection, token_id) if token_id.isprintable() else None
            if name is None:
                return Said.GONE
            deeds.note(connection, at_us, Deed.TOKEN_REVOKED, visitor.login, name)
            return Said.REVOKED

        return await self._database.write(work)

    def _ends_us(self, text: str) -> int | None:
        """Return the end of a token's last day; `None` if that is no day, over, or too far away."""
        try:
            last = date.fromisoformat(text)
        except ValueError:
            return None
        today = self._hours.day_of(self._clock.at())
        if not today <= last <= today + timedelta(days=MOST_DAYS):
            return None
        end = datetime.combine(last + timedelta(days=1), time(0), self._hours.zone)
        return us_of(end)

    async def _page(
        self,
        visitor: Visitor,
        said: str,
        *,
        token: str = "",
        form: FormData | None = None,
        status: int = 200,
    ) -> Response:
        at = self._clock.at()
        today = self._hours.day_of(at)
        typed = FormData() if form is None else form
        page = self._pages.render(
            "tokens.html",
            visitor.language,
            space=self._space,
            back=PATH,
            at=at,
            said=said,
            token=token,
            tokens=await self._database.read(lambda c: read_tokens(c, at)),
            scopes=[scope.value for scope in Scope],
            typed={"name": text_of(typed, "name"), "ends": text_of(typed, "ends")},
            ticked=[scope.value for scope in Scope if text_of(typed, scope.value) == "yes"],
            usual=(today + timedelta(days=USUAL_DAYS)).isoformat(),
            first=today.isoformat(),
            last=(today + timedelta(days=MOST_DAYS)).isoformat(),
            longest_name=LONGEST_NAME,
            form_token=visitor.form_token,
        )
        return HTMLResponse(page, status)
