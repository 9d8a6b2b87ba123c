"""The page of members and badges: find a member, say what became of a badge, erase somebody.

Each change takes two clicks, the second under a sentence that says what follows from it.  What
is typed travels in forms, never in addresses: a proxy's log would keep the names.
"""

import logging
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from community.badges import BadgeHash, BadgeStatus, short_code
from community.ids import KioskId, MemberId
from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.forms import is_badge, sent_by_host, text_of
from sync.dashboard.rendering import Pages
from sync.dashboard.sections import partials
from sync.dashboard.sessions import Sessions, Visitor
from sync.errors import BadgeTakenError, UnknownBadgeError, UnknownMemberError
from sync.store import deeds
from sync.store.deeds import Deed
from sync.store.directory import Directory
from sync.views.members import Owner, read_away, read_found, read_label, read_owner

log = logging.getLogger(__name__)

LONGEST_TYPED = 80
"""Characters of a search looked at."""


class Change(Enum):
    """What a host can do here."""

    LOST = "lost"
    REVOKED = "revoked"
    ACTIVE = "active"
    UNLINKED = "unlinked"
    LINKED = "linked"
    """Given back to the member it was taken from: undoes `UNLINKED`."""
    ERASED = "erased"


DEEDS = {
    Change.LOST: Deed.BADGE_LOST,
    Change.REVOKED: Deed.BADGE_REVOKED,
    Change.ACTIVE: Deed.BADGE_ACTIVE,
    Change.UNLINKED: Deed.BADGE_UNLINKED,
    Change.LINKED: Deed.BADGE_LINKED,
    Change.ERASED: Deed.MEMBER_ERASED,
}
"""Under which word each change is kept."""


class Outcome(Enum):
    """What became of it."""

    DONE = "done"
    MOVED = "moved"
    """The page was older than the directory; nothing was changed."""
    TAKEN = "taken"
    """The badge has another owner meanwhile; nothing was changed."""
    GONE = "gone"
    """The member is no longer there; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a host asked for."""

    change: Change
    member_id: MemberId
    badge: BadgeHash
    """Empty for `ERASED`."""
    seen: BadgeStatus
    """The badge's status as the page showed it; for `LINKED`, the one to give back."""

    @property
    def undo(self) -> Change | None:
        """What would undo it, or `None`."""
        match self.change:
            case Change.LOST | Change.REVOKED | Change.ACTIVE:
                return Change(self.seen.value)
            case Change.UNLINKED:
                return Change.LINKED
            case Change.LINKED | Change.ERASED:
                return None
            case _ as never:
                assert_never(never)


@dataclass(frozen=True, slots=True)
class Said:
    """What the page says after a change."""

    wish: Wish
    outcome: Outcome
    name: str
    """Whose badge it is or was; empty where there is no such member."""
    away: tuple[KioskId, ...]
    """Kiosks that do not answer, and learn of it later."""


class MembersPage:
    """Handlers of `/members`.  Lives as long as the dashboard."""

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
        self._database = database
        self._clock = clock
        self._space = space
        self._pages = pages
        self._sessions = sessions
        self._directory = directory

    async def show(self, request: Request) -> Response:
        """Show everybody."""
        visitor = await self._sessions.required(request)
        return await self._page(request, visitor, "", None)

    async def receive(self, request: Request) -> Response:
        """Find whom a host looks for, or make the change that was asked for."""
        visitor, form = await sent_by_host(self._sessions, request)
        typed, asked = text_of(form, "typed")[:LONGEST_TYPED], text_of(form, "change")
        said = None
        if asked in {change.value for change in Change}:
            said = await self._fulfil(_wish(Change(asked), form))
            log.info("a host asked for a change: %s, %s", asked, said.outcome.value)
            if said.outcome is Outcome.DONE:
                await self._note(said.wish, visitor.login)
        return await self._page(request, visitor, typed, said)

    async def _note(self, wish: Wish, login: str) -> None:
        at_us = self._clock.now_us()
        deed, subject = DEEDS[wish.change], wish.member_id if wish.change is Change.ERASED else wish.badge
        await self._database.write(lambda c: deeds.note(c, at_us, deed, login, subject))

    async def _fulfil(self, wish: Wish) -> Said:
        name = await self._database.read(lambda c: read_label(c, wish.member_id))
        try:
            outcome = await self._change(wish)
        except BadgeTakenError:
            outcome = Outcome.TAKEN
        except UnknownMemberError:
            outcome = Outcome.GONE
        except UnknownBadgeError:
            outcome = Outcome.MOVED
        return Said(wish, outcome, name, await self._database.read(read_away))

    async def _change(self, wish: Wish) -> Outcome:
        """Make the change if the page the host saw still is the truth; what is so already is done."""
        if wish.change is Change.ERASED:
            return await self._erase(wish.member_id)
        if not is_badge(wish.badge):
            return Outcome.MOVED
        now = await self._database.read(lambda c: read_owner(c, wish.badge))
        if now == _wanted(wish):
            return Outcome.DONE
        if now != _seen(wish):
            return Outcome.MOVED if now is None or now[0] == wish.member_id else Outcome.TAKEN
        match wish.change:
            case Change.LOST | Change.REVOKED | Change.ACTIVE:
                await self._directory.set_status(wish.badge, BadgeStatus(wish.change.value))
            case Change.UNLINKED:
                await self._directory.unlink(wish.badge)
            case Change.LINKED:
                await self._directory.link(wish.badge, wish.member_id)
                if wish.seen is not BadgeStatus.ACTIVE:
                    await self._directory.set_status(wish.badge, wish.seen)
            case _ as never:
                assert_never(never)
        return Outcome.DONE

    async def _erase(self, member_id: MemberId) -> Outcome:
        if not await self._database.read(lambda c: read_label(c, member_id)):
            return Outcome.GONE
        await self._directory.remove(member_id)
        return Outcome.DONE

    async def _page(self, request: Request, visitor: Visitor, typed: str, said: Said | None) -> Response:
        """Answer with the page, or with those parts of it that a script of ours asked for."""
        erased = said is not None and said.wish.change is Change.ERASED and said.outcome is Outcome.DONE
        typed = "" if erased else typed
        values = {
            "found": await self._database.read(lambda c: read_found(c, typed)),
            "typed": typed,
            "said": said,
            "code": short_code(said.wish.badge) if said is not None and is_badge(said.wish.badge) else "",
            "form_token": visitor.form_token,
        }
        if "hx-request" not in request.headers:
            page = self._pages.render(
                "members.html", visitor.language, space=self._space, back="/members", **values
            )
            return HTMLResponse(page)
        notice = self._pages.render("changed.html", visitor.language, **values)
        found = self._pages.render("found.html", visitor.language, **values)
        return HTMLResponse(notice + partials({"found": found}))


def _wish(change: Change, form: FormData) -> Wish:
    seen = text_of(form, "seen")
    known = {status.value for status in BadgeStatus}
    return Wish(
        change,
        MemberId(text_of(form, "member")),
        BadgeHash(text_of(form, "badge")),
        BadgeStatus(seen) if seen in known else BadgeStatus.ACTIVE,
    )


def _wanted(wish: Wish) -> Owner | None:
    """Return whose the badge is, and how it stands, once the wish is fulfilled."""
    match wish.change:
        case Change.LOST | Change.REVOKED | Change.ACTIVE:
            return wish.member_id, BadgeStatus(wish.change.value)
        case Change.LINKED:
            return wish.member_id, wish.seen
        case _:
            return None


def _seen(wish: Wish) -> Owner | None:
    """Return whose the badge was, and how it stood, on the page the host saw."""
    return None if wish.change is Change.LINKED else (wish.member_id, wish.seen)
