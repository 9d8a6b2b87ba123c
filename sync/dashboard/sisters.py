"""The page of sister spaces: an administrator gives out our card, and says whose letters are believed."""

import logging
from enum import Enum

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.signing import SigningKey
from sync.dashboard.forms import sent_by_host, text_of
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions, Visitor
from sync.sisters import cards
from sync.sisters.cards import Card
from sync.store import deeds, sisters
from sync.store.deeds import Deed
from sync.store.sisters import Sister

log = logging.getLogger(__name__)

PATH = "/sisters"
SEE_OTHER = 303
UNPROCESSABLE = 422


class Said(Enum):
    """What the page says after a form."""

    ADDED = "added"
    TRUSTED = "trusted"
    REMOVED = "removed"
    GONE = "gone"
    """It was removed meanwhile, or by another host; nothing was done."""
    UNREADABLE = "unreadable"
    """What was pasted is no card, or not whole."""
    OWN = "own"
    """It is this space's own."""
    MANY = "many"


class SistersPage:
    """Handlers of `/sisters`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        space: Space,
        pages: Pages,
        sessions: Sessions,
        key: SigningKey,
    ) -> None:
        """`key` is this space's own."""
        self._database, self._clock, self._space, self._key = database, clock, space, key
        self._pages, self._sessions = pages, sessions

    def routes(self) -> list[Route]:
        """Return where it answers."""
        return [Route(PATH, self.show), Route(PATH, self.receive, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """Show this space's card, and whose letters are believed."""
        visitor = await self._sessions.required(request)
        said = request.query_params.get("said", "")
        return await self._page(visitor, said if said in {each.value for each in Said} else "")

    async def receive(self, request: Request) -> Response:
        """Look at a card, believe its space, or believe one no more."""
        visitor, form = await sent_by_host(self._sessions, request)
        do, sister_id = text_of(form, "do"), text_of(form, "sister")
        if do in {"remove", "trust"}:
            said = await self._change(visitor, sister_id, trust=do == "trust")
            return RedirectResponse(f"{PATH}?said={said.value}", SEE_OTHER)
        typed = text_of(form, "card")
        card = cards.read(typed)
        if card is None or card.id == cards.id_of(self._key.public):
            said = Said.UNREADABLE if card is None else Said.OWN
            return await self._page(visitor, said.value, typed=typed, status=UNPROCESSABLE)
        if do != "add":
            return await self._page(visitor, "", card=card, typed=typed)
        if not await self._add(visitor, card):
            return await self._page(visitor, Said.MANY.value, typed=typed, status=UNPROCESSABLE)
        return RedirectResponse(f"{PATH}?said={Said.ADDED.value}", SEE_OTHER)

    async def _add(self, visitor: Visitor, card: Card) -> bool:
        at_us = self._clock.now_us()
        sister = Sister(card.id, card.name, card.address, card.key, at_us, visitor.login)

        def work(connection: Connection) -> bool:
            if not sisters.put(connection, sister):
                return False
            deeds.note(connection, at_us, Deed.SISTER_ADDED, visitor.login, sister.id)
            return True

        return await self._database.write(work)

    async def _change(self, visitor: Visitor, sister_id: str, *, trust: bool) -> Said:
        at_us = self._clock.now_us()
        change, deed = (
            (sisters.trust, Deed.SISTER_TRUSTED) if trust else (sisters.remove, Deed.SISTER_REMOVED)
        )

        def work(connection: Connection) -> Said:
            if not sister_id.isalnum() or not change(connection, sister_id):
                return Said.GONE
            deeds.note(connection, at_us, deed, visitor.login, sister_id)
            return Said.TRUSTED if trust else Said.REMOVED

        return await self._database.write(work)

    async def _page(
        self,
        visitor: Visitor,
        said: str,
        *,
        card: Card | None = None,
        typed: str = "",
        status: int = 200,
    ) -> Response:
        own = own_card(self._space, self._key)
        every = await self._database.read(sisters.every)
        page = self._pages.render(
            "sisters.html",
            visitor.language,
            space=self._space,
            back=PATH,
            said=said,
            own=own,
            written="" if own is None else cards.write(own.name, own.address, self._key),
            sisters=[(each, Card(each.name, each.address, each.public_key).fingerprint) for each in every],
            card=card,
            replaces=card is not None and any(each.id == card.id for each in every),
            typed=typed,
            form_token=visitor.form_token,
        )
        return HTMLResponse(page, status)


def own_card(space: Space, key: SigningKey) -> Card | None:
    """Return this space's own card; `None` where the settings say no address at which browsers find it."""
    name = " ".join(space.name.split())[: cards.LONGEST_NAME].rstrip()
    return Card(name, space.address, key.public) if cards.is_address(space.address) and name else None
