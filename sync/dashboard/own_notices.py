"""A member's own notices: where they are told, of what, and whom they would like to hear of.

Nobody learns here who is in, who asked for them, or who would rather not meet them.
"""

import dataclasses
import hmac
import secrets
from datetime import timedelta
from enum import Enum

from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from community.clock import us_of
from community.ids import MemberId
from community.members import Member, Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.forms import MOST_FIELDS, text_of
from sync.dashboard.own_sessions import Opened, OwnSessions
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import OldFormError, browser_language
from sync.dashboard.throttle import FREE_TRIES_ACCOUNT, Throttle
from sync.dashboard.tokens import form_token
from sync.live import Live
from sync.notices import addresses
from sync.notices.kinds import Kind
from sync.notices.rules import can_be_chosen
from sync.notices.texts import language_of
from sync.presence import Presence
from sync.store import deeds, directory, notices
from sync.store import notice_outbox as outbox
from sync.store.deeds import Deed
from sync.store.notices import Reach
from sync.views.notices import Mine, has_mail, read_mine
from sync.views.people import read_directory

PATH = "/me/notices"
OWN = "/me"
SEE_OTHER = 303
UNPROCESSABLE = 422

TESTS, TESTS_IN = 3, timedelta(hours=1)
"""Tests a member may ask for in a time: the address may be somebody else's, by mistake or not."""

CODE_DIGITS = 6
"""Of the code that is sent to a new address: a typing error must not tell a stranger who is in."""

GUESTS, FOUND = "guests", "found"


class Said(Enum):
    """What the page says after a form."""

    KEPT = "kept"
    ADDRESS = "address"
    NO_MAIL = "no-mail"
    """An e-mail address where the space sends no e-mail: a code for it would never come."""
    UNREACHED = "unreached"
    """It takes an address that works, and there is none."""
    TESTED = "tested"
    ENOUGH = "enough"
    """There were tests or codes enough for an hour."""
    CODE = "code"
    """A code was sent to the new address."""
    WRONG = "wrong"
    """It is another code, or none is asked for."""
    THEIRS = "theirs"
    """The code was right."""
    WISHED = "wished"
    MANY = "many"
    """They asked for as many people as one may."""
    NOBODY = "nobody"
    """That member cannot be chosen (any more)."""
    BACK = "back"


REFUSED = frozenset({Said.ADDRESS, Said.NO_MAIL, Said.UNREACHED, Said.WRONG, Said.ENOUGH})
"""After these the page comes back as it was typed, with the sentence at its field."""


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
        self._tries = Throttle(FREE_TRIES_ACCOUNT)

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
            case "confirm":
                said = await self._confirm(opened.member_id, text_of(form, "code"))
            case "test":
                said = await self._test(opened.member_id)
            case "wish":
                said = await self._wish(opened.member_id, text_of(form, "other"))
            case "back":
                said = await self._take_back(opened.member_id, text_of(form, "other"))
            case _:
                said = await self._keep(opened.member_id, form)
        if said in REFUSED:
            return await self._page(request, opened, said.value, form)
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
        is_new = bool(address) and address != before.address
        if is_new and addresses.is_mail(address) and not await self._database.read(has_mail):
            return Said.NO_MAIL
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}" if is_new else before.code
        reach = Reach(
            address, text_of(form, GUESTS) == "yes", text_of(form, FOUND) == "yes", code if address else ""
        )
        at_us = self._clock.now_us()

        def work(connection: Connection) -> Said:
            if directory.member_of(connection, member_id) is None:
                return Said.NOBODY
            if is_new and self._is_enough(connection, member_id, Kind.CONFIRM):
                return Said.ENOUGH
            notices.set_reach(connection, member_id, reach)
            deeds.note(connection, at_us, Deed.OWN_PAGE, "", member_id)
            if is_new:
                self._put(connection, member_id, Kind.CONFIRM)
            return Said.CODE if is_new else Said.KEPT

        return await self._database.write(work)

    async def _confirm(self, member_id: MemberId, typed: str) -> Said:
        now_s = self._clock.now_s()
        if self._tries.wait_s(member_id, now_s):
            return Said.ENOUGH

        def work(connection: Connection) -> Said:
            reach = notices.reach_of(connection, member_id)
            if not reach.code or not hmac.compare_digest(reach.code.encode(), typed.strip().encode()):
                return Said.WRONG
            notices.set_reach(connection, member_id, dataclasses.replace(reach, code=""))
            return Said.THEIRS

        said = await self._database.write(work)
        if said is Said.WRONG:
            self._tries.failed(member_id, now_s)
        return said

    async def _test(self, member_id: MemberId) -> Said:
        def work(connection: Connection) -> Said:
            if not _can_be_told(notices.reach_of(connection, member_id), mail=has_mail(connection)):
                return Said.UNREACHED
            if self._is_enough(connection, member_id, Kind.TEST):
                return Said.ENOUGH
            self._put(connection, member_id, Kind.TEST)
            return Said.TESTED

        return await self._database.write(work)

    def _is_enough(self, connection: Connection, member_id: MemberId, kind: Kind) -> bool:
        since_us = us_of(self._clock.at() - TESTS_IN)
        return outbox.tests_since(connection, member_id, kind.value, since_us) >= TESTS

    def _put(self, connection: Connection, member_id: MemberId, kind: Kind) -> None:
        at_us = self._clock.now_us()
        key = f"{kind.value}:{member_id}:{at_us}"
        outbox.put(connection, key, kind.value, at_us, member_id=member_id)

    async def _wish(self, member_id: MemberId, other: str) -> Said:
        at_us, inside = self._clock.now_us(), self._is_inside(member_id)

        def work(connection: Connection) -> Said:
            known = read_directory(connection)
            may = {member.id for member in can_be_chosen(member_id, known)}
            if not inside or other not in may or member_id not in known:
                return Said.NOBODY
            if not _can_be_told(notices.reach_of(connection, member_id), mail=has_mail(connection)):
                return Said.UNREACHED
            kept = notices.wish(connection, member_id, MemberId(other), at_us)
            return Said.WISHED if kept else Said.MANY

        return await self._database.write(work)

    async def _take_back(self, member_id: MemberId, other: str) -> Said:
        await self._database.write(lambda c: notices.take_back(c, member_id, MemberId(other)))
        return Said.BACK

    async def _page(
        self, request: Request, opened: Opened, said: str, typed: FormData | None = None
    ) -> Response:
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
            can_be_told=_can_be_told(mine.reach, mail=mine.has_mail),
            typed=_shown(mine.reach, typed),
            is_mail=addresses.is_mail(address),
            inside=inside,
            at=self._clock.at(),
            longest=addresses.LONGEST,
            ntfy=addresses.NTFY,
            examples=addresses.EXAMPLES,
            most_wishes=notices.MOST_WISHES,
            days=notices.WISHED_FOR.days,
            form_token=form_token(opened.token),
        )
        return HTMLResponse(page, 200 if typed is None else UNPROCESSABLE)

    def _is_inside(self, member_id: MemberId) -> bool:
        return any(visit.member_id == member_id for visit in self._presence.present(self._clock.at()))

    def _language(self, request: Request, member: Member) -> str:
        """Return the language asked for by a link, or the member's own if we speak it, or the browser's."""
        if request.query_params.get("language", "") in self._pages.languages:
            return browser_language(request, self._pages.languages)
        return language_of(member, self._pages.languages, browser_language(request, self._pages.languages))


def _can_be_told(reach: Reach, *, mail: bool) -> bool:
    """Say whether their address works, and the space has what it takes to write there."""
    return reach.works and (mail or not addresses.is_mail(reach.address))


def _shown(reach: Reach, form: FormData | None) -> dict[str, str]:
    """Return what stands in the fields: what is kept, and over it what was typed in the form that came."""
    shown = {
        "address": addresses.masked(reach.address) if reach.address else "",
        GUESTS: "yes" if reach.guests else "",
        FOUND: "yes" if reach.found else "",
        "code": "",
        "other": "",
        "nowhere": "",
        "do": "",
    }
    if form is None:
        return shown
    is_keep = not text_of(form, "do")
    typed = {name: text_of(form, name) for name in shown if is_keep or name in form}
    return shown | typed
