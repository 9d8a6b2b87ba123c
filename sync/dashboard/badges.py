"""What holds for every badge: the level the space asks for, and sheets of labels to print."""

import asyncio
import logging

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from community.members import Space
from community.proofs import Level
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.forms import sent_by_host, text_of
from sync.dashboard.rendering import Pages
from sync.dashboard.roles import Role
from sync.dashboard.sessions import Sessions
from sync.store import cards, deeds
from sync.store.deeds import Deed
from sync.store.directory import Directory
from sync.views.card import SpaceBadges, read_space_badges
from sync.views.labels import read_labels

log = logging.getLogger(__name__)

PATH = "/badges"
LEVEL = "/badges/level"
LABELS = "/badges/labels"
SEE_OTHER = 303


class BadgesPage:
    """Handlers of `/badges`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        space: Space,
        pages: Pages,
        sessions: Sessions,
        directory: Directory,
    ) -> None:
        self._database, self._clock, self._space = database, clock, space
        self._pages, self._sessions, self._directory = pages, sessions, directory

    async def show(self, request: Request) -> Response:
        """Show what badges must show, and what each level is worth."""
        visitor = await self._sessions.required(request)
        badges = await self._database.read(read_space_badges)
        page = self._pages.render(
            "space_badges.html",
            visitor.language,
            space=self._space,
            back=PATH,
            said="level" if request.query_params.get("said") == "level" else "",
            badges=badges,
            sure=_sure(request, badges),
            may_change=visitor.role is Role.ADMIN,
            form_token=visitor.form_token,
        )
        return HTMLResponse(page)

    async def set_level(self, request: Request) -> Response:
        """Say what every badge must show at least."""
        visitor, form = await sent_by_host(self._sessions, request)
        asked, at_us = text_of(form, "level"), self._clock.now_us()
        if asked not in {level.value for level in Level}:
            return RedirectResponse(PATH, SEE_OTHER)
        refused = (await self._database.read(read_space_badges)).refused.get(Level(asked), 0)
        if refused and text_of(form, "sure") != asked:
            return RedirectResponse(f"{PATH}?sure={asked}", SEE_OTHER)

        def work(connection: Connection) -> int:
            deeds.note(connection, at_us, Deed.SPACE_LEVEL, visitor.login, asked)
            return cards.set_least_level(connection, Level(asked), self._space)

        await self._directory.change(work)
        log.info("every badge must show at least: %s", asked)
        return RedirectResponse(f"{PATH}?said=level", SEE_OTHER)

    async def labels(self, request: Request) -> Response:
        """Return a sheet of labels for every badge that works, to print."""
        visitor, _form = await sent_by_host(self._sessions, request)
        from sync.labels_sheet import as_pdf  # a hub starts without what draws

        labels = await self._database.read(read_labels)
        file = await asyncio.to_thread(as_pdf, labels)
        at_us = self._clock.now_us()
        await self._database.write(lambda c: deeds.note(c, at_us, Deed.LABELS_PRINTED, visitor.login))
        headers = {
            "content-disposition": 'attachment; filename="foyer-labels.pdf"',
            "cache-control": "no-store",
        }
        return Response(file, media_type="application/pdf", headers=headers)


def _sure(request: Request, badges: SpaceBadges) -> Level | None:
    """Return the level of which the page asks whether it is really meant: somebody would be refused."""
    asked = request.query_params.get("sure", "")
    level = Level(asked) if asked in {level.value for level in Level} else Level.UID
    return level if badges.refused.get(level) else None
