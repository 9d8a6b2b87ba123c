"""The ways in and out: the first host's welcome, the login, the log-out."""

import logging
import math
from dataclasses import dataclass, field

from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from community.clock import us_of
from community.wire.enrolment import read_code
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard import passwords
from sync.dashboard.first_host import FirstHostCode
from sync.dashboard.forms import MOST_FIELDS, sent_by_host, text_of
from sync.dashboard.guessable import is_common
from sync.dashboard.passkeys import PasskeysPart
from sync.dashboard.passwords import Passwords
from sync.dashboard.rendering import Pages
from sync.dashboard.roles import HOME, Role, role_of
from sync.dashboard.sessions import Sessions
from sync.dashboard.throttle import FREE_TRIES_ACCOUNT, FREE_TRIES_ADDRESS, Throttle
from sync.dashboard.tokens import form_token
from sync.store import accounts, codes, deeds
from sync.store.codes import Purpose, Tried
from sync.store.deeds import Deed

log = logging.getLogger(__name__)

LONGEST_LOGIN = 64

"""Characters, as in the table."""

LONGEST_CODE = 64
"""Characters of a one-time code that are looked at, and given back with the page."""

API = "api:"
"""What deeds of programs are kept under (`sync.api.access`): no account is called so."""

SEE_OTHER = 303
FORBIDDEN = 403
UNPROCESSABLE = 422
TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A new account as somebody wants it: in order but for the code, not looked at yet."""

    login: str
    password: str = field(repr=False)
    code: str = field(repr=False)
    language: str


class _TakenError(Exception):
    """Somebody has the login already: nothing is written, and the code stays good."""


class Doors:
    """Handlers of everything that needs no login.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        pages: Pages,
        sessions: Sessions,
        code: FirstHostCode,
        passkeys: PasskeysPart,
    ) -> None:
        self._database = database
        self._clock = clock
        self._pages = pages
        self._sessions = sessions
        self._code = code
        self._passkeys = passkeys
        self._passwords = Passwords()
        self._by_account = Throttle(FREE_TRIES_ACCOUNT)
        self._by_address = Throttle(FREE_TRIES_ADDRESS)

    async def start(self) -> None:
        """Show a code on the console if there is no host yet."""
        if not await self._database.read(accounts.count_hosts):
            self._code.make()

    async def welcome(self, request: Request) -> Response:
        """Show the form for the first host."""
        if await self._database.read(accounts.count_hosts):
            return RedirectResponse("/login", SEE_OTHER)
        return self._form(request, "welcome.html", "", 200)

    async def make_first_host(self, request: Request) -> Response:
        """Make the first host, and log them in."""
        wanted = await self._new_account(request, "welcome.html")
        if isinstance(wanted, Response):
            return wanted
        login = wanted.login
        if not self._code.is_right(wanted.code):
            self._failed(None, request)
            return self._form(request, "welcome.html", "code", FORBIDDEN, login=login)
        hashed, language, at = await self._passwords.hash(wanted.password), wanted.language, self._clock.at()
        host = await self._database.write(lambda c: accounts.add_first_host(c, login, hashed, language, at))
        self._code.used()
        response = RedirectResponse("/" if host else "/login", SEE_OTHER)
        if host is not None:
            await self._sessions.begin(request, response, host.id)
            await self._note(Deed.FIRST_HOST, login)
            log.info("the first host was made")
        return response

    async def login(self, request: Request) -> Response:
        """Show the login form."""
        if not await self._database.read(accounts.count_hosts):
            return RedirectResponse("/welcome", SEE_OTHER)
        return self._form(request, "login.html", "", 200)

    async def log_in(self, request: Request) -> Response:
        """Log a host in, or say that it did not work without saying why."""
        form = await self._checked(request)
        login, password = _login(form), text_of(form, "password")
        wait_s = self._wait_s(login, request)
        if wait_s:
            return self._form(request, "login.html", "wait", TOO_MANY, login=login, wait_s=wait_s)
        # counted before it is known to be wrong: tries at the same moment cannot slip through
        self._failed(login, request)
        host = await self._database.read(lambda c: accounts.host_by_login(c, login))
        if not await self._passwords.matches(host.password if host else None, password) or host is None:
            if host is not None:  # what was typed for no account may be a password in the wrong field
                await self._note(Deed.LOGIN_REFUSED, login)
            log.info("a login failed")
            return self._form(request, "login.html", "wrong", FORBIDDEN, login=login)
        self._by_account.succeeded(login)
        if self._passwords.is_weak(host.password):
            host_id, hashed = host.id, await self._passwords.hash(password)
            await self._database.write(lambda c: accounts.set_password(c, host_id, hashed))
        return await self._enter(request, host)

    async def ask_passkey(self, request: Request) -> Response:
        """Return what a browser needs to show a passkey."""
        await self._checked(request)
        question = self._passkeys.ask_who(self._sessions.before_login(request), request)
        return JSONResponse({"to": "/login"} if question is None else question)

    async def log_in_with_passkey(self, request: Request) -> Response:
        """Log in whoever shows a passkey, or say that it did not work without saying why."""
        form, wait_s = await self._checked(request), self._wait_s(None, request)
        if wait_s:
            return self._form(request, "login.html", "wait", TOO_MANY, wait_s=wait_s)
        self._failed(None, request)
        token = self._sessions.before_login(request)
        host = await self._passkeys.shown(token, request, text_of(form, "answer"))
        if host is None:
            log.info("a login with a passkey failed")
            return self._form(request, "login.html", "passkey", FORBIDDEN)
        return await self._enter(request, host)

    async def join(self, request: Request) -> Response:
        """Show the form for whoever was given a code for an account."""
        return self._form(request, "join.html", "", 200)

    async def make_account(self, request: Request) -> Response:
        """Make the account the code is for, and log them in."""
        wanted = await self._new_account(request, "join.html")
        if isinstance(wanted, Response):
            return wanted
        login, code = wanted.login, read_code(wanted.code, pinned=False)
        hashed, language, at = await self._passwords.hash(wanted.password), wanted.language, self._clock.at()
        at_us = us_of(at)

        def work(connection: Connection) -> accounts.Host | None:
            if code is None:
                return None
            used = codes.use(connection, Purpose.ACCOUNT, code.name, code.secret, at_us)
            if isinstance(used, Tried):
                return None
            host = accounts.add_host(connection, login, hashed, language, used.subject, at)
            if host is None:
                raise _TakenError
            deeds.note(connection, at_us, Deed.ACCOUNT_ADDED, login, used.made_by)
            return host

        try:
            host = await self._database.write(work)
        except _TakenError:
            return self._form(request, "join.html", "taken", FORBIDDEN, login=login, code=wanted.code)
        if host is None:
            self._failed(None, request)
            return self._form(request, "join.html", "code", FORBIDDEN, login=login)
        response = RedirectResponse(HOME[role_of(host.role) or Role.VIEWER], SEE_OTHER)
        await self._sessions.begin(request, response, host.id)
        log.info("an account was made with a code")
        return response

    async def log_out(self, request: Request) -> Response:
        """Log out of this browser."""
        return await self._end(request, everywhere=False)

    async def log_out_everywhere(self, request: Request) -> Response:
        """Log out of every browser."""
        return await self._end(request, everywhere=True)

    async def _enter(self, request: Request, host: accounts.Host) -> Response:
        self._by_address.forgiven(_address(request))
        response = RedirectResponse(HOME[role_of(host.role) or Role.VIEWER], SEE_OTHER)
        await self._sessions.begin(request, response, host.id)
        await self._note(Deed.LOGGED_IN, host.login)
        return response

    async def _end(self, request: Request, *, everywhere: bool) -> Response:
        visitor, _form = await sent_by_host(self._sessions, request)
        response = RedirectResponse("/login", SEE_OTHER)
        await self._sessions.end(visitor, response, everywhere=everywhere)
        await self._note(Deed.LOGGED_OUT_EVERYWHERE if everywhere else Deed.LOGGED_OUT, visitor.login)
        return response

    async def _new_account(self, request: Request, template: str) -> "_Wanted | Response":
        """Read the form of a new account; what is wrong with it is said on the form again."""
        form = await self._checked(request)
        login, password, code = _login(form), text_of(form, "password"), text_of(form, "code")[:LONGEST_CODE]
        wait_s = self._wait_s(None, request)
        if wait_s:
            return self._form(request, template, "wait", TOO_MANY, login=login, code=code, wait_s=wait_s)
        problem = problem_of(login, password, text_of(form, "again"))
        if problem:
            return self._form(request, template, problem, UNPROCESSABLE, login=login, code=code)
        return _Wanted(login, password, code, self._sessions.browser_language(request))

    async def _checked(self, request: Request) -> FormData:
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
        self._sessions.check_form(self._sessions.before_login(request), form.get("form_token"))
        return form

    def _form(
        self,
        request: Request,
        template: str,
        problem: str,
        status: int,
        *,
        login: str = "",
        code: str = "",
        wait_s: int = 0,
    ) -> Response:
        language, token = self._sessions.browser_language(request), self._sessions.before_login(request)
        page = self._pages.render(
            template,
            language,
            problem=problem,
            login=login,
            code=code,
            wait_s=wait_s,
            shortest=passwords.SHORTEST,
            passkeys=self._passkeys.place(request) is not None,
            form_token=form_token(token),
        )
        response = HTMLResponse(page, status, {"retry-after": str(wait_s)} if wait_s else None)
        self._sessions.keep_before_login(response, token)
        return response

    async def _note(self, deed: Deed, login: str) -> None:
        at_us = self._clock.now_us()
        await self._database.write(lambda c: deeds.note(c, at_us, deed, login))

    def _wait_s(self, login: str | None, request: Request) -> int:
        now_s = self._clock.now_s()
        account_s = 0.0 if login is None else self._by_account.wait_s(login, now_s)
        return math.ceil(max(account_s, self._by_address.wait_s(_address(request), now_s)))

    def _failed(self, login: str | None, request: Request) -> None:
        """Note a wrong try; the first host's code has no account, and its own limit."""
        now_s = self._clock.now_s()
        if login is not None:
            self._by_account.failed(login, now_s)
        self._by_address.failed(_address(request), now_s)


def problem_of(login: str, password: str, again: str) -> str:
    """Return what is wrong with a new account in one word, or nothing."""
    if not login or len(login) > LONGEST_LOGIN or not login.isprintable() or login.startswith(API):
        return "login"
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        return "password"
    if is_common(password, login):
        return "common"
    return "again" if password != again else ""


def _login(form: FormData) -> str:
    return text_of(form, "login").strip().casefold()


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else ""
