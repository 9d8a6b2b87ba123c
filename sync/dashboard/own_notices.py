"""A member's own notices: where they are told, of what, and whom they would like to hear of.

Nobody learns here who is in, who asked for them, or who would rather not meet them.
"""

from datetime import timedelta
from enum import Enum

from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from community.ids import MemberId
from community.members import Member, Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.forms import MOST_FIELDS, text_of
from sync.dashboard.own_sessions import Opened, OwnSessions
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import OldFormError, browser_language
from sync.dashboard.tokens import form_token
from sync.live import Live
from sync.notices import addresses
from sync.notices.kinds import Kind
from sync.notices.rules import can_be_chosen
from sync.notices.texts import language_of
from sync.presence import Presence
from sync.store import deeds, directory, notices, outbox
from sync.store.deeds import Deed
from sync.store.notices import Reach
from sync.store.sweeps import us_of
from sync.views.notices import Mine, read_mine
from sync.views.people import read_directory

PATH = "/me/notices"
OWN = "/me"
SEE_OTHER = 303
UNPROCESSABLE = 422

TESTS, TESTS_IN = 3, timedelta(hours=1)
"""Tests a member may ask for in a time: the address may be somebody else's, by mistake or not."""

GUESTS, FOUND = "guests", "found"


class Said(Enum):
    """What the page says after a form."""

    KEPT = "kept"
    ADDRESS = "address"
    TESTED = "tested"
    ENOUGH = "enough"
    """There were tests enough for an hour."""
    WISHED = "wished"
    MANY = "many"
    """They asked for as many people as one may."""
    NOBODY = "nobody"
    """That member cannot be chosen (any more)."""
    BACK = "back"


class OwnNotices:
    """Handlers of `/me/notices`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        presence: Presence,
        live: Live,
        clock: Clock,
        space: Space,
        pages: Pages,
        sessions: OwnSessions,
    ) -> None:
        self._database, self._presence, self._live, self._clock = database, presence, live, clock
        self._space, self._pages, self._sessions = space, pages, sessions

    def routes(self) -> list[Route]:
        """Return the page's addresses."""
        return [Route(PATH, self.show), Route(PATH, self.receive, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """Show the page; without an open own page, what opens one."""
        opened = await self._sessions.opened(request)
        if opened is None:
            return RedirectResponse(OWN, SEE_OTHER)
        said = request.query_params.get("said", "")
        return await self._page(request, opened, said if said in {each.value for each in Said} else "")

    async def receive(self, request: Request) -> Response:
        """Do what the member asked for."""
        opened = await self._sessions.opened(request)
        if opened is None:
            return RedirectResponse(OWN, SEE_OTHER)
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
        if not self._sessions.is_ours(opened, text_of(form, "form_token")):
            raise OldFormError
        match text_of(form, "do"):
            case "test":
                said = await self._test(opened.member_id)
            case "wish":
                said = await self._wish(opened.member_id, text_of(form, "other"))
            case "back":
                said = await self._take_back(opened.member_id, text_of(form, "other"))
            case _:
                said = await self._keep(opened.member_id, form)
        if said is Said.ADDRESS:
            return await self._page(request, opened, said.value, text_of(form, "address"))
        self._live.changed()
        asked = request.query_params.get("language", "")
        more = f"&language={asked}" if asked in self._pages.languages else ""
        return RedirectResponse(f"{PATH}?said={said.value}{more}", SEE_OTHER)

    async def _keep(self, member_id: MemberId, form: FormData) -> Said:
        typed = text_of(form, "address").strip()
        before = await self._database.read(lambda c: notices.reach_of(c, member_id))
        # what is shown is masked: if it comes back as it was, or empty, nothing was typed
        unchanged = not typed or (before.address and typed == addresses.masked(before.address))
        address = before.address if unchanged else addresses.members_address(typed)
        if text_of(form, "nowhere") == "yes":
            address = ""
        if address is None:
            return Said.ADDRESS
        reach = Reach(address, text_of(form, GUESTS) == "yes", text_of(form, FOUND) == "yes")
        at_us = self._now_us()

        def work(connection: Connection) -> None:
            if directory.member_of(connection, member_id) is not None:
                notices.set_reach(connection, member_id, reach)
                deeds.note(connection, at_us, Deed.OWN_PAGE, "", member_id)

        await self._database.write(work)
        return Said.KEPT

    async def _test(self, member_id: MemberId) -> Said:
        at = self._clock.at()
        at_us, since_us, test = us_of(at), us_of(at - TESTS_IN), Kind.TEST.value

        def work(connection: Connection) -> Said:
            if not notices.reach_of(connection, member_id).address:
                return Said.ADDRESS
            if outbox.tests_since(connection, member_id, test, since_us) >= TESTS:
                return Said.ENOUGH
            outbox.put(connection, f"{test}:{member_id}:{at_us}", test, at_us, member_id=member_id)
            return Said.TESTED

        return await self._database.write(work)

    async def _wish(self, member_id: MemberId, other: str) -> Said:
        at_us, inside = self._now_us(), self._is_inside(member_id)

        def work(connection: Connection) -> Said:
            known = read_directory(connection)
            may = {member.id for member in can_be_chosen(member_id, known)}
            if not inside or other not in may or member_id not in known:
                return Said.NOBODY
            kept = notices.wish(connection, member_id, MemberId(other), at_us)
            return Said.WISHED if kept else Said.MANY

        return await self._database.write(work)

    async def _take_back(self, member_id: MemberId, other: str) -> Said:
        await self._database.write(lambda c: notices.take_back(c, member_id, MemberId(other)))
        return Said.BACK

    async def _page(self, request: Request, opened: Opened, said: str, typed: str | None = None) -> Response:
        member_id, inside = opened.member_id, self._is_inside(opened.member_id)

        def work(connection: Connection) -> tuple[Member | None, Mine]:
            known = read_directory(connection)
            seen = {member.id: member for member in can_be_chosen(member_id, known)}
            return known.get(member_id), read_mine(connection, member_id, seen, inside=inside)

        member, mine = await self._database.read(work)
        if member is None:
            return RedirectResponse(OWN, SEE_OTHER)
        address = mine.reach.address
        page = self._pages.render(
            "own_notices.html",
            self._language(request, member),
            space=self._space,
            member=member,
            mine=mine,
            said=said,
            address=(addresses.masked(address) if address else "") if typed is None else typed,
            is_mail=addresses.is_mail(address),
            inside=inside,
            at=self._clock.at(),
            longest=addresses.LONGEST,
            most_wishes=notices.MOST_WISHES,
            days=notices.WISHED_FOR.days,
            form_token=form_token(opened.token),
        )
        return HTMLResponse(page, UNPROCESSABLE if said == Said.ADDRESS.value else 200)

    def _is_inside(self, member_id: MemberId) -> bool:
        return any(visit.member_id == member_id for visit in self._presence.present(self._clock.at()))

    def _language(self, request: Request, member: Member) -> str:
        """Return the language asked for by a link, or the member's own if we speak it, or the browser's."""
        if request.query_params.get("language", "") in self._pages.languages:
            return browser_language(request, self._pages.languages)
        return language_of(member, self._pages.languages, browser_language(request, self._pages.languages))

    def _now_us(self) -> int:
        return us_of(self._clock.at())
