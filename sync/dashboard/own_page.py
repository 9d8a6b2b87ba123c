"""A member's own page: opened by the code shown after a tap, read and changed on their phone.

Whoever holds the badge is who they are: there is no password.  The page shows and changes what the space
knows of this one member; it cannot make anybody a host, nor touch a badge.
"""

import hashlib
import logging
import math
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from community.clock import Hours
from community.ids import MemberId
from community.members import LONGEST_ITEM, LONGEST_NAME, Intent, Member, Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard import own_form
from sync.dashboard.forms import text_of
from sync.dashboard.own_fields import typed_in
from sync.dashboard.own_form import Typed
from sync.dashboard.own_preview import DrawDoor, Preview, preview_of
from sync.dashboard.own_sessions import FORBIDDEN, Opened, OwnSessions, asked_for, closed_page, language_of
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import OldFormError
from sync.dashboard.throttle import FREE_TRIES_ADDRESS, Throttle
from sync.dashboard.tokens import form_token
from sync.passes import Refusal
from sync.profiles import MOST_ITEMS
from sync.store import deeds, directory, photos, world
from sync.store.deeds import Deed
from sync.store.directory import Directory
from sync.store.photos import Photo
from sync.views.by_hand import read_own_care
from sync.views.own import read_changes, read_everything, read_held

log = logging.getLogger(__name__)

PATH = "/me"
EVERYTHING = "/me/everything.json"
PREVIEW = "/me/preview"
CODE = "/me/{code}"
SHOUTED = "/ME/{code}"
"""The same as kiosks write it: a QR code of capitals only is smaller."""

SAID = frozenset({"kept", "photo"})
"""What an address may have the page say at its top."""

MOST_FIELDS = 120
"""Fields of the form: sixty of needs, and the rest."""

HONEST = frozenset({Refusal.OLD, Refusal.USED})
"""What happens to whoever is slow, or opens a page again from their history: no wrong try."""

SEE_OTHER, NO_CONTENT, UNPROCESSABLE, TOO_MANY = 303, 204, 422, 429


@dataclass(frozen=True, slots=True)
class Mine:
    """What the page shows and changes."""

    member: Member
    world: bool
    """Whether they said yes to being named to anybody on the net."""

    @property
    def digest(self) -> str:
        """What tells whether they are still as a page showed them."""
        return hashlib.sha256(msgspec.json.encode((self.member, self.world))).hexdigest()[:16]


class OwnPage:
    """Handlers of `/me`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        hours: Hours,
        space: Space,
        pages: Pages,
        sessions: OwnSessions,
        directory: Directory,
        world: bool = False,
        draw_door: DrawDoor | None = None,
    ) -> None:
        """Prepare.

        Args:
            database: Read from.
            clock: The machine's.
            hours: Tells the space's days.
            space: What the place is called.
            pages: The templates.
            sessions: Who has a page open.
            directory: The hub's own, so that kiosks hear of every change.
            world: Whether members are asked if anybody on the net may read their first name.
            draw_door: Draws what screens at the door show of a member; without it that is left out.
        """
        self._world, self._draw = world, draw_door
        self._database, self._clock, self._hours, self._space = database, clock, hours, space
        self._pages, self._sessions, self._directory = pages, sessions, directory
        self._by_address = Throttle(FREE_TRIES_ADDRESS)

    def routes(self) -> list[Route]:
        """Return where it answers."""
        return [
            Route(PATH, self.show),
            Route(PATH, self.receive, methods=["POST"]),
            Route(PREVIEW, self.preview, methods=["POST"]),
            Route(EVERYTHING, self.everything),
            Route(CODE, self.enter),
            Route(SHOUTED, self.enter),
        ]

    async def enter(self, request: Request) -> Response:
        """Open the page a code is for, once."""
        if request.method == "HEAD" or "prefetch" in request.headers.get("sec-purpose", ""):
            return Response(status_code=NO_CONTENT)  # a look ahead must not use the code up
        address, now_s = request.client.host if request.client is not None else "", self._clock.now_s()
        wait_s = math.ceil(self._by_address.wait_s(address, now_s))
        if wait_s:
            return self._closed(request, TOO_MANY, wait_s)
        found = await self._sessions.take(str(request.path_params["code"]))
        if isinstance(found, Refusal):
            if found not in HONEST:
                self._by_address.failed(address, now_s)
            log.info("a code for an own page was refused: %s", found.value)
            return self._closed(request, FORBIDDEN)
        response = RedirectResponse(PATH, SEE_OTHER)
        self._sessions.keep(response, found)
        return response

    async def show(self, request: Request) -> Response:
        """Show the page."""
        opened = await self._sessions.opened(request)
        mine = None if opened is None else await self._mine(opened)
        if opened is None or mine is None:
            return self._closed(request, FORBIDDEN)
        said = request.query_params.get("said", "")
        return await self._page(request, opened, mine, said=said if said in SAID else "")

    async def receive(self, request: Request) -> Response:
        """Keep what the member changed, or close the page."""
        opened = await self._sessions.opened(request)
        mine = None if opened is None else await self._mine(opened)
        if opened is None or mine is None:
            return self._closed(request, FORBIDDEN)
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
        if not self._sessions.is_ours(opened, text_of(form, "form_token")):
            raise OldFormError
        if text_of(form, "do") == "close":
            response = self._closed(request, 200)
            await self._sessions.close(opened, response)
            return response
        if text_of(form, "do") == "erase":
            return await self._erase(request, opened, mine, sure=text_of(form, "sure") == "yes")
        typed = typed_in(form)
        draft = own_form.read(typed, mine.member, self._hours.day_of(self._clock.at()))
        if draft.wrong:
            return await self._page(request, opened, mine, typed=typed, wrong=draft.wrong, said="wrong")
        if text_of(form, "seen") != mine.digest:
            return await self._page(request, opened, mine, typed=typed, said="moved")
        wanted = Mine(draft.member, own_form.WORLD in typed.ticked if self._world else mine.world)
        if wanted != mine:
            await self._keep(wanted)
        return RedirectResponse(f"{PATH}?said=kept{asked_for(request, self._pages.languages)}", SEE_OTHER)

    async def _erase(self, request: Request, opened: Opened, mine: Mine, *, sure: bool) -> Response:
        """Erase the member everywhere, as a host can; only of who said twice that they mean it."""
        if not sure:
            return await self._page(request, opened, mine, said="unsure")
        at_us = self._clock.now_us()

        def work(connection: Connection) -> int:
            deeds.note(connection, at_us, Deed.MEMBER_ERASED, "", opened.member_id)
            return directory.remove_member(connection, opened.member_id)

        await self._directory.change(work)
        response = closed_page(self._pages, self._space, request, 200, erased=True)
        await self._sessions.close(opened, response)
        log.info("a member erased themselves")
        return response

    async def preview(self, request: Request) -> Response:
        """Show what others will see if what was typed is kept; nothing is changed."""
        opened = await self._sessions.opened(request)
        mine = None if opened is None else await self._mine(opened)
        if opened is None or mine is None:
            return self._closed(request, FORBIDDEN)
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
        if not self._sessions.is_ours(opened, text_of(form, "form_token")):
            raise OldFormError
        draft = own_form.read(typed := typed_in(form), mine.member, self._hours.day_of(self._clock.at()))
        if "hx-request" not in request.headers:
            return await self._page(request, opened, mine, typed=typed, wrong=draft.wrong, said="preview")
        language = language_of(request, mine.member, self._pages.languages)
        photo = await self._database.read(lambda c: photos.photo_of(c, mine.member.id))
        preview = self._preview(draft.member, typed, photo, language)
        values = {"preview": preview, "asks_world": self._world}
        return HTMLResponse(self._pages.render("own_preview.html", language, **values))

    async def everything(self, request: Request) -> Response:
        """Hand over all that is known of the member, as a file."""
        opened = await self._sessions.opened(request)
        if opened is None:
            return self._closed(request, FORBIDDEN)
        member_id = opened.member_id
        everything = await self._database.read(lambda c: read_everything(c, member_id))
        if everything is None:
            return self._closed(request, FORBIDDEN)
        known = msgspec.json.format(msgspec.json.encode(everything)) + b"\n"
        headers = {"content-disposition": 'attachment; filename="foyer-me.json"'}
        return Response(known, media_type="application/json", headers=headers)

    async def _mine(self, opened: Opened) -> Mine | None:
        return await self._database.read(lambda c: _read_mine(c, opened.member_id))

    async def _keep(self, mine: Mine) -> None:
        """Change the directory as a host would, and note it, in one transaction."""
        at_us = self._clock.now_us()

        def work(connection: Connection) -> int:
            latest = directory.change_member(connection, mine.member)
            world.say(connection, mine.member.id, yes=mine.world)
            deeds.note(connection, at_us, Deed.OWN_PAGE, "", mine.member.id)
            return latest

        await self._directory.change(work)
        log.info("a member changed their own page")

    def _preview(self, member: Member, typed: Typed, photo: Photo | None, language: str) -> Preview:
        return preview_of(
            member,
            self._space,
            self._hours,
            self._clock.at(),
            language,
            world=self._world and own_form.WORLD in typed.ticked,
            picture=photo is not None and photo.hosts,
            draw=self._draw,
        )

    async def _page(
        self,
        request: Request,
        opened: Opened,
        mine: Mine,
        *,
        typed: Typed | None = None,
        wrong: frozenset[str] = frozenset(),
        said: str = "",
    ) -> Response:
        member, at = mine.member, self._clock.at()
        today, shown = self._hours.day_of(at), typed or own_form.typed_of(member, world=mine.world)
        language = language_of(request, member, self._pages.languages)
        photo = await self._database.read(lambda c: photos.photo_of(c, member.id))
        draft = own_form.read(shown, member, today)
        page = self._pages.render(
            "own_page.html",
            language,
            space=self._space,
            member=member,
            changes=await self._database.read(lambda c: read_changes(c, member.id)),
            badges=await self._database.read(lambda c: read_held(c, member.id)),
            photo=photo,
            preview=self._preview(draft.member, shown, photo, language),
            care=await self._database.read(lambda c: read_own_care(c, member.id)),
            now=at,
            typed=shown,
            rows=(*shown.needs, *((("", ""),) * own_form.SPARE_NEEDS))[: MOST_ITEMS + own_form.SPARE_NEEDS],
            wrong=wrong,
            wrong_needs={place: fault.value for place, fault in draft.needs.items()} if wrong else {},
            today=today,
            said=said,
            seen=mine.digest,
            asks_world=self._world,
            world=mine.world,
            stays=sorted({*own_form.STAYS, member.comfort.stays_s}),
            intents=[each.value for each in Intent],
            longest_name=LONGEST_NAME,
            longest_item=LONGEST_ITEM,
            most_items=MOST_ITEMS,
            form_token=form_token(opened.token),
        )
        return HTMLResponse(page, UNPROCESSABLE if wrong or said == "unsure" else 200)

    def _closed(self, request: Request, status: int, wait_s: int = 0) -> Response:
        return closed_page(self._pages, self._space, request, status, wait_s)


def _read_mine(connection: Connection, member_id: MemberId) -> Mine | None:
    member = directory.member_of(connection, member_id)
    return None if member is None else Mine(member, world.said_yes(connection, member.id))
