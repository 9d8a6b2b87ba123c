"""A room with a desk in front of it, in which people tap without any kiosk running."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from community.clock import Hours, Stamp
from community.desk import Desk
from community.events import Event, Record
from community.members import Member, Mood
from community.outcomes import Outcome, SameTap, events_of
from community.reads import KnownBadge
from kiosk.bootstrap import LOCALE
from kiosk.core.directory import Directory
from kiosk.core.room import Room, Scenery
from kiosk.core.views import Lobby, View
from plumbing import words
from tests.fakes.community import badge_of, taught

PARIS = Hours(ZoneInfo("Europe/Paris"))
NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
TODAY = PARIS.day_of(NOON)
CATALOGUES = words.load("kiosk", LOCALE)


@dataclass
class House:
    """A room and a desk, with people who come, tap and leave; what the screen shows is kept."""

    room: Room
    at: datetime = NOON
    now_s: float = 0.0
    seq: int = 0
    desk: Desk = field(default_factory=lambda: Desk(PARIS))
    views: list[View] = field(default_factory=list)

    @classmethod
    def of(cls, directory: Directory) -> "House":
        return cls(taught(Room(directory, PARIS, CATALOGUES), PARIS, NOON))

    def add(self, *events: Event) -> None:
        stamp = Stamp(int(self.at.timestamp() * 1_000_000), "boot", 1, synced=True)
        for event in events:
            self.seq += 1
            self.room.add([Record(self.seq, stamp, event)])

    def wait(self, seconds: float) -> None:
        self.now_s += seconds
        self.at += timedelta(seconds=seconds)

    def tap(self, member: Member, after_s: float = 30.0) -> Scenery | None:
        self.wait(after_s)
        desk, outcome = self.desk.tap(KnownBadge(badge_of(member), member.id), self.at, self.now_s)
        return None if isinstance(outcome, SameTap) else self.happen(desk, outcome)

    def happen(self, desk: Desk, outcome: Outcome) -> Scenery:
        self.add(*events_of(outcome))
        scenery = self.room.scenery(outcome, desk, self.at, self.now_s)
        self.desk = self.room.offers(desk, scenery, self.now_s)
        self.views.append(scenery.view)
        self.add(*scenery.follows)
        return scenery

    def choose(self, mood: Mood) -> None:
        desk, outcome = self.desk.choose_mood(mood, self.at)
        if outcome is not None:
            self.happen(desk, outcome)

    def seat(self) -> None:
        desk, outcome = self.desk.choose_seat(self.at, self.now_s)
        if outcome is not None:
            self.happen(desk, outcome)

    def say(self, place: int) -> None:
        desk, outcome = self.desk.say(place, self.now_s)
        if outcome is not None:
            self.happen(desk, outcome)

    def undo(self) -> None:
        desk, outcome = self.desk.undo(self.now_s)
        if outcome is not None:
            self.happen(desk, outcome)

    def learn(self, directory: Directory, *, lore: bool) -> None:
        self.room.directory = directory
        if lore:
            taught(self.room, PARIS, self.at)

    def lobby(self) -> Lobby:
        lobby = self.room.lobby(self.desk, self.at, synced=True, hub_reachable=True, waiting=0)
        self.views.append(lobby)
        return lobby
