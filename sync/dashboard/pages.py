"""What a logged-in host may see and do, and the two answers for machines."""

import logging
from importlib.metadata import version

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from community.badges import BadgeHash, short_code
from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.errors import DatabaseError
from sync.dashboard.forms import is_badge, sent_by_host, text_of
from sync.dashboard.rendering import Pages
from sync.dashboard.sections import Sections, partials
from sync.dashboard.sessions import Sessions
from sync.dashboard.tokens import form_token
from sync.errors import BadgeTakenError, UnknownMemberError
from sync.live import Live
from sync.presence import Presence
from sync.store import accounts, deeds
from sync.store.deeds import Deed
from sync.store.directory import Directory
from sync.views.people import Choice, read_choices, read_roster

log = logging.getLogger(__name__)

SEE_OTHER = 303

PLACES = frozenset(
    {
        "/",
        "/accounts",
        "/badges",
        "/brief",
        "/came-of-it",
        "/community",
        "/import",
        "/introductions",
        "/kiosks",
        "/members",
        "/needs",
        "/newcomers",
        "/quarantine",
        "/record",
        "/retention",
        "/tokens",
        "/webhooks",
        "/taps",
        "/visits",
    }
)
"""Pages of ours to come back to."""

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
        directory: Directory,
    ) -> None:
        self._database = database
        self._presence = presence
        self._live = live
        self._clock = clock
        self._space = space
        self._pages = pages
        self._sessions = sessions
        self._sections = sections
        self._directory = directory
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
            back="/",
            form_token=form_token(visitor.token),
        )
        return HTMLResponse(page)

    async def link(self, request: Request) -> Response:
        """Link an unknown badge to the member who was chosen."""
        visitor, form = await sent_by_host(self._sessions, request)
        badge = BadgeHash(text_of(form, "badge"))
        choice = chosen(await self._database.read(read_choices), text_of(form, "member"))
        notice = "nobody"
        if choice is not None and is_badge(badge):
            try:
                await self._directory.link(badge, choice.member_id)
            except BadgeTakenError:
                notice = "taken"
            except UnknownMemberError:
                notice = "nobody"
            else:
                notice = "linked"
                at_us = self._clock.now_us()
                await self._database.write(
                    lambda c: deeds.note(c, at_us, Deed.BADGE_LINKED, visitor.login, choice.member_id)
                )
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
            form_token=form_token(visitor.token),
        )
        return HTMLResponse(said + partials({"badges": shown.html["badges"]}))

    async def language(self, request: Request) -> Response:
        """Remember the language a host reads."""
        visitor, form = await sent_by_host(self._sessions, request)
        language, session = text_of(form, "language"), visitor.session
        if language in self._pages.languages and session is not None:
            host_id = session.host.id
            await self._database.write(lambda c: accounts.set_language(c, host_id, language))
        back = text_of(form, "back")
        return RedirectResponse(back if back in PLACES else "/", SEE_OTHER)

    async def present(self, request: Request) -> Response:
        """Count who is in, for machines: `members` are ids, earliest first, without hidden people."""
        await self._sessions.required(request)
        at = self._clock.at()
        visits, day = self._presence.present(at), self._presence.hours.day_of(at)
        roster = await self._database.read(lambda c: read_roster(c, visits, day))
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


def chosen(choices: tuple[Choice, ...], typed: str) -> Choice | None:
    """Return the one member a host meant, or `None`."""
    wanted = " ".join(typed.split()).casefold()
    return next((choice for choice in choices if choice.label.casefold() == wanted), None)
