"""What a logged-in host may see and do, and the two answers for machines."""

import logging
from collections.abc import Awaitable, Callable
from importlib.metadata import version

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from community.badges import BadgeHash, short_code
from community.ids import MemberId
from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.errors import DatabaseError
from sync.dashboard.doors import MOST_FIELDS, SEE_OTHER
from sync.dashboard.rendering import LANGUAGES, Pages
from sync.dashboard.sections import Sections, partials
from sync.dashboard.sessions import Sessions, Visitor
from sync.dashboard.tokens import form_token
from sync.errors import BadgeTakenError, UnknownMemberError
from sync.live import Live
from sync.presence import Presence
from sync.store import accounts
from sync.views.people import Choice, read_choices, read_roster

log = logging.getLogger(__name__)

LinkBadge = Callable[[BadgeHash, MemberId], Awaitable[object]]
"""Links a badge to a member, or raises `BadgeTakenError` or `UnknownMemberError`."""

NOTICES = frozenset({"linked", "taken", "nobody"})
"""What a page can be asked to say after a form was sent without JavaScript."""


class HostPages:
    """Handlers for hosts.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        presence: Presence,
        live: Live,
        clock: Clock,
        space: Space,
        pages: Pages,
        sessions: Sessions,
        sections: Sections,
        link_badge: LinkBadge,
    ) -> None:
        self._database = database
        self._presence = presence
        self._live = live
        self._clock = clock
        self._space = space
        self._pages = pages
        self._sessions = sessions
        self._sections = sections
        self._link_badge = link_badge
        self._version = version("foyer-kiosk")

    async def now(self, request: Request) -> Response:
        """Show who is in, what happened today, and what only a human can do."""
        visitor = await self._sessions.required(request)
        now = await self._sections.read()
        shown = self._sections.show(now, visitor)
        notice = request.query_params.get("notice", "")
        page = self._pages.render(
            "now.html",
            visitor.language,
            space=self._space,
            shown=shown,
            visitor=visitor,
            notice=notice if notice in NOTICES else "",
            code="",
            name="",
            form_token=form_token(visitor.token),
        )
        return HTMLResponse(page)

    async def link(self, request: Request) -> Response:
        """Link an unknown badge to the member who was chosen."""
        visitor, form = await self._form(request)
        badge = BadgeHash(_text(form, "badge"))
        choice = _chosen(await self._database.read(read_choices), _text(form, "member"))
        notice = "nobody"
        if choice is not None and _is_badge(badge):
            try:
                await self._link_badge(badge, choice.member_id)
            except BadgeTakenError:
                notice = "taken"
            except UnknownMemberError:
                notice = "nobody"
            else:
                notice = "linked"
                self._live.changed()
        if "hx-request" not in request.headers:
            return RedirectResponse(f"/?notice={notice}", SEE_OTHER)
        shown = self._sections.show(await self._sections.read(), visitor)
        said = self._pages.render(
            "notice.html",
            visitor.language,
            notice=notice,
            code=short_code(badge) if notice == "linked" else "",
            name=choice.label if choice is not None and notice == "linked" else "",
        )
        return HTMLResponse(said + partials({"badges": shown.html["badges"]}))

    async def language(self, request: Request) -> Response:
        """Remember the language a host reads."""
        visitor, form = await self._form(request)
        language, session = _text(form, "language"), visitor.session
        if language in LANGUAGES and session is not None:
            host_id = session.host.id
            await self._database.write(lambda c: accounts.set_language(c, host_id, language))
        return RedirectResponse("/", SEE_OTHER)

    async def present(self, request: Request) -> Response:
        """Count who is in, for machines: `members` are ids, earliest first, without hidden people."""
        await self._sessions.required(request)
        visits = self._presence.present(self._clock.at())
        roster = await self._database.read(lambda c: read_roster(c, visits))
        return JSONResponse(
            {
                "present": roster.present,
                "members": [person.member_id for person in roster.people],
            }
        )

    async def health(self, _request: Request) -> Response:
        """Say whether the hub works, to whoever asks."""
        try:
            await self._database.read(accounts.count_hosts)
        except DatabaseError as error:
            log.warning("the hub is not well: %s", error)
            return JSONResponse({"ok": False, "version": self._version}, 503)
        return JSONResponse({"ok": True, "version": self._version})

    async def _form(self, request: Request) -> tuple[Visitor, FormData]:
        visitor = await self._sessions.required(request)
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
        self._sessions.check_form(visitor.token, form.get("form_token"))
        return visitor, form


def _chosen(choices: tuple[Choice, ...], typed: str) -> Choice | None:
    """Return the one member a host meant, or `None`."""
    wanted = " ".join(typed.split()).casefold()
    return next((choice for choice in choices if choice.label.casefold() == wanted), None)


def _is_badge(badge: str) -> bool:
    key, colon, digits = badge.partition(":")
    return bool(colon) and key[:1] == "k" and len(digits) == 32 and set(digits) <= set("0123456789abcdef")  # noqa: PLR2004 - as in `BadgeHash`


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
