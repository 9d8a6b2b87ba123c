"""Taps that came to nothing, each with what to do about it: link, see the member, put away."""

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from community.badges import BadgeHash
from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.forms import is_badge, sent_by_host, text_of
from sync.dashboard.pages import chosen
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions, Visitor
from sync.errors import BadgeTakenError, UnknownMemberError
from sync.live import Live
from sync.store import deeds, directory, failed_taps
from sync.store.deeds import Deed
from sync.store.directory import Directory
from sync.views.failed_taps import FailedTap, read_failed
from sync.views.people import read_choices, read_directory

PATH = "/taps"
SEE_OTHER = 303

SAID = frozenset({"linked", "away", "nobody", "moved"})
"""What the page can be asked to say after a form was sent."""


class TapsPage:
    """Handlers of `/taps`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        live: Live,
        clock: Clock,
        space: Space,
        pages: Pages,
        sessions: Sessions,
        directory: Directory,
    ) -> None:
        self._database, self._live, self._clock, self._space = database, live, clock, space
        self._pages, self._sessions, self._directory = pages, sessions, directory

    def routes(self) -> list[Route]:
        """Return where the handlers stand."""
        return [Route(PATH, self.show), Route(PATH, self.receive, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """Show what nobody has seen to yet."""
        visitor = await self._sessions.required(request)
        said = request.query_params.get("said", "")
        page = self._pages.render(
            "taps.html",
            visitor.language,
            space=self._space,
            back=PATH,
            at=self._clock.at(),
            taps=await self._failed(),
            choices=await self._database.read(read_choices),
            said=said if said in SAID else "",
            form_token=visitor.form_token,
        )
        return HTMLResponse(page)

    async def receive(self, request: Request) -> Response:
        """Link a badge, or put a line away with a trace of who did."""
        visitor, form = await sent_by_host(self._sessions, request)
        subject = text_of(form, "subject")
        line = next((each for each in await self._failed() if each.subject == subject), None)
        if line is None:
            return _back("moved")
        if text_of(form, "do") == "link":
            return _back(await self._link(visitor, line, text_of(form, "member")))
        if text_of(form, "upto") != str(line.upto_us):
            return _back("moved")  # it was tapped again since the page was read
        await self._put_away(visitor, line)
        return _back("away")

    async def _failed(self) -> tuple[FailedTap, ...]:
        at = self._clock.at()
        return await self._database.read(lambda c: read_failed(c, read_directory(c), at))

    async def _link(self, visitor: Visitor, line: FailedTap, typed: str) -> str:
        meant = chosen(await self._database.read(read_choices), typed)
        badge, at_us = BadgeHash(line.subject), self._clock.now_us()
        if meant is None or not is_badge(badge):
            return "nobody"

        member_id = meant.member_id

        def work(connection: Connection) -> int:
            latest = directory.link(connection, badge, member_id, at_us)
            deeds.note(connection, at_us, Deed.BADGE_LINKED, visitor.login, badge)
            return latest

        try:
            await self._directory.change(work)
        except (BadgeTakenError, UnknownMemberError):
            return "moved"
        self._live.changed()
        return "linked"

    async def _put_away(self, visitor: Visitor, line: FailedTap) -> None:
        at_us = self._clock.now_us()
        subject = line.subject.removeprefix(failed_taps.PIN)

        def work(connection: Connection) -> None:
            failed_taps.see_to(connection, line.subject, line.upto_us, visitor.login)
            deeds.note(connection, at_us, Deed.TAP_SEEN_TO, visitor.login, subject)

        await self._database.write(work)
        self._live.changed()


def _back(said: str) -> Response:
    return RedirectResponse(f"{PATH}?said={said}", SEE_OTHER)
