"""Whoever comes with a letter from a sister space: what it says, their yes, and their own page here.

The letter comes behind the `#` of the address, which no browser sends; a script of ours, or the person, puts
it into the form.  So it stands in no log, here or on the way.
"""

import logging
import math
import secrets

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from community.clock import Hours
from community.ids import MemberId
from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.signing import SigningKey
from sync.dashboard.forms import MOST_FIELDS, text_of
from sync.dashboard.own_sessions import OwnSessions
from sync.dashboard.own_visits import VISIT, told
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions, browser_language
from sync.dashboard.throttle import FREE_TRIES_ADDRESS, Throttle
from sync.dashboard.tokens import form_token
from sync.sisters.letters import Refusal
from sync.sisters.taking import Brought, Letters, Taken
from sync.store import feed
from sync.store.directory import Directory

log = logging.getLogger(__name__)

FORBIDDEN, TOO_MANY = 403, 429

GUESSED = frozenset({Refusal.UNREADABLE, Refusal.STRANGER, Refusal.FORGED})
"""What somebody gets who makes letters up; the others happen to whoever is slow."""


class VisitPage:
    """Handlers of `/visit`, which anybody may read.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        hours: Hours,
        space: Space,
        pages: Pages,
        hosts: Sessions,
        sessions: OwnSessions,
        directory: Directory,
        key: SigningKey,
    ) -> None:
        """Prepare.

        Args:
            database: Read from.
            clock: The machine's.
            hours: Tell the space's days.
            space: What the place is called.
            pages: The templates.
            hosts: Give forms their tokens before anybody is known.
            sessions: Who has their own page open: whoever was taken in has.
            directory: The hub's own, so that kiosks hear of visitors.
            key: This space's.
        """
        self._database, self._clock, self._hours, self._space = database, clock, hours, space
        self._pages, self._hosts, self._sessions, self._directory = pages, hosts, sessions, directory
        self._letters = Letters(key)
        self._by_address = Throttle(FREE_TRIES_ADDRESS)

    def routes(self) -> list[Route]:
        """Return where it answers."""
        return [Route(VISIT, self.show), Route(VISIT, self.receive, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """Ask for the letter."""
        return self._page(request)

    async def receive(self, request: Request) -> Response:
        """Show what a letter says, or take it."""
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
        self._hosts.check_form(self._hosts.before_login(request), form.get("form_token"))
        text, address, now_s = text_of(form, "letter"), _address(request), self._clock.now_s()
        wait_s = math.ceil(self._by_address.wait_s(address, now_s))
        if wait_s:
            return self._page(request, wait_s=wait_s)
        now_us, today = self._clock.now_us(), self._hours.day_of(self._clock.at())
        found: Brought | Taken | Refusal = await self._database.read(
            lambda c: self._letters.look(c, text, now_us, today)
        )
        if isinstance(found, Brought) and text_of(form, "do") == "take":
            found = await self._take(text, meet=text_of(form, "meet") == "yes")
        if isinstance(found, Refusal):
            if found in GUESSED:
                self._by_address.failed(address, now_s)
            log.info("a letter from a sister space was refused: %s", found.value)
            return self._page(request, refusal=found)
        if isinstance(found, Brought):
            return self._page(request, brought=found, letter=text)
        response = self._page(request, taken=found)
        self._sessions.keep(response, await self._sessions.open_for(found.member_id))
        log.info("somebody came with a letter from a sister space")
        return response

    async def _take(self, text: str, *, meet: bool) -> Taken | Refusal:
        now_us, today = self._clock.now_us(), self._hours.day_of(self._clock.at())
        # An id that was never used: whoever was erased stays so, and comes back as somebody else.
        new_id = MemberId(f"v-{secrets.token_hex(8)}")
        found: list[Taken | Refusal] = []

        def work(connection: Connection) -> int:
            found.append(self._letters.take(connection, text, now_us, today, new_id, meet=meet))
            return feed.revision(connection)

        await self._directory.change(work)
        return found[-1]

    def _page(
        self,
        request: Request,
        *,
        refusal: Refusal | None = None,
        brought: Brought | None = None,
        letter: str = "",
        taken: Taken | None = None,
        wait_s: int = 0,
    ) -> Response:
        token, today = self._hosts.before_login(request), self._hours.day_of(self._clock.at())
        page = self._pages.render(
            "visit.html",
            browser_language(request, self._pages.languages),
            space=self._space,
            refusal="" if refusal is None else refusal.value,
            brought=brought,
            tells={} if brought is None else told(brought.profile, today),
            letter=letter,
            taken=taken,
            wait_s=wait_s,
            form_token=form_token(token),
        )
        status = TOO_MANY if wait_s else 200 if refusal is None else FORBIDDEN
        response = HTMLResponse(page, status, {"retry-after": str(wait_s)} if wait_s else None)
        self._hosts.keep_before_login(response, token)
        return response


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else ""
