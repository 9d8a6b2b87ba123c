"""Everything one step is decided from, put together from the database and from who is in."""

from dataclasses import dataclass
from datetime import datetime

from plumbing.database import Database
from sync.introductions.judges import Moods
from sync.introductions.room import Room, read_room
from sync.introductions.today import Today, fold
from sync.presence import Presence


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
    day = presence.hours.day_of(at)
    visits = presence.present(at)
    happened = [item.event for item in reversed(presence.today(at))]
    room = await database.read(lambda c: read_room(c, day))
    moods = {visit.member_id: visit.mood for visit in visits if visit.member_id in room.members}
    return Moment(room, fold(happened), moods)
