"""The newcomers' path: what is next for each, who looks after them, and what they are to be written."""

from urllib.parse import quote, urlencode

from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from community.ids import MemberId
from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.forms import sent_by_host, text_of
from sync.dashboard.introductions import Tables
from sync.dashboard.newcomer_texts import PATH as TEXTS
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions, Visitor
from sync.newcomers.facts import Path, path_of, read_facts
from sync.newcomers.messages import DueMessage, Settled
from sync.newcomers.ours import ours
from sync.presence import Presence
from sync.store import deeds
from sync.store import newcomers as store
from sync.store.deeds import Deed

PATH = "/newcomers"
SEE_OTHER = 303

SAID = frozenset({"buddy", "no-buddy", "written", "not-now", "moved"})
"""What the page can be asked to say after a form was sent."""

DEEDS = {Settled.WRITTEN: Deed.MESSAGE_WRITTEN, Settled.NOT_NOW: Deed.MESSAGE_NOT_NOW}


class NewcomersPage:
    """Handlers of `/newcomers`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        presence: Presence,
        tables: Tables,
        clock: Clock,
        space: Space,
        pages: Pages,
        sessions: Sessions,
    ) -> None:
        self._database, self._presence, self._tables = database, presence, tables
        self._clock, self._space, self._pages, self._sessions = clock, space, pages, sessions
        self._ours = ours(pages.words)

    def routes(self) -> list[Route]:
        """Return where the handlers stand."""
        return [Route(PATH, self.show), Route(PATH, self.receive, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """Show the page, or the part of it that changes by itself if a script of ours asks."""
        visitor = await self._sessions.required(request)
        said = request.query_params.get("said", "")
        values = {"path": await self._path(), "letter": letter, "form_token": visitor.form_token}
        if "hx-request" in request.headers:
            return HTMLResponse(self._pages.render("newcomers_lines.html", visitor.language, **values))
        page = self._pages.render(
            "newcomers.html",
            visitor.language,
            space=self._space,
            back=PATH,
            texts=TEXTS,
            said=said if said in SAID else "",
            **values,
        )
        return HTMLResponse(page)

    async def receive(self, request: Request) -> Response:
        """Keep who looks after a newcomer, or what was done about a message."""
        visitor, form = await sent_by_host(self._sessions, request)
        path, do = await self._path(), text_of(form, "do")
        if do in {"buddy", "no-buddy"}:
            return _back(await self._look_after(visitor, path, form, do))
        settled = next((each for each in Settled if each.value == do), None)
        due = next((each for each in path.due if key_of(each) == text_of(form, "message")), None)
        if settled is None or due is None:
            return _back("moved")  # another host has written it meanwhile
        at_us = self._clock.now_us()

        def work(connection: Connection) -> None:
            kept = store.Kept(due.member_id, due.message.value, settled.value, path.day, visitor.login)
            store.settle(connection, kept)
            deeds.note(connection, at_us, DEEDS[settled], visitor.login, due.member_id)

        await self._database.write(work)
        return _back(settled.value)

    async def _look_after(self, visitor: Visitor, path: Path, form: FormData, do: str) -> str:
        """Keep that a host asked somebody to look after a newcomer, or no longer does."""
        newcomer = next((one for one in path.newcomers if one.member_id == text_of(form, "id")), None)
        seen = "" if newcomer is None or newcomer.buddy is None else newcomer.buddy.member_id
        if newcomer is None or seen != text_of(form, "seen"):
            return "moved"
        asked = [each.member_id for each in path.candidates.get(newcomer.member_id, ())]
        buddy = MemberId(text_of(form, "buddy")) if do == "buddy" else None
        if buddy is not None and buddy not in asked:
            return "moved"  # they have left meanwhile
        at_us, member_id = self._clock.now_us(), newcomer.member_id
        deed = Deed.BUDDY_NO_MORE if buddy is None else Deed.BUDDY_NAMED

        def work(connection: Connection) -> None:
            store.set_buddy(connection, member_id, buddy, path.day, visitor.login)
            deeds.note(connection, at_us, deed, visitor.login, member_id)

        await self._database.write(work)
        if buddy is not None:
            await self._tables.introduce(member_id, buddy)
        return do

    async def _path(self) -> Path:
        at, hours = self._clock.at(), self._presence.hours
        overview = await self._tables.overview()
        facts = await self._database.read(lambda c: read_facts(c, hours, at))
        visits, happened = self._presence.present(at), self._presence.today(at)
        return path_of(facts, visits, happened, overview.pairs, self._ours, self._space.name)


def key_of(due: DueMessage) -> str:
    """Return what a form gives back of a message."""
    return f"{due.message.value}:{due.member_id}"


def letter(due: DueMessage) -> dict[str, str]:
    """Return what the page needs of a message besides its words: its key, and what opens a mail program."""
    words = urlencode({"subject": due.subject, "body": due.text.replace("\n", "\r\n")}, quote_via=quote)
    return {"key": key_of(due), "opens": f"mailto:?{words}"}


def _back(said: str) -> Response:
    return RedirectResponse(f"{PATH}?said={said}", SEE_OTHER)
