"""Passkeys: a fingerprint, a face or a key of metal instead of a password, where the address allows.

A password stays beside them: it is the way in from an address where browsers allow no passkey.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from community.clock import us_of
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.forms import sent_by_host, text_of
from sync.dashboard.passwords import Passwords
from sync.dashboard.sessions import Sessions
from sync.dashboard.throttle import FREE_TRIES_ACCOUNT, Throttle
from sync.dashboard.webauthn import Ceremonies, Place, WrongPasskeyError, id_in, place_of
from sync.store import deeds, passkeys
from sync.store.accounts import Host
from sync.store.deeds import Deed
from sync.store.passkeys import Passkey

PATH = "/passkeys"
NEW = "/passkeys/new"
SEE_OTHER = 303


class Said(Enum):
    """What the page of accounts says after a form of this part."""

    ADDED = "passkey-added"
    REMOVED = "passkey-removed"
    REFUSED = "passkey-refused"
    """What the browser sent proves nothing; nothing was changed."""
    WRONG = "wrong"
    """The present password is another one."""
    WAIT = "wait"
    HERE = "passkey-here"
    """Browsers allow no passkey at this address."""
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Line:
    """One passkey as its owner's page shows it."""

    id: str
    label: str
    domain: str
    created: datetime
    used: datetime | None


class PasskeysPart:
    """Passkeys on the page of accounts, and for the login.  Lives as long as the dashboard."""

    def __init__(self, *, database: Database, clock: Clock, sessions: Sessions, https: bool) -> None:
        self._database, self._clock, self._sessions, self._https = database, clock, sessions, https
        self._passwords, self._ceremonies = Passwords(), Ceremonies()
        self._tries = Throttle(FREE_TRIES_ACCOUNT)

    def routes(self) -> list[Route]:
        """Return where the forms of this part go."""
        return [
            Route(NEW, self.ask_for_new, methods=["POST"]),
            Route(PATH, self.receive, methods=["POST"]),
        ]

    def place(self, request: Request) -> Place | None:
        """Return where the browser has us; `None` where it allows no passkeys."""
        return place_of(request.headers.get("host", ""), https=self._https)

    async def lines(self, host_id: int) -> Sequence[Line]:
        """Return an account's passkeys, oldest first."""
        has = await self._database.read(lambda c: passkeys.of_host(c, host_id))
        return tuple(Line(each.id, each.label, each.domain, each.created, each.used) for each in has)

    async def ask_for_new(self, request: Request) -> Response:
        """Return what a browser needs to make a passkey for whoever knows the present password."""
        visitor, form = await sent_by_host(self._sessions, request)
        place, session = self.place(request), visitor.session
        if session is None or place is None:
            return _to(Said.HERE)
        host, now_s = session.host, self._clock.now_s()
        if self._tries.wait_s(host.login, now_s):
            return _to(Said.WAIT)
        self._tries.failed(host.login, now_s)
        if not await self._passwords.matches(host.password, text_of(form, "password")):
            return _to(Said.WRONG)
        self._tries.succeeded(host.login)
        has = await self._database.read(lambda c: passkeys.of_host(c, host.id))
        keys = [each.key for each in has if each.domain == place.domain]
        return JSONResponse(self._ceremonies.ask_for_new(session.token, place, host.login, keys, now_s))

    async def receive(self, request: Request) -> Response:
        """Keep the passkey a browser made, or remove one."""
        visitor, form = await sent_by_host(self._sessions, request)
        place, session = self.place(request), visitor.session
        if session is None:
            return _back(Said.GONE)
        match text_of(form, "do"):
            case "remove":
                return _back(await self._remove(session.host, text_of(form, "passkey")))
            case "add" if place is not None:
                return _back(await self._add(session.host, session.token, place, form))
            case _:
                return _back(Said.GONE)

    def ask_who(self, browser: str, request: Request) -> dict[str, Any] | None:
        """Return what a browser needs to show a passkey; `None` where it shows none.

        Args:
            browser: The token it holds before anybody is logged in.
            request: Says where it has us.
        """
        place = self.place(request)
        return None if place is None else self._ceremonies.ask_who(browser, place, self._clock.now_s())

    async def shown(self, browser: str, request: Request, answer: str) -> Host | None:
        """Return whose passkey a browser showed, if it proved itself.

        Args:
            browser: The token of the browser that was asked.
            request: Says where it has us: the same as when it was asked.
            answer: What it sent.
        """
        place = self.place(request)
        found = await self._database.read(lambda c: passkeys.by_id(c, id_in(answer)))
        if place is None or found is None or found[1].domain != place.domain:
            return None
        host, passkey = found
        at, now_s = self._clock.at(), self._clock.now_s()
        try:
            uses = self._ceremonies.uses_of(browser, place, answer, passkey.key, now_s)
        except WrongPasskeyError:
            uses = -1
        if uses > passkey.uses or uses == passkey.uses == 0:
            await self._database.write(lambda c: passkeys.was_used(c, passkey.id, uses, at))
            return host
        await self._database.write(lambda c: deeds.note(c, us_of(at), Deed.PASSKEY_REFUSED, host.login))
        return None

    async def _add(self, host: Host, token: str, place: Place, form: FormData) -> Said:
        try:
            made = self._ceremonies.made(token, place, text_of(form, "answer"), self._clock.now_s())
        except WrongPasskeyError:
            return Said.REFUSED
        at, label = self._clock.at(), " ".join(text_of(form, "label").split())
        new = Passkey(made.id, place.domain, made.key, made.uses, label, at)

        def work(connection: Connection) -> bool:
            added = passkeys.add(connection, host.id, new)
            if added:
                deeds.note(connection, us_of(at), Deed.PASSKEY_ADDED, host.login)
            return added

        return Said.ADDED if await self._database.write(work) else Said.REFUSED

    async def _remove(self, host: Host, passkey: str) -> Said:
        at_us = self._clock.now_us()

        def work(connection: Connection) -> bool:
            removed = passkeys.remove(connection, host.id, passkey)
            if removed:
                deeds.note(connection, at_us, Deed.PASSKEY_REMOVED, host.login)
            return removed

        return Said.REMOVED if await self._database.write(work) else Said.GONE


def _to(said: Said) -> Response:
    """Let the script of the page go where the answer is said."""
    return JSONResponse({"to": f"/accounts?said={said.value}"})


def _back(said: Said) -> Response:
    return RedirectResponse(f"/accounts?said={said.value}", SEE_OTHER)
