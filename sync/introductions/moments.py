"""Everything one step is decided from, put together from the database and from who is in."""

from dataclasses import dataclass
from datetime import datetime

from community.introductions.memory import Memory
from community.introductions.today import Today
from plumbing.database import Database
from sync.introductions.judges import Moods
from sync.introductions.room import Room, read_room
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
    today = today_of(presence, at)
    room = await database.read(lambda c: read_room(c, day))
    moods = {visit.member_id: visit.mood for visit in visits if visit.member_id in room.members}
    return Moment(room, today, moods)


def today_of(presence: Presence, at: datetime) -> Today:
    """Return what the day of `at` (aware) says of introductions, as far as presence has heard."""
    happened = ((item.at, item.event) for item in reversed(presence.today(at)))
    return Memory.of(happened, presence.hours).today(presence.hours.day_of(at))
