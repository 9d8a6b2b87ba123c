"""The page of what could not be understood: a host reads it, tries it again, or puts it away.

Nothing is ever deleted from here, and each deed leaves a trace with who did it.
"""

import logging
from collections.abc import Callable, Sequence
from enum import Enum

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.errors import DatabaseError, DatabaseTrouble
from sync.dashboard.forms import sent_by_host, text_of
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions
from sync.live import Live
from sync.store import batches, deeds, quarantine
from sync.store.deeds import Deed
from sync.store.log import Stored
from sync.views.quarantine import read_quarantine

log = logging.getLogger(__name__)

PATH = "/quarantine"

SEE_OTHER = 303

LONGEST_ROW = 18
"""Digits of a row's id, so that every database can hold it."""


class Said(Enum):
    """What the page says after a form."""

    RELEASED = "released"
    STILL = "still"
    """It is as unreadable as before."""
    ASIDE = "aside"
    BACK = "back"
    GONE = "gone"
    """Somebody else was faster; nothing was changed."""


class QuarantinePage:
    """Handlers of `/quarantine`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        live: Live,
        clock: Clock,
        space: Space,
        pages: Pages,
        sessions: Sessions,
        took_in: Callable[[Sequence[Stored]], None],
    ) -> None:
        self._database = database
        self._live = live
        self._clock = clock
        self._space = space
        self._pages = pages
        self._sessions = sessions
        self._took_in = took_in

    async def show(self, request: Request) -> Response:
        """Show what waits, and what was put away."""
        visitor = await self._sessions.required(request)
        at = self._clock.at()
        said = request.query_params.get("said", "")
        page = self._pages.render(
            "quarantine.html",
            visitor.language,
            space=self._space,
            back=PATH,
            held=await self._database.read(lambda c: read_quarantine(c, at)),
            said=said if said in {each.value for each in Said} else "",
            form_token=visitor.form_token,
        )
        return HTMLResponse(page)

    async def receive(self, request: Request) -> Response:
        """Do what a host asked for, and come back to the page."""
        visitor, form = await sent_by_host(self._sessions, request)
        row = _row(text_of(form, "row"))
        match text_of(form, "do"):
            case "all":
                said = await self._try_again(visitor.login, None)
            case "again" if row is not None:
                said = await self._try_again(visitor.login, row)
            case "aside" if row is not None:
                said = await self._put_aside(visitor.login, row)
            case "back" if row is not None:
                said = await self._take_back(visitor.login, row)
            case _:
                said = Said.GONE
        self._live.changed()
        return RedirectResponse(f"{PATH}?said={said.value}", SEE_OTHER)

    async def _try_again(self, host: str, row: int | None) -> Said:
        at_us = self._clock.now_us()

        def work(connection: Connection) -> batches.Released:
            deeds.note(connection, at_us, Deed.TRIED_AGAIN, host, "" if row is None else str(row))
            return batches.release(connection, at_us, row)

        try:
            released = await self._database.write(work)
        except DatabaseError as error:
            if error.trouble is not DatabaseTrouble.UNREADABLE:
                raise
            log.info("a row of the quarantine still cannot be stored: %s", error)
            return Said.STILL
        if released.count:
            log.info("a host had %s rows come out of the quarantine", released.count)
            self._took_in(released.log.new)
        return Said.RELEASED if released.count else Said.STILL

    async def _put_aside(self, host: str, row: int) -> Said:
        at_us = self._clock.now_us()

        def work(connection: Connection) -> bool:
            done = quarantine.put_aside(connection, row, host, at_us)
            if done:
                deeds.note(connection, at_us, Deed.PUT_ASIDE, host, str(row))
            return done

        return Said.ASIDE if await self._database.write(work) else Said.GONE

    async def _take_back(self, host: str, row: int) -> Said:
        at_us = self._clock.now_us()

        def work(connection: Connection) -> bool:
            done = quarantine.take_back(connection, row)
            if done:
                deeds.note(connection, at_us, Deed.TAKEN_BACK, host, str(row))
            return done

        return Said.BACK if await self._database.write(work) else Said.GONE


def _row(typed: str) -> int | None:
    """Return the id of a row, or `None` if it can be none."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_ROW else None
