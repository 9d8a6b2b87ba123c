"""Everything one step is decided from, put together from the database and from who is in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from community.clock import Hours
from community.introductions.memory import Memory
from community.introductions.today import Today
from community.visits import Visit
from plumbing.database import Database
from sync.introductions.judges import Moods
from sync.introductions.room import Room, read_room
from sync.presence import Happened, Presence


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known at one moment."""

    room: Room
    today: Today
    moods: Moods
    """Of everybody present who is a member; `None` for who chose none."""


async def moment_at(at: datetime, database: Database, presence: Presence) -> Moment:
    """Return what is known now; call it on the event loop, presence belongs there.

    Raises:
        DatabaseError: It cannot be read.
    """
    visits, happened = presence.present(at), presence.today(at)
    room = await database.read(lambda c: read_room(c, presence.hours.day_of(at)))
    return moment_of(room, visits, happened, presence.hours)


def moment_of(room: Room, visits: Iterable[Visit], happened: Sequence[Happened], hours: Hours) -> Moment:
    """Return what is known at a moment.

    Args:
        room: What the database said, on the day of that moment.
        visits: Who is in.
        happened: What happened that day, newest first.
        hours: Tells the space's days.
    """
    moods = {visit.member_id: visit.mood for visit in visits if visit.member_id in room.members}
    memory = Memory.of(((item.at, item.event) for item in reversed(happened)), hours)
    return Moment(room, memory.today(room.day), moods)
