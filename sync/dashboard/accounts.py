"""Accounts: one's own password, and for administrators who else may open the dashboard."""

import logging
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from community.badges import short_code
from community.clock import us_of
from community.members import Space
from community.wire.enrolment import Code
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard import passwords
from sync.dashboard.doors import problem_of
from sync.dashboard.forms import is_badge, sent_by_host, text_of
from sync.dashboard.passkeys import PasskeysPart
from sync.dashboard.passkeys import Said as OfPasskeys
from sync.dashboard.passwords import Passwords
from sync.dashboard.rendering import Pages
from sync.dashboard.roles import Role, role_of
from sync.dashboard.sessions import Sessions, Visitor
from sync.dashboard.throttle import FREE_TRIES_ACCOUNT, Throttle
from sync.live import Live
from sync.store import accounts, codes, deeds
from sync.store.codes import Purpose
from sync.store.deeds import Deed
from sync.views.record import read_record

log = logging.getLogger(__name__)

PATH = "/accounts"
SEE_OTHER = 303


class Said(Enum):
    """What the page says after a form."""

    ROLE = "role"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"
    LAST = "last"
    """Nothing was changed: there must be an administrator."""
    GONE = "gone"
    """Somebody else was faster; nothing was changed."""
    PASSWORD = "password"  # noqa: S105 - the word for a sentence
    WRONG = "wrong"
    """The old password is another one."""
    SHORT = "short"
    COMMON = "common"
    """Too many people would choose the new password."""
    AGAIN = "again"
    """The two new passwords differ."""
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Account:
    """One account as the page shows it."""

    login: str
    role: Role
    is_own: bool


class AccountsPage:
    """Handlers of `/accounts`, `/password` and `/record`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        live: Live,
        clock: Clock,
        space: Space,
        pages: Pages,
        sessions: Sessions,
        passkeys: PasskeysPart,
    ) -> None:
        self._database, self._live, self._clock = database, live, clock
        self._passkeys = passkeys
        self._space, self._pages, self._sessions = space, pages, sessions
        self._passwords = Passwords()
        self._tries = Throttle(FREE_TRIES_ACCOUNT)

    async def show(self, request: Request) -> Response:
        """Show one's own account; to administrators and auditors all of them."""
        visitor = await self._sessions.required(request)
        said = request.query_params.get("said", "")
        known = {each.value for each in (*Said, *OfPasskeys)}
        return await self._page(request, visitor, said if said in known else "", None)

    async def receive(self, request: Request) -> Response:
        """Do what an administrator asked for."""
        visitor, form = await sent_by_host(self._sessions, request)
        role, login = role_of(text_of(form, "role")), text_of(form, "login")
        match text_of(form, "do"):
            case "add" if role is not None:
                return await self._page(request, visitor, "", await self._make_code(visitor, role))
            case "role" if role is not None:
                said = await self._set_role(visitor, login, role)
            case "remove":
                said = await self._remove(visitor, login)
            case "withdraw":
                name = text_of(form, "name")
                gone = await self._database.write(lambda c: codes.withdraw(c, Purpose.ACCOUNT, name))
                said = Said.WITHDRAWN if gone else Said.GONE
            case _:
                said = Said.GONE
        return RedirectResponse(f"{PATH}?said={said.value}", SEE_OTHER)

    async def change_password(self, request: Request) -> Response:
        """Take a new password from whoever knows the old one; every other login of theirs ends."""
        visitor, form = await sent_by_host(self._sessions, request)
        session = visitor.session
        if session is None:
            return RedirectResponse(PATH, SEE_OTHER)
        response = RedirectResponse(PATH, SEE_OTHER)
        old, new = text_of(form, "old"), text_of(form, "password")
        said = await self._new_password(session.host, old, new, text_of(form, "again"))
        if said is Said.PASSWORD:
            self._live.end(await self._database.write(lambda c: accounts.end_all(c, session.host.id)))
            await self._sessions.begin(request, response, session.host.id)
        response.headers["location"] = f"{PATH}?said={said.value}"
        return response

    async def record(self, request: Request) -> Response:
        """Show what was done, newest first."""
        visitor = await self._sessions.required(request)
        page = self._pages.render(
            "record.html",
            visitor.language,
            space=self._space,
            back="/record",
            at=self._clock.at(),
            done=await self._database.read(read_record),
            by_command=deeds.BY_COMMAND,
            is_badge=is_badge,
            short_code=short_code,
            form_token=visitor.form_token,
        )
        return HTMLResponse(page)

    async def _new_password(self, host: accounts.Host, old: str, new: str, again: str) -> Said:
        now_s = self._clock.now_s()
        if self._tries.wait_s(host.login, now_s):
            return Said.WAIT
        problem = problem_of(host.login, new, again)
        if problem:
            return {"again": Said.AGAIN, "common": Said.COMMON}.get(problem, Said.SHORT)
        self._tries.failed(host.login, now_s)
        if not await self._passwords.matches(host.password, old):
            return Said.WRONG
        self._tries.succeeded(host.login)
        hashed, at_us = await self._passwords.hash(new), self._clock.now_us()

        def work(connection: Connection) -> None:
            accounts.set_password(connection, host.id, hashed)
            deeds.note(connection, at_us, Deed.PASSWORD_CHANGED, host.login)

        await self._database.write(work)
        return Said.PASSWORD

    async def _make_code(self, visitor: Visitor, role: Role) -> Code:
        at_us = self._clock.now_us()

        def work(connection: Connection) -> Code:
            deeds.note(connection, at_us, Deed.ACCOUNT_CODE, visitor.login, role.value)
            return codes.make(connection, Purpose.ACCOUNT, role.value, visitor.login, at_us)

        return await self._database.write(work)

    async def _set_role(self, visitor: Visitor, login: str, role: Role) -> Said:
        at_us = self._clock.now_us()

        def work(connection: Connection) -> tuple[Said, frozenset[str]]:
            host = accounts.host_by_login(connection, login)
            if host is None:
                return Said.GONE, frozenset()
            if role is not Role.ADMIN and accounts.is_last_admin(connection, host.id):
                return Said.LAST, frozenset()
            accounts.set_role(connection, host.id, role.value)
            deeds.note(connection, at_us, Deed.ACCOUNT_ROLE, visitor.login, f"{role.value} {login}")
            ended = frozenset() if login == visitor.login else accounts.end_all(connection, host.id)
            return Said.ROLE, ended

        said, ended = await self._database.write(work)
        self._live.end(ended)
        return said

    async def _remove(self, visitor: Visitor, login: str) -> Said:
        at_us = self._clock.now_us()

        def work(connection: Connection) -> tuple[Said, frozenset[str]]:
            host = accounts.host_by_login(connection, login)
            if host is None:
                return Said.GONE, frozenset()
            if accounts.is_last_admin(connection, host.id):
                return Said.LAST, frozenset()
            deeds.note(connection, at_us, Deed.ACCOUNT_REMOVED, visitor.login, login)
            return Said.REMOVED, accounts.remove_host(connection, host.id)

        said, ended = await self._database.write(work)
        self._live.end(ended)
        return said

    async def _page(self, request: Request, visitor: Visitor, said: str, code: Code | None) -> Response:
        at, session = self._clock.at(), visitor.session
        everybody, opened = await self._database.read(
            lambda c: (
                accounts.every_host(c),
                codes.opened(c, Purpose.ACCOUNT, us_of(at)),
            )
        )
        sees_all = visitor.role in {Role.ADMIN, Role.AUDITOR}
        page = self._pages.render(
            "accounts.html",
            visitor.language,
            space=self._space,
            back=PATH,
            said=said,
            role=visitor.role,
            roles=tuple(Role),
            login=visitor.login,
            accounts=tuple(
                Account(host.login, role_of(host.role) or Role.VIEWER, host.login == visitor.login)
                for host in everybody
                if sees_all
            ),
            opened=opened if sees_all else (),
            passkeys=() if session is None else await self._passkeys.lines(session.host.id),
            place=self._passkeys.place(request),
            at=at,
            code="" if code is None else code.told,
            join=_join_address(request),
            shortest=passwords.SHORTEST,
            form_token=visitor.form_token,
        )
        return HTMLResponse(page)


def _join_address(request: Request) -> str:
    """Return where an account is made with a code, as whoever asks for it has come here."""
    here = f"{request.url.scheme}://{request.headers.get('host', '')}"
    return f"{request.headers.get('origin') or here}/join"
