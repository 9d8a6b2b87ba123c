"""The page of one member: each of their badges, a new one, and the PIN they choose beside the host.

What was done is said by a word in the address it leads back to; names and PINs travel in forms only.
"""

import asyncio
import logging
from collections.abc import Callable
from enum import Enum
from urllib.parse import quote

from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from community.badges import BadgeHash, BadgeKey, BadgeStatus
from community.ids import MemberId
from community.members import Comfort, Space
from community.pins import LONGEST, SHORTEST, PinFault, fault_of
from community.proofs import Level
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.pins import hashed
from sync.dashboard.forms import is_badge, sent_by_host, text_of
from sync.dashboard.own_form import STAYS
from sync.dashboard.rendering import Pages
from sync.dashboard.roles import Role
from sync.dashboard.sessions import Sessions, Visitor
from sync.errors import BadgeTakenError, UnknownBadgeError, UnknownMemberError
from sync.profiles import parse_stay
from sync.store import cards, deeds, directory
from sync.store.deeds import Deed
from sync.store.directory import Directory
from sync.views.card import read_card
from sync.views.members import read_away, read_owner

log = logging.getLogger(__name__)

PATH = "/members/{member}"
SEE_OTHER = 303
NOT_FOUND = 404

Work = Callable[[Connection], int]


class Said(Enum):
    """What the page says after a form."""

    LINKED = "linked"
    LOST = "lost"
    REVOKED = "revoked"
    ACTIVE = "active"
    UNLINKED = "unlinked"
    HANDED = "handed"
    RENAMED = "renamed"
    LEVEL = "level"
    PIN = "pin"
    NO_PIN = "no-pin"
    HOST = "host"
    NO_HOST = "no-host"
    COMFORT = "comfort"
    AGAIN = "again"
    """The two PINs differ; nothing was changed."""
    NOBODY = "nobody"
    """There is no such member to hand it to; nothing was changed."""
    MOVED = "moved"
    """It has changed meanwhile; nothing was done."""


STATUS = {"lost": BadgeStatus.LOST, "revoked": BadgeStatus.REVOKED, "active": BadgeStatus.ACTIVE}

DEEDS = {
    Said.LINKED: Deed.BADGE_LINKED,
    Said.LOST: Deed.BADGE_LOST,
    Said.REVOKED: Deed.BADGE_REVOKED,
    Said.ACTIVE: Deed.BADGE_ACTIVE,
    Said.UNLINKED: Deed.BADGE_UNLINKED,
    Said.HANDED: Deed.BADGE_HANDED_OVER,
    Said.RENAMED: Deed.BADGE_RENAMED,
    Said.LEVEL: Deed.BADGE_LEVEL,
    Said.PIN: Deed.PIN_SET,
    Said.NO_PIN: Deed.PIN_REMOVED,
    Said.HOST: Deed.HOST_NAMED,
    Said.NO_HOST: Deed.HOST_NO_MORE,
    Said.COMFORT: Deed.MEMBER_COMFORT,
}
"""Under which word each is kept; nothing was done by the others."""


class MemberPage:
    """Handlers of `/members/…`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        space: Space,
        pages: Pages,
        sessions: Sessions,
        directory: Directory,
        badge_key: BadgeKey | None,
    ) -> None:
        """`badge_key` is the space's; without it no PIN can be set here."""
        self._database, self._clock, self._space = database, clock, space
        self._pages, self._sessions, self._directory = pages, sessions, directory
        self._key = badge_key
        self._one_at_a_time = asyncio.Lock()

    async def show(self, request: Request) -> Response:
        """Show the member."""
        visitor = await self._sessions.required(request)
        said = request.query_params.get("said", "")
        known = {each.value for each in (*Said, *PinFault)}
        return await self._page(visitor, _member(request), said if said in known else "")

    async def receive(self, request: Request) -> Response:
        """Do what a host asked for."""
        visitor, form = await sent_by_host(self._sessions, request)
        member_id, do = _member(request), text_of(form, "do")
        if do == "pin":
            return await self._set_pin(visitor, member_id, text_of(form, "pin"), text_of(form, "again"))
        try:
            said = await self._fulfil(visitor, member_id, do, form)
        except (BadgeTakenError, UnknownBadgeError):
            said = Said.MOVED
        except UnknownMemberError:
            said = Said.NOBODY
        log.info("a host asked for a change of a badge: %s", said.value)
        return _back(member_id, said)

    async def _fulfil(self, visitor: Visitor, member_id: MemberId, do: str, form: FormData) -> Said:
        if do == "no-pin":
            return await self._do(visitor, Said.NO_PIN, member_id, lambda c: cards.remove_pin(c, member_id))
        if do in {Said.HOST.value, Said.NO_HOST.value}:
            if visitor.role is not Role.ADMIN:
                return Said.MOVED
            host = do == Said.HOST.value
            return await self._do(
                visitor, Said(do), member_id, lambda c: cards.set_host(c, member_id, host=host)
            )
        if do == "comfort":
            return await self._set_comfort(visitor, member_id, form)
        badge, at_us = BadgeHash(text_of(form, "badge")), self._clock.now_us()
        if not is_badge(badge):
            return Said.MOVED
        if do == "link":
            work: Work = lambda c: directory.link(c, badge, member_id, at_us)  # noqa: E731 - one of several
            return await self._do(visitor, Said.LINKED, badge, work)
        owner = await self._database.read(lambda c: read_owner(c, badge))
        if owner is None or owner[0] != member_id:
            return Said.MOVED
        return await self._change(visitor, member_id, do, badge, form)

    async def _change(
        self, visitor: Visitor, member_id: MemberId, do: str, badge: BadgeHash, form: FormData
    ) -> Said:
        """Change a badge that is this member's."""
        at_us = self._clock.now_us()
        if do in STATUS:
            status = STATUS[do]
            return await self._do(visitor, Said(do), badge, lambda c: directory.set_status(c, badge, status))
        if do == "unlink":
            return await self._do(visitor, Said.UNLINKED, badge, lambda c: directory.unlink(c, badge))
        if do == "hand":
            to = MemberId(text_of(form, "to"))
            return await self._do(
                visitor, Said.HANDED, badge, lambda c: cards.hand_over(c, badge, member_id, to, at_us)
            )
        if do == "rename":
            label = text_of(form, "label")
            return await self._do(visitor, Said.RENAMED, badge, lambda c: cards.rename(c, badge, label))
        level = text_of(form, "level")
        if do == "level" and level in {each.value for each in cards.BY_HAND}:
            return await self._do(
                visitor, Said.LEVEL, badge, lambda c: cards.set_level(c, badge, Level(level))
            )
        return Said.MOVED

    async def _set_comfort(self, visitor: Visitor, member_id: MemberId, form: FormData) -> Said:
        """Change how screens suit the member."""
        try:
            stays_s = parse_stay(text_of(form, "stays_s"))
        except ValueError:
            return Said.MOVED
        comfort = Comfort(text_of(form, "large_text") == "yes", text_of(form, "spoken") == "yes", stays_s)
        return await self._do(
            visitor, Said.COMFORT, member_id, lambda c: directory.set_comfort(c, member_id, comfort)
        )

    async def _set_pin(self, visitor: Visitor, member_id: MemberId, pin: str, again: str) -> Response:
        """Take the PIN that the member has chosen, if it is a good one."""
        key = self._key
        if key is None:
            return _back(member_id, Said.MOVED)
        fault = fault_of(pin)
        if fault is not None:
            return _back(member_id, fault)
        if pin != again:
            return _back(member_id, Said.AGAIN)
        async with self._one_at_a_time:
            made = await asyncio.to_thread(hashed, key, member_id, pin)
        try:
            said = await self._do(visitor, Said.PIN, member_id, lambda c: cards.put_pin(c, made))
        except UnknownMemberError:
            said = Said.MOVED
        return _back(member_id, said)

    async def _do(self, visitor: Visitor, said: Said, subject: str, work: Work) -> Said:
        """Do it, and keep that it was done, in one transaction."""
        at_us = self._clock.now_us()

        def both(connection: Connection) -> int:
            latest = work(connection)
            deeds.note(connection, at_us, DEEDS[said], visitor.login, subject)
            return latest

        await self._directory.change(both)
        return said

    async def _page(self, visitor: Visitor, member_id: MemberId, said: str) -> Response:
        at = self._clock.at()
        card = await self._database.read(lambda c: read_card(c, member_id, at))
        if card is None:
            raise HTTPException(NOT_FOUND)
        page = self._pages.render(
            "member.html",
            visitor.language,
            space=self._space,
            back="/members",
            at=at,
            card=card,
            said=said,
            shortest=SHORTEST,
            longest=LONGEST,
            may_set_pin=self._key is not None,
            may_name_hosts=visitor.role is Role.ADMIN,
            comfort=card.comfort,
            stays=sorted({*STAYS, card.comfort.stays_s}),
            away=await self._database.read(read_away),
            form_token=visitor.form_token,
        )
        return HTMLResponse(page)


def _member(request: Request) -> MemberId:
    return MemberId(str(request.path_params["member"]))


def _back(member_id: MemberId, said: Said | PinFault) -> Response:
    return RedirectResponse(f"/members/{quote(member_id, safe='')}?said={said.value}", SEE_OTHER)
