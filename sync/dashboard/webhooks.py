"""The page of webhooks: an administrator adds an address, and sees what it answered."""

import logging
import secrets
from collections.abc import Callable
from datetime import timedelta
from enum import Enum

from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from community.badges import BadgeKey
from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.forms import sent_by_host, text_of
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions, Visitor
from sync.store import deeds, deliveries, webhooks
from sync.store.deeds import Deed
from sync.store.outbox import Kind
from sync.store.webhooks import Webhook
from sync.views.machines import read_webhooks
from sync.webhooks import signing
from sync.webhooks.addresses import LONGEST_URL, Network, place_of

log = logging.getLogger(__name__)

PATH = "/webhooks"
SEE_OTHER = 303
UNPROCESSABLE = 422

OLD_KEY = timedelta(hours=24)
"""How long the former key signs beside a new one: time to tell the target."""


class Said(Enum):
    """What the page says after a form."""

    REMOVED = "removed"
    PAUSED = "paused"
    RESUMED = "resumed"
    RESENT = "resent"
    GONE = "gone"
    """It has changed meanwhile; nothing was done."""
    ADDRESS = "address"
    """No webhook may be there."""
    KINDS = "kinds"
    """Nothing was chosen."""
    TAKEN = "taken"
    """There is one of this address, or there are too many."""


class WebhooksPage:
    """Handlers of `/webhooks`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        space: Space,
        pages: Pages,
        sessions: Sessions,
        key: BadgeKey,
        allowed: tuple[Network, ...],
        wake: Callable[[], None],
    ) -> None:
        """Prepare.

        Args:
            database: Read from and written to.
            clock: The machine's.
            space: What the place is called.
            pages: The templates.
            sessions: Who is logged in.
            key: The space's secret, from which webhooks' keys are drawn.
            allowed: Where webhooks may lead besides out into the world.
            wake: Tells the courier that there is something to do.
        """
        self._database, self._clock, self._space = database, clock, space
        self._pages, self._sessions, self._key = pages, sessions, key
        self._allowed, self._wake = allowed, wake

    async def show(self, request: Request) -> Response:
        """Show every webhook."""
        visitor = await self._sessions.required(request)
        said = request.query_params.get("said", "")
        return await self._page(visitor, said if said in {each.value for each in Said} else "")

    async def receive(self, request: Request) -> Response:
        """Do what an administrator asked for."""
        visitor, form = await sent_by_host(self._sessions, request)
        do, webhook_id = text_of(form, "do"), text_of(form, "webhook")
        if do == "add":
            made = await self._add(visitor, form)
            if isinstance(made, Said):
                return await self._page(visitor, made.value, form=form, status=UNPROCESSABLE)
            return await self._page(visitor, "", new=made)
        if do == "key" and webhook_id.isprintable():
            changed = await self._new_key(visitor, webhook_id)
            if changed is not None:
                return await self._page(visitor, "", new=changed)
        said = await self._change(visitor, do, webhook_id, text_of(form, "message"))
        return RedirectResponse(f"{PATH}?said={said.value}", SEE_OTHER)

    async def _add(self, visitor: Visitor, form: FormData) -> Webhook | Said:
        url = text_of(form, "url").strip()
        if place_of(url, self._allowed) is None:
            return Said.ADDRESS
        kinds = frozenset(kind.value for kind in Kind if text_of(form, kind.value) == "yes")
        if not kinds:
            return Said.KINDS
        at_us = self._clock.now_us()
        made = Webhook(secrets.token_hex(8), url, kinds, at_us, visitor.login)

        def work(connection: Connection) -> bool:
            if not webhooks.add(connection, made):
                return False
            deeds.note(connection, at_us, Deed.WEBHOOK_ADDED, visitor.login, made.id)
            return True

        return made if await self._database.write(work) else Said.TAKEN

    async def _new_key(self, visitor: Visitor, webhook_id: str) -> Webhook | None:
        at_us = self._clock.now_us()
        until_us = at_us + OLD_KEY // timedelta(microseconds=1)

        def work(connection: Connection) -> Webhook | None:
            changed = webhooks.new_key(connection, webhook_id, until_us)
            if changed is not None:
                deeds.note(connection, at_us, Deed.WEBHOOK_KEY, visitor.login, webhook_id)
            return changed

        return await self._database.write(work)

    async def _change(self, visitor: Visitor, do: str, webhook_id: str, message: str) -> Said:
        at_us = self._clock.now_us()
        ways: dict[str, tuple[Said, Deed, Callable[[Connection], bool]]] = {
            "remove": (Said.REMOVED, Deed.WEBHOOK_REMOVED, lambda c: webhooks.remove(c, webhook_id)),
            "pause": (
                Said.PAUSED,
                Deed.WEBHOOK_PAUSED,
                lambda c: webhooks.pause(c, webhook_id, paused=True),
            ),
            "resume": (
                Said.RESUMED,
                Deed.WEBHOOK_RESUMED,
                lambda c: webhooks.pause(c, webhook_id, paused=False),
            ),
            "resend": (
                Said.RESENT,
                Deed.WEBHOOK_RESENT,
                lambda c: deliveries.resend(c, webhook_id, message, at_us) > 0,
            ),
        }
        if do not in ways or not (webhook_id + message).isprintable():
            return Said.GONE
        said, deed, way = ways[do]

        def work(connection: Connection) -> Said:
            if not way(connection):
                return Said.GONE
            deeds.note(connection, at_us, deed, visitor.login, webhook_id)
            return said

        done = await self._database.write(work)
        self._wake()
        return done

    async def _page(
        self,
        visitor: Visitor,
        said: str,
        *,
        new: Webhook | None = None,
        form: FormData | None = None,
        status: int = 200,
    ) -> Response:
        at = self._clock.at()
        typed = FormData() if form is None else form
        told = "" if new is None else signing.told(signing.key_of(self._key, new.id, new.key_version))
        page = self._pages.render(
            "webhooks.html",
            visitor.language,
            space=self._space,
            back=PATH,
            at=at,
            said=said,
            new=new,
            key=told,
            webhooks=await self._database.read(lambda c: read_webhooks(c, at)),
            kinds=[kind.value for kind in Kind],
            typed=text_of(typed, "url"),
            ticked=[kind.value for kind in Kind if text_of(typed, kind.value) == "yes"],
            longest=LONGEST_URL,
            form_token=visitor.form_token,
        )
        return HTMLResponse(page, status)
