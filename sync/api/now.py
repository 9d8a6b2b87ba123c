"""Who is in now, and today's introductions: nobody is named here whom other members may not see."""

from collections.abc import Container, Iterable, Sequence
from datetime import date

import msgspec
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from community.ids import MemberId
from community.introductions.pairing import Origin, Pairing
from community.introductions.slots import Slot
from community.members import Member, Mood
from community.visits import Visit
from plumbing.clock import Clock
from plumbing.database import Database
from sync.api.access import Access
from sync.api.members import KIND
from sync.api.scopes import Scope
from sync.presence import Presence
from sync.store import introductions
from sync.views.people import Known, read_directory


class Named(msgspec.Struct, frozen=True):
    """Somebody who is in."""

    id: MemberId
    name: str


class In(msgspec.Struct, frozen=True):
    """Who is in."""

    present: int
    """Everybody, named or not."""
    members: tuple[Named, ...]
    """Those who may be named, in the order of the alphabet: not in that of arrival."""
    others: int


class Two(msgspec.Struct, frozen=True):
    """One introduction."""

    members: tuple[MemberId, MemberId]
    """In the order of their ids: whose need it is stays between them."""
    slot: Slot
    origin: Origin


class Today(msgspec.Struct, frozen=True):
    """The day's introductions."""

    day: date
    introductions: tuple[Two, ...]
    others: int
    """Those that nobody is told of: one person hides, is heads-down, or would rather not be introduced."""


class Now:
    """Handlers of `/api/v1/presence` and `/api/v1/introductions`.  Lives as long as the API."""

    def __init__(self, *, database: Database, clock: Clock, presence: Presence, access: Access) -> None:
        self._database, self._clock, self._presence, self._access = database, clock, presence, access

    async def present(self, request: Request) -> Response:
        """Say who is in."""
        await self._access.let_in(request, Scope.PRESENCE_READ)
        visits = self._presence.present(self._clock.at())
        known = await self._database.read(read_directory)
        return Response(msgspec.json.encode(seen(visits, known)), media_type=KIND)

    async def introductions(self, request: Request) -> Response:
        """Say who is to be introduced to whom today, by id."""
        await self._access.let_in(request, Scope.INTRODUCTIONS_READ)
        at = self._clock.at()
        day = self._presence.hours.day_of(at)
        busy = {v.member_id for v in self._presence.present(at) if v.mood is Mood.HEADS_DOWN}

        def work(connection: Connection) -> Today:
            planned = introductions.plan_of(connection, day).pairings
            return planned_today(day, planned, read_directory(connection), busy)

        return Response(msgspec.json.encode(await self._database.read(work)), media_type=KIND)


def may_be_named(member: Member | None) -> bool:
    """Say whether programs may be told of somebody: members and hosts may read their name."""
    return member is not None and member.visibility.members and member.visibility.hosts


def seen(visits: Sequence[Visit], known: Known) -> In:
    """Return who is in, as programs may see it; who is heads-down is counted, as who hides is."""
    named = [
        Named(member.id, member.name)
        for visit in visits
        if (member := known.get(visit.member_id)) is not None
        and may_be_named(member)
        and visit.mood is not Mood.HEADS_DOWN
    ]
    named.sort(key=lambda each: (each.name.casefold(), each.id))
    return In(len(visits), tuple(named), len(visits) - len(named))


def planned_today(
    day: date, pairings: Iterable[Pairing], known: Known, busy: Container[MemberId] = ()
) -> Today:
    """Return the day's introductions, as programs may see them.

    A plan may be older than what people said since: that they avoid each other, or want no introductions.

    Args:
        day: The space's day.
        pairings: Its plan.
        known: Everybody, as they are now.
        busy: Who is heads-down now.
    """
    everybody = list(pairings)
    told = tuple(
        Two(each.pair, each.slot, each.origin)
        for each in sorted(everybody, key=lambda each: each.pair)
        if not any(one in busy for one in each.pair) and _may_be_put_together(*map(known.get, each.pair))
    )
    return Today(day, told, len(everybody) - len(told))


def _may_be_put_together(one: Member | None, other: Member | None) -> bool:
    return (
        one is not None
        and other is not None
        and all(may_be_named(each) and each.may_be_introduced for each in (one, other))
        and not one.avoids(other)
    )
