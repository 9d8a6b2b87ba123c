"""Who asks: from a browser's cookie to a host, and back."""

import hmac
from collections.abc import Container
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.errors import DatabaseError
from sync.dashboard.rendering import preferred_language
from sync.dashboard.roles import Role, may, role_of
from sync.dashboard.tokens import form_token, form_token_is_right, hash_of, new_token
from sync.live import Live
from sync.store import accounts

READ_ONLY = frozenset({"GET", "HEAD"})
"""Methods that change nothing."""

TOUCH_EVERY = timedelta(minutes=1)
"""A login's last use is noted this often at most: reading a page need not write each time."""


class LoginNeededError(Exception):
    """Nobody is logged in; the answer is the login page."""


class NotAllowedError(Exception):
    """This account may not see the page, or do what it asks for."""

    def __init__(self, role: Role) -> None:
        super().__init__(role.value)
        self.role = role


class OldFormError(Exception):
    """A form did not send our token back: it was open for too long, or is not ours."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, as far as we know."""

    language: str
    """Two letters: the host's own, or the browser's."""
    token: str = ""
    """What the browser holds; empty for the demo's own requests, which have no forms."""
    session: accounts.Session | None = None

    @property
    def form_token(self) -> str:
        """What a form of ours must send back; empty where there are no forms."""
        return form_token(self.token) if self.token else ""

    @property
    def owner(self) -> str:
        """The name of this login's subscriptions."""
        return self.session.token if self.session is not None else ""

    @property
    def role(self) -> Role:
        """What it may do; a role this program does not know may do nothing but look on."""
        if self.session is None:
            return Role.HOST  # the demo's own requests, which only read
        return role_of(self.session.host.role) or Role.VIEWER

    @property
    def login(self) -> str:
        """Who it is, for the record of what hosts do; empty for the demo's own requests."""
        return self.session.host.login if self.session is not None else ""


class Sessions:
    """Logins and their cookies.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        live: Live,
        clock: Clock,
        https: bool,
        demo_token: str | None,
        languages: Container[str],
    ) -> None:
        self._database = database
        self._live = live
        self._clock = clock
        self._https = https
        self._demo_token = demo_token
        self._languages = languages
        prefix = "__Host-" if https else ""
        self._cookie = f"{prefix}foyer"
        self._form_cookie = f"{prefix}foyer-form"

    async def visitor(self, request: HTTPConnection) -> Visitor | None:
        """Return who asks if they may, or `None`."""
        if self._is_demo(request):
            return Visitor(self.browser_language(request))
        token = request.cookies.get(self._cookie, "")
        if not token:
            return None
        at = self._clock.at()
        session = await self._database.read(lambda c: accounts.session(c, hash_of(token), at))
        if session is None:
            return None
        known = session.host.language in self._languages  # a catalogue may have been taken away since
        language = session.host.language if known else self.browser_language(request)
        return Visitor(language, token, session)

    async def language(self, request: HTTPConnection) -> str:
        """Return the language to answer in: the host's own, or the browser's if nobody can be known."""
        try:
            visitor = await self.visitor(request)
        except DatabaseError:
            visitor = None
        return self.browser_language(request) if visitor is None else visitor.language

    def browser_language(self, request: HTTPConnection) -> str:
        """Return the language asked for by a link of the page, or else the one the browser prefers."""
        return browser_language(request, self._languages)

    async def required(self, request: Request) -> Visitor:
        """Return who asks, and note that the login was used.

        Raises:
            LoginNeededError: Nobody is logged in.
            NotAllowedError: Somebody is who may not do this.
        """
        visitor = await self.visitor(request)
        if visitor is None:
            raise LoginNeededError
        if not may(visitor.role, request.url.path, writing=request.method not in READ_ONLY):
            raise NotAllowedError(visitor.role)
        at = self._clock.at()
        if visitor.session is not None and at - visitor.session.seen >= TOUCH_EVERY:
            token = visitor.session.token
            await self._database.write(lambda c: accounts.touch(c, token, at))
        return visitor

    async def is_open(self, visitor: Visitor) -> bool:
        """Say whether the login is still good; looking does not count as using it."""
        if visitor.session is None:
            return True
        token, at = visitor.session.token, self._clock.at()
        return await self._database.read(lambda c: accounts.session(c, token, at)) is not None

    async def begin(self, request: Request, response: Response, host_id: int) -> None:
        """Log a host in with a new token; what the browser held before no longer counts."""
        old, token, at = request.cookies.get(self._cookie, ""), new_token(), self._clock.at()

        def begin(connection: Connection) -> None:
            accounts.end_session(connection, hash_of(old))
            accounts.open_session(connection, hash_of(token), host_id, at)

        await self._database.write(begin)
        self._live.end(frozenset({hash_of(old)}))
        self._set(response, self._cookie, token, accounts.LONGEST)

    async def end(self, visitor: Visitor, response: Response, *, everywhere: bool) -> None:
        """Log out, here or everywhere, and end the streams of those logins."""
        session = visitor.session
        if session is None:
            return

        def end(connection: Connection) -> frozenset[str]:
            if everywhere:
                return accounts.end_all(connection, session.host.id)
            accounts.end_session(connection, session.token)
            return frozenset({session.token})

        self._live.end(await self._database.write(end))
        response.delete_cookie(self._cookie, path="/", secure=self._https, httponly=True, samesite="lax")

    def before_login(self, request: Request) -> str:
        """Return the token that forms are made from before anybody is logged in."""
        return request.cookies.get(self._form_cookie) or new_token()

    def keep_before_login(self, response: Response, token: str) -> None:
        """Let the browser hold that token."""
        self._set(response, self._form_cookie, token, timedelta(hours=1))

    def check_form(self, token: str, sent: object) -> None:
        """Check what a form sent back.

        Raises:
            OldFormError: It is not what we gave it.
        """
        if not token or not isinstance(sent, str) or not form_token_is_right(token, sent):
            raise OldFormError

    def _is_demo(self, request: HTTPConnection) -> bool:
        if self._demo_token is None or request.scope["method"] not in READ_ONLY:
            return False
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(
            sent.strip().encode(), self._demo_token.encode()
        )

    def _set(self, response: Response, name: str, value: str, life: timedelta) -> None:
        response.set_cookie(
            name,
            value,
            max_age=int(life.total_seconds()),
            path="/",
            secure=self._https,
            httponly=True,
            samesite="lax",
        )


def browser_language(request: HTTPConnection, spoken: Container[str]) -> str:
    """Return the language asked for by a link of the page, or else the one the browser prefers."""
    asked = request.query_params.get("language", "")
    if asked in spoken:
        return asked
    return preferred_language(request.headers.get("accept-language", ""), spoken)
