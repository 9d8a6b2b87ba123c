"""The page of introductions: today's pairs, tables to open with one click, what the hub has learned."""

import logging
from datetime import datetime, time, timedelta
from typing import Protocol

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from community.clock import Hours
from community.ids import MemberId, TableId
from community.introductions.learning import LEAST_OUTCOMES
from community.introductions.tables import Occasion, Table
from community.members import Space
from plumbing.clock import Clock
from sync.dashboard.forms import sent_by_host, text_of
from sync.dashboard.reasons import lesson, why
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions, Visitor
from sync.introductions.overview import Overview
from sync.introductions.wanted import NeedsBoard

log = logging.getLogger(__name__)

PLACE = "/introductions"

LONGEST_PLACE = 60
"""Characters of a table's place: what a greeting can hold."""

SEE_OTHER = 303

SOON = timedelta(minutes=20)
"""A table begins this long from now unless a host says otherwise: people must come to the door first."""

STEP = timedelta(minutes=5)

NOTICES = frozenset({"opened", "nobody", "closed", "past", "time"})
"""What the page can be asked to say after a form was sent."""


class Tables(Protocol):
    """The part of the running hub this page asks; `sync.introductions.service.Introductions`."""

    async def overview(self) -> Overview:
        """Return what hosts may see."""

    async def needs_board(self) -> NeedsBoard:
        """Return what people look for and offer, as hosts may see it."""

    async def open_table(self, occasion: Occasion, at: datetime, place: str) -> Table | None:
        """Open a table, or return `None` if there are not enough people."""

    async def close_table(self, table: TableId) -> None:
        """Take a table away."""

    async def introduce(self, one: MemberId, other: MemberId) -> None:
        """Put two people together who are in."""


class IntroductionsPage:
    """Handlers of `/introductions`.  Lives as long as the dashboard."""

    def __init__(
        self, *, tables: Tables, hours: Hours, clock: Clock, space: Space, pages: Pages, sessions: Sessions
    ) -> None:
        self._tables = tables
        self._hours = hours
        self._clock = clock
        self._space = space
        self._pages = pages
        self._sessions = sessions

    async def show(self, request: Request) -> Response:
        """Show the page, or the part of it that changes by itself if a script of ours asks."""
        visitor = await self._sessions.required(request)
        notice = request.query_params.get("notice", "")
        values = self._values(await self._tables.overview(), visitor)
        if "hx-request" in request.headers:
            return HTMLResponse(self._pages.render("introduced.html", visitor.language, **values))
        page = self._pages.render(
            "introductions.html",
            visitor.language,
            space=self._space,
            back=PLACE,
            notice=notice if notice in NOTICES else "",
            longest_place=LONGEST_PLACE,
            **values,
        )
        return HTMLResponse(page)

    async def receive(self, request: Request) -> Response:
        """Open a table, or take one away."""
        _, form = await sent_by_host(self._sessions, request)
        closing = text_of(form, "close")
        if closing:
            await self._tables.close_table(TableId(closing))
            notice = "closed"
        else:
            notice = await self._open(form)
        log.info("a host asked for a table: %s", notice)
        return RedirectResponse(f"{PLACE}?notice={notice}", SEE_OTHER)

    async def _open(self, form: FormData) -> str:
        """Open the table a form asks for; return the notice."""
        wanted = text_of(form, "open")
        occasion = next((one for one in Occasion if one.value == wanted), Occasion.COFFEE)
        at = self._moment(text_of(form, "at"))
        if at is None:
            return "time"
        if at < self._clock.at():
            return "past"
        place = " ".join(text_of(form, "place").split())[:LONGEST_PLACE]
        return "nobody" if await self._tables.open_table(occasion, at, place) is None else "opened"

    def _moment(self, typed: str) -> datetime | None:
        """Return when a time of today is, `None` if it is none; empty is soon."""
        if not typed:
            return self._soon()
        try:
            wanted = time.fromisoformat(typed)
        except ValueError:
            return None
        local = self._clock.at().astimezone(self._hours.zone)
        return datetime.combine(local.date(), wanted.replace(tzinfo=None), self._hours.zone)

    def _soon(self) -> datetime:
        """Return the next round moment by which people can have come."""
        local = self._clock.at().astimezone(self._hours.zone) + SOON
        over = timedelta(minutes=local.minute % 5, seconds=local.second, microseconds=local.microsecond)
        return local - over + (STEP if over else timedelta())

    def _values(self, overview: Overview, visitor: Visitor) -> dict[str, object]:
        words = self._pages.words[visitor.language]
        return {
            "overview": overview,
            "soon": self._soon().strftime("%H:%M"),
            "least_answers": LEAST_OUTCOMES,
            "why": lambda pair: why(words, visitor.language, pair.reason, pair.one, pair.other),
            "lesson_words": lambda learned: lesson(words, learned),
            "form_token": visitor.form_token,
        }
