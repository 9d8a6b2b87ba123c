"""Members: a list in pages, one, a new one, a change that overwrites nobody's, an erasure."""

import base64
import binascii
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote

import msgspec
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from community.clock import Hours, us_of
from community.ids import MemberId
from community.members import Member
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.words import Sentence
from sync.api.access import Access, Caller, seen_by, sent_body
from sync.api.problems import RefusedError, Trouble
from sync.api.scopes import Scope
from sync.api.shapes import NewMember, Shown, Wish, begun, etag_of, laid, shown
from sync.members_file import ID
from sync.store import deeds, directory, feed, visitors
from sync.store.deeds import Deed
from sync.store.directory import Directory

PREFIX = "/api/v1"
"""Before every address of the API."""

USUAL, MOST = 50, 200
"""Members on a page."""

KIND = "application/json"

Done = TypeVar("Done")


class Page(msgspec.Struct):
    """A part of the list."""

    members: tuple[Shown, ...]
    next: str | None
    """Where the list goes on; `None` at its end."""


class Members:
    """Handlers of `/api/v1/members`.  Lives as long as the API."""

    def __init__(
        self, *, database: Database, clock: Clock, hours: Hours, directory: Directory, access: Access
    ) -> None:
        self._database, self._clock, self._hours = database, clock, hours
        self._directory, self._access = directory, access

    async def every(self, request: Request) -> Response:
        """List members by id, a page at a time."""
        await self._access.let_in(request, Scope.MEMBERS_READ)
        limit, after = _limit(request), _after(request)
        found = await self._database.read(lambda c: directory.members_after(c, after, limit + 1))
        page = found[:limit]
        more = f"{PREFIX}/members?limit={limit}&after={cursor(page[-1].id)}" if len(found) > limit else None
        body = msgspec.json.encode(Page(tuple(shown(member) for member in page), more))
        return Response(body, media_type=KIND)

    async def one(self, request: Request) -> Response:
        """Show one."""
        await self._access.let_in(request, Scope.MEMBERS_READ)
        member_id = member_of(request)
        member = await self._database.read(lambda c: known(c, member_id))
        etag = etag_of(member)
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"etag": etag})
        return _answer(member)

    async def add(self, request: Request) -> Response:
        """Take somebody in; who was erased here comes back only if that is said."""
        caller = await self._access.let_in(request, Scope.MEMBERS_WRITE)
        wish = await sent_body(request, NewMember)
        back = _flag(request, "bring_back")
        today = self._hours.day_of(self._clock.at())

        def work(connection: Connection) -> Member:
            new = begun(wish)
            if directory.member_of(connection, new.id) is not None:
                raise RefusedError(Trouble.EXISTS)
            if directory.is_erased(connection, new.id) and not back:
                raise RefusedError(Trouble.ERASED)
            member, faults = laid(wish, new, today, is_new=True)
            if faults:
                raise RefusedError(Trouble.INVALID, faults=faults)
            directory.put_member(connection, member)
            return member

        member = await self._write(caller, Deed.MEMBER_ADDED, wish.id, work)
        return _answer(member, 201, {"location": f"{PREFIX}/members/{quote(member.id, safe='')}"})

    async def change(self, request: Request) -> Response:
        """Change what was sent, if nobody else changed anything since it was read.

        Whoever visits from a sister space is taken in by it, even by a change of nothing: they stay.
        """
        caller = await self._access.let_in(request, Scope.MEMBERS_WRITE)
        member_id, seen = member_of(request), seen_by(request)
        wish = await sent_body(request, Wish)
        today = self._hours.day_of(self._clock.at())

        def work(connection: Connection) -> tuple[Member, Deed | None]:
            before = unmoved(connection, member_id, seen)
            after, faults = laid(wish, before, today, is_new=False)
            if faults:
                raise RefusedError(Trouble.INVALID, faults=faults)
            visits = visitors.of(connection, member_id) is not None
            if after == before and not visits:
                return after, None
            visitors.forget(connection, member_id)
            if after != before:
                directory.put_member(connection, after)
            return after, Deed.MEMBER_CHANGED

        return _answer(await written_if(self._directory, self._clock, caller, member_id, work))

    async def erase(self, request: Request) -> Response:
        """Erase somebody everywhere, as a host would."""
        caller = await self._access.let_in(request, Scope.MEMBERS_WRITE)
        member_id, seen = member_of(request), seen_by(request)

        def work(connection: Connection) -> None:
            unmoved(connection, member_id, seen)
            directory.remove_member(connection, member_id)

        await self._write(caller, Deed.MEMBER_ERASED, member_id, work)
        return Response(status_code=204)

    async def _write(
        self, caller: Caller, deed: Deed, subject: str, work: Callable[[Connection], Done]
    ) -> Done:
        return await written(self._directory, self._clock, caller, deed, subject, work)


async def written(
    everybody: Directory,
    clock: Clock,
    caller: Caller,
    deed: Deed,
    subject: str,
    work: Callable[[Connection], Done],
) -> Done:
    """Change the directory, and keep under the token's name that it was done, in one transaction.

    Raises:
        RefusedError: What `work` raised; nothing was done.
    """
    return await written_if(everybody, clock, caller, subject, lambda connection: (work(connection), deed))


async def written_if(
    everybody: Directory,
    clock: Clock,
    caller: Caller,
    subject: str,
    work: Callable[[Connection], tuple[Done, Deed | None]],
) -> Done:
    """Do as `written` does, where `work` says what it did: `None` if everything was so already.

    Raises:
        RefusedError: What `work` raised; nothing was done.
    """
    at_us = us_of(clock.at())
    done: list[Done] = []

    def both(connection: Connection) -> int:
        result, deed = work(connection)
        done[:] = [result]
        if deed is not None:
            deeds.note(connection, at_us, deed, caller.login, subject)
        return feed.revision(connection)

    await everybody.change(both)
    return done[0]


def known(connection: Connection, member_id: MemberId) -> Member:
    """Return a member.

    Raises:
        RefusedError: There is none of this id.
    """
    member = directory.member_of(connection, member_id)
    if member is None:
        raise RefusedError(Trouble.NOT_FOUND, Sentence("there is no member of this id"))
    return member


def unmoved(connection: Connection, member_id: MemberId, seen: frozenset[str]) -> Member:
    """Return a member who still is as the caller saw them.

    Raises:
        RefusedError: There is none of this id, or they are other by now.
    """
    member = known(connection, member_id)
    if etag_of(member) not in seen and "*" not in seen:
        raise RefusedError(Trouble.MOVED)
    return member


def member_of(request: Request) -> MemberId:
    """Return whom an address means.

    Raises:
        RefusedError: Nobody can have such an id.
    """
    member_id = MemberId(str(request.path_params["member"]))
    if not member_id.isprintable():  # PostgreSQL cannot even be asked about some letters
        raise RefusedError(Trouble.NOT_FOUND, Sentence("there is no member of this id"))
    return member_id


def cursor(member_id: str) -> str:
    """Return what stands for a place in the list; nobody has to know how."""
    return base64.urlsafe_b64encode(member_id.encode()).decode().rstrip("=")


def place_of(text: str) -> str | None:
    """Return the id a cursor stands for, or `None` if it is no cursor of ours."""
    try:
        member_id = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return member_id if ID.fullmatch(member_id) and cursor(member_id) == text else None


def _limit(request: Request) -> int:
    sent = request.query_params.get("limit")
    if sent is None:
        return USUAL
    if not (sent.isascii() and sent.isdecimal() and len(sent) <= len(str(MOST)) and 1 <= int(sent) <= MOST):
        raise RefusedError(
            Trouble.QUERY, Sentence("limit is a whole number from {least} to {most}", least=1, most=MOST)
        )
    return int(sent)


def _after(request: Request) -> str:
    sent = request.query_params.get("after")
    if sent is None:
        return ""
    found = place_of(sent)
    if found is None:
        raise RefusedError(
            Trouble.QUERY, Sentence("after is what stands in `next` of the page before, as it stands there")
        )
    return found


def _flag(request: Request, name: str) -> bool:
    sent = request.query_params.get(name, "false")
    if sent not in {"true", "false"}:
        raise RefusedError(Trouble.QUERY, Sentence("{name} is true or false", name=name))
    return sent == "true"


def _answer(member: Member, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    body = msgspec.json.encode(shown(member))
    return Response(body, status, {"etag": etag_of(member), **(headers or {})}, media_type=KIND)
