"""The hub's judge: the same matchmaker as at the door, made from what the doors are told.

What answers what among everybody takes tenths of a second to work out; it is kept, and only whoever changed
is looked at again.  Not for the event loop: call it in a worker, one call at a time.
"""

from collections.abc import Mapping

from community.ids import MemberId
from community.introductions.ground import Ground
from community.introductions.matchmaker import Matchmaker
from community.introductions.today import Today
from community.members import Mood
from sync.introductions.room import Room

Moods = Mapping[MemberId, Mood | None]


class Judges:
    """Makes a judge for each moment.  Lives as long as the hub, or one command."""

    def __init__(self) -> None:
        self._ground: Ground | None = None

    def judge(self, room: Room, today: Today, moods: Moods) -> Matchmaker:
        """Return the judge of one moment.

        Args:
            room: What the database says.
            today: What today's events say; laid over the past.
            moods: Of those present.
        """
        past = room.past_with(today)
        return Matchmaker.of(
            room.members.values(), self._ground_of(room), past, room.day, moods, room.weights
        )

    def _ground_of(self, room: Room) -> Ground:
        facts = (room.members.values(), room.vectors, room.model, room.day)
        self._ground = Ground.of(*facts) if self._ground is None else self._ground.updated(*facts)
        return self._ground
