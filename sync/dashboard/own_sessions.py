"""Who has a member's own page open: a cookie that opens this member's page and nothing else.

It stands beside a host's login and is never taken for one: another name, another table, other pages.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from community.clock import us_of
from community.ids import MemberId
from community.members import Member, Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import browser_language
from sync.dashboard.tokens import form_token_is_right, hash_of, new_token
from sync.passes import Passes, Refusal
from sync.store import own_pages

FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that is open."""

    member_id: MemberId
    token: str
    """What the browser holds."""


class OwnSessions:
    """The cookies.  Lives as long as the dashboard."""

    def __init__(self, *, database: Database, clock: Clock, passes: Passes, https: bool) -> None:
        self._database, self._clock, self._passes, self._https = database, clock, passes, https
        self._cookie = f"{'__Host-' if https else ''}foyer-own"

    async def take(self, code: str) -> Opened | Refusal:
        """Use a code up and open the page it is for, or say why not."""
        token, at = new_token(), self._clock.at()
        at_us = us_of(at)

        def work(connection: Connection) -> MemberId | Refusal:
            found = self._passes.take(connection, code, at_us)
            if not isinstance(found, Refusal):
                own_pages.open_session(connection, hash_of(token), found, at)
            return found

        found = await self._database.write(work)
        return found if isinstance(found, Refusal) else Opened(found, token)

    async def open_for(self, member_id: MemberId) -> Opened:
        """Open a member's page to somebody who has shown in another way who they are."""
        token, at = new_token(), self._clock.at()
        await self._database.write(lambda c: own_pages.open_session(c, hash_of(token), member_id, at))
        return Opened(member_id, token)

    async def opened(self, request: Request) -> Opened | None:
        """Return whose page this browser has open, and note that it was looked at; `None` for nobody's."""
        token, at = request.cookies.get(self._cookie, ""), self._clock.at()
        if not token:
            return None

        found = await self._database.read(lambda c: own_pages.whose(c, hash_of(token), at))
        if found is None:
            return None
        await self._database.write(lambda c: own_pages.touch(c, hash_of(token), at))
        return Opened(found, token)

    async def close(self, opened: Opened, response: Response) -> None:
        """Close the page, and have the browser forget it."""
        await self._database.write(lambda c: own_pages.end(c, hash_of(opened.token)))
        response.delete_cookie(self._cookie, path="/", secure=self._https, httponly=True, samesite="lax")

    def keep(self, response: Response, opened: Opened) -> None:
        """Let the browser hold what opens the page."""
        response.set_cookie(
            self._cookie,
            opened.token,
            max_age=own_pages.LONGEST // timedelta(seconds=1),
            path="/",
            secure=self._https,
            httponly=True,
            samesite="lax",
        )

    def is_ours(self, opened: Opened, sent: str) -> bool:
        """Say whether a form carries what our page gave it."""
        return form_token_is_right(opened.token, sent)


def asked_for(request: Request, spoken: Container[str]) -> str:
    """Return what keeps the language a link asked for in the next address; empty if none did."""
    asked = request.query_params.get("language", "")
    return f"&language={asked}" if asked in spoken else ""


def language_of(request: Request, member: Member, spoken: Container[str]) -> str:
    """Return the language asked for by a link, or the member's own if we speak it, or the browser's."""
    if not asked_for(request, spoken) and member.language in spoken:
        return member.language
    return browser_language(request, spoken)


def closed_page(
    pages: Pages,
    space: Space,
    request: Request,
    status: int = FORBIDDEN,
    wait_s: int = 0,
    *,
    erased: bool = False,
) -> Response:
    """Return what stands where no page is open.

    Args:
        pages: The templates.
        space: What the place is called.
        request: Says which language.
        status: Below `FORBIDDEN` it was closed as asked, and says thanks.
        wait_s: How long to wait before the next try; 0 for not at all.
        erased: Whether there is no such page any more, because its member wished so.
    """
    page = pages.render(
        "own_closed.html",
        browser_language(request, pages.languages),
        space=space,
        thanks=status < FORBIDDEN,
        erased=erased,
    )
    return HTMLResponse(page, status, {"retry-after": str(wait_s)} if wait_s else None)
