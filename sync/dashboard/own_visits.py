"""A member goes to a sister space: what travels with them, and the letter that carries it.

The hub keeps nothing of it: neither that a letter was written, nor where to.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from community.clock import Hours
from community.ids import MemberId
from community.members import Member, Space
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.signing import SigningKey
from sync.dashboard.forms import text_of
from sync.dashboard.own_sessions import Opened, OwnSessions, closed_page, language_of
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import OldFormError
from sync.dashboard.tokens import form_token
from sync.sisters import cards, letters
from sync.sisters.drawn import draw
from sync.sisters.letters import GOOD_DAYS, GOOD_S, Letter
from sync.store import directory, sisters, visitors
from sync.store.sisters import Sister
from sync.store.visitors import Visiting

PATH = "/me/visit"
VISIT = "/visit"
"""Where a sister takes letters."""

FIELDS = ("languages", *letters.LISTS)
"""What may travel besides the name, each only if it is ticked."""

MOST_FIELDS = 12
UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class _Found:
    """What the page is made from."""

    member: Member
    sisters: tuple[Sister, ...]
    """Those that are believed."""
    visiting: Visiting | None
    """How the member visits here themselves; `None` for a member of this space."""


class OwnVisits:
    """Handlers of `/me/visit`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        hours: Hours,
        space: Space,
        pages: Pages,
        sessions: OwnSessions,
        key: SigningKey,
    ) -> None:
        """`key` is this space's own; the rest as for `OwnPage`."""
        self._database, self._clock, self._hours, self._space = database, clock, hours, space
        self._pages, self._sessions, self._key = pages, sessions, key

    def routes(self) -> list[Route]:
        """Return where it answers."""
        return [Route(PATH, self.show), Route(PATH, self.receive, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """Show where one may go, and what would travel."""
        opened = await self._sessions.opened(request)
        found = await self._read(opened)
        if opened is None or found is None:
            return closed_page(self._pages, self._space, request)
        # who lets other members know may like that there too; nothing else is chosen for them
        ticked = frozenset(FIELDS if found.member.may_be_introduced else {"languages"})
        return self._page(request, opened, found, ticked)

    async def receive(self, request: Request) -> Response:
        """Write a letter, and show it in the answer itself: no address and no table holds it."""
        opened = await self._sessions.opened(request)
        found = await self._read(opened)
        if opened is None or found is None:
            return closed_page(self._pages, self._space, request)
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
        if not self._sessions.is_ours(opened, text_of(form, "form_token")):
            raise OldFormError
        ticked = frozenset(field for field in FIELDS if text_of(form, field) == "yes")
        chosen = next((each for each in found.sisters if each.id == text_of(form, "sister")), None)
        if chosen is None or found.visiting is not None:
            return self._page(request, opened, found, ticked, wrong=True)
        letter = letter_of(
            found.member,
            ticked,
            home=cards.id_of(self._key.public),
            to=chosen.id,
            visitor=letters.pseudonym(self._key.secret, chosen.id, found.member.id),
            nonce=secrets.token_hex(12),
            now_s=int(self._clock.at().timestamp()),
            today=self._today,
        )
        return self._page(request, opened, found, ticked, chosen=chosen, letter=letter)

    @property
    def _today(self) -> date:
        return self._hours.day_of(self._clock.at())

    async def _read(self, opened: Opened | None) -> _Found | None:
        if opened is None:
            return None
        return await self._database.read(lambda c: _found(c, opened.member_id))

    def _page(
        self,
        request: Request,
        opened: Opened,
        found: _Found,
        ticked: frozenset[str],
        *,
        chosen: Sister | None = None,
        letter: Letter | None = None,
        wrong: bool = False,
    ) -> Response:
        link, left_out = "", letters.Items()
        if chosen is not None and letter is not None:
            letter, left_out = letters.fitted(letter)
            link = f"{chosen.address}{VISIT}#{letters.write(letter, self._key)}"
        page = self._pages.render(
            "own_visits.html",
            language_of(request, found.member, self._pages.languages),
            space=self._space,
            member=found.member,
            sisters=found.sisters,
            visiting=found.visiting,
            tells=told(found.member, self._today),
            ticked=ticked,
            chosen=chosen,
            letter=letter,
            link=link,
            picture=draw(link) if link else "",
            left_out=left_out,
            until=self._today + timedelta(days=GOOD_DAYS),
            wrong=wrong,
            form_token=form_token(opened.token),
        )
        return HTMLResponse(page, UNPROCESSABLE if wrong else 200)


def told(member: Member, today: date) -> Mapping[str, tuple[str, ...]]:
    """Return what could travel of a member, by the field it stands in; needs that ended do not."""
    return {field: getattr(member, field) for field in FIELDS} | {"needs": member.open_needs(today)}


def letter_of(
    member: Member,
    ticked: frozenset[str],
    *,
    home: str,
    to: str,
    visitor: str,
    nonce: str,
    now_s: int,
    today: date,
) -> Letter:
    """Return the letter a member asked for, of whatever length.

    Args:
        member: Whose.
        ticked: Which of `FIELDS` travel.
        home: The id of this space, and
        to: of the one it is for.
        visitor: The member's name between the two.
        nonce: Never twice.
        now_s: Seconds since 1970 UTC.
        today: Needs that ended before it stay here.
    """
    ends = (*member.needs_until, *(None for _ in member.needs))
    open_needs = member.open_needs(today)
    needs = tuple(
        (need, end.isoformat() if end else "")
        for need, end in zip(member.needs, ends, strict=False)
        if need in open_needs
    )

    def if_ticked(field: str) -> tuple[str, ...]:
        return getattr(member, field) if field in ticked else ()

    return Letter(
        home,
        to,
        nonce,
        visitor,
        now_s,
        now_s + GOOD_S,
        member.name,
        if_ticked("languages"),
        needs if "needs" in ticked else (),
        if_ticked("offers"),
        if_ticked("interests"),
        if_ticked("ask_about"),
    )


def _found(connection: Connection, member_id: MemberId) -> _Found | None:
    member = directory.member_of(connection, member_id)
    if member is None:
        return None
    believed = tuple(each for each in sisters.every(connection) if not each.waits)
    return _Found(member, believed, visitors.of(connection, member_id))
