"""The page of kiosks: let one in by a code, give it a new password, shut it out."""

import logging
from enum import Enum

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from community.ids import HUB, KioskId
from community.members import Space
from community.wire.enrolment import Code
from community.wire.topics import NAME
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.forms import sent_by_host, text_of
from sync.dashboard.rendering import Pages
from sync.dashboard.roles import Role
from sync.dashboard.sessions import Sessions, Visitor
from sync.gate import Gate
from sync.live import Live
from sync.views.kiosks import read_doors

log = logging.getLogger(__name__)

PATH = "/kiosks"
SEE_OTHER = 303
UNPROCESSABLE = 422


class Said(Enum):
    """What the page says after a form."""

    RENEWED = "renewed"
    REVOKED = "revoked"
    NAME = "name"
    """It cannot be the name of a kiosk."""
    CLOSED = "closed"
    """This hub lets no kiosks in."""
    GONE = "gone"
    """It has changed meanwhile; nothing was done."""


class KiosksPage:
    """Handlers of `/kiosks`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        live: Live,
        clock: Clock,
        space: Space,
        pages: Pages,
        sessions: Sessions,
        gate: Gate | None,
    ) -> None:
        self._database, self._live, self._clock = database, live, clock
        self._space, self._pages, self._sessions, self._gate = space, pages, sessions, gate

    async def show(self, request: Request) -> Response:
        """Show every kiosk and how it stands."""
        visitor = await self._sessions.required(request)
        said = request.query_params.get("said", "")
        return await self._page(visitor, said if said in {each.value for each in Said} else "")

    async def receive(self, request: Request) -> Response:
        """Do what an administrator asked for."""
        visitor, form = await sent_by_host(self._sessions, request)
        kiosk, gate = KioskId(text_of(form, "kiosk").strip()), self._gate
        if gate is None:
            return RedirectResponse(f"{PATH}?said={Said.CLOSED.value}", SEE_OTHER)
        if not NAME.fullmatch(kiosk) or kiosk == HUB:
            return await self._page(visitor, Said.NAME.value, status=UNPROCESSABLE)
        match text_of(form, "do"):
            case "code":
                code = await gate.make_code(kiosk, visitor.login)
                self._live.changed()
                # Shown in the answer itself: an address would keep it in the browser's history.
                return await self._page(visitor, "", kiosk=kiosk, code=code)
            case "renew":
                said = Said.RENEWED if await gate.renew(kiosk, visitor.login) else Said.GONE
            case "revoke":
                said = Said.REVOKED if await gate.revoke(kiosk, visitor.login) else Said.GONE
            case _:
                said = Said.GONE
        self._live.changed()
        return RedirectResponse(f"{PATH}?said={said.value}", SEE_OTHER)

    async def _page(
        self,
        visitor: Visitor,
        said: str,
        *,
        kiosk: KioskId | None = None,
        code: Code | None = None,
        status: int = 200,
    ) -> Response:
        at = self._clock.at()
        page = self._pages.render(
            "doors.html",
            visitor.language,
            space=self._space,
            back=PATH,
            at=at,
            said=said,
            doors=await self._database.read(lambda c: read_doors(c, at)),
            is_open=self._gate is not None,
            may_change=visitor.role is Role.ADMIN,
            kiosk=kiosk or "",
            code="" if code is None else code.told,
            address="" if self._gate is None else self._gate.address,
            form_token=visitor.form_token,
        )
        return HTMLResponse(page, status)
