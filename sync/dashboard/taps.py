"""Taps that came to nothing, each with what to do about it: link, see the member, put away."""

from dataclasses import dataclass

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
from sync.views.failed_taps import FailedTap, What, read_failed
from sync.views.members import read_owner
from sync.views.people import Choice, read_choices, read_directory

PATH = "/taps"
SEE_OTHER, UNPROCESSABLE = 303, 422

SAID = frozenset({"linked", "away", "back", "moved"})
"""What the page can be asked to say after a form was sent."""

UNDONE = frozenset({"linked", "away"})
"""After these the page offers an undo."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a login did last here: what its undo needs."""

    line: FailedTap
    choice: Choice | None
    """To whom the badge was linked; `None` if the line was put away."""
    was_us: int
    """Up to when the badge or PIN had been seen to before."""


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
        self._done: dict[str, Done] = {}

    def routes(self) -> list[Route]:
        """Return where the handlers stand."""
        return [Route(PATH, self.show), Route(PATH, self.receive, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """Show what nobody has seen to yet."""
        visitor = await self._sessions.required(request)
        said = request.query_params.get("said", "")
        return await self._page(visitor, said if said in SAID else "")

    async def receive(self, request: Request) -> Response:
        """Link a badge, or put a line away with a trace of who did; or undo what this login did last."""
        visitor, form = await sent_by_host(self._sessions, request)
        if text_of(form, "do") == "undo":
            return _back("back" if await self._undo(visitor) else "moved")
        subject, typed = text_of(form, "subject"), text_of(form, "member")
        line = next((each for each in await self._failed() if each.subject == subject), None)
        if line is None:
            return _back("moved")
        if text_of(form, "do") == "link":
            if line.what is not What.UNKNOWN:
                return _back("moved")  # it has an owner: no page of ours offers to link it
            said = await self._link(visitor, line, typed)
            return await self._page(visitor, said, line, typed) if said == "nobody" else _back(said)
        if text_of(form, "upto") != str(line.upto_us):
            return _back("moved")  # it was tapped again since the page was read
        await self._put_away(visitor, line)
        return _back("away")

    async def _page(
        self, visitor: Visitor, said: str, about: FailedTap | None = None, typed: str = ""
    ) -> Response:
        page = self._pages.render(
            "taps.html",
            visitor.language,
            space=self._space,
            back=PATH,
            at=self._clock.at(),
            taps=await self._failed(),
            choices=await self._database.read(read_choices),
            said=said,
            about="" if about is None else about.subject,
            typed=typed,
            done=self._done.get(visitor.login) if said in UNDONE else None,
            form_token=visitor.form_token,
        )
        return HTMLResponse(page, 200 if about is None else UNPROCESSABLE)

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
        self._done[visitor.login] = Done(line, meant, 0)
        self._live.changed()
        return "linked"

    async def _put_away(self, visitor: Visitor, line: FailedTap) -> None:
        at_us = self._clock.now_us()
        subject = line.subject.removeprefix(failed_taps.PIN)

        def work(connection: Connection) -> int:
            was_us = failed_taps.seen_to(connection).get(line.subject, 0)
            failed_taps.see_to(connection, line.subject, line.upto_us, visitor.login)
            deeds.note(connection, at_us, Deed.TAP_SEEN_TO, visitor.login, subject)
            return was_us

        self._done[visitor.login] = Done(line, None, await self._database.write(work))
        self._live.changed()

    async def _undo(self, visitor: Visitor) -> bool:
        """Undo what this login did last, unless somebody changed it since."""
        done, at_us = self._done.pop(visitor.login, None), self._clock.now_us()
        if done is None:
            return False
        if done.choice is None:
            subject = done.line.subject.removeprefix(failed_taps.PIN)

            def bring_back(connection: Connection) -> bool:
                if failed_taps.seen_to(connection).get(done.line.subject) != done.line.upto_us:
                    return False
                failed_taps.see_to(connection, done.line.subject, done.was_us, visitor.login)
                deeds.note(connection, at_us, Deed.TAP_BROUGHT_BACK, visitor.login, subject)
                return True

            undone = await self._database.write(bring_back)
        else:
            badge, holder = BadgeHash(done.line.subject), done.choice.member_id
            owner = await self._database.read(lambda c: read_owner(c, badge))
            undone = owner is not None and owner[0] == holder
            if undone:

                def take_off(connection: Connection) -> int:
                    deeds.note(connection, at_us, Deed.BADGE_UNLINKED, visitor.login, badge)
                    return directory.unlink(connection, badge)

                await self._directory.change(take_off)
        self._live.changed()
        return undone


def _back(said: str) -> Response:
    return RedirectResponse(f"{PATH}?said={said}", SEE_OTHER)
