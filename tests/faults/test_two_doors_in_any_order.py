"""Two doors and a hub, with everything that can happen between them: in the end they agree on who is in.

A state machine over the real logs, the real conversation of the doors and the real log of a hub, on SQLite
files.  The line between them is made up: it loses, doubles and reorders.  So are the clocks: one door may
begin with a wrong one, which is set right some time.
"""

import asyncio
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from datetime import time as clock_time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from community.clock import Hours, Stamp
from community.events import CheckedIn, CheckedOut, CheckOutUndone, Event, Met, MoodChosen
from community.ids import KioskId, MemberId
from community.members import Mood
from community.wire.codec import decode, encode
from community.wire.messages import DoorsHeard
from community.wire.topics import Word
from kiosk.core.directory import Directory
from kiosk.core.elsewhere import Dated, Heard, dated, in_order, redates
from kiosk.core.room import Room
from kiosk.elsewhere import Elsewhere
from kiosk.store.elsewhere import ElsewhereStore
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from plumbing.clock import Clock
from plumbing.database import Database, open_engine
from sync.presence import Presence
from sync.store import log as hub_log
from sync.store import relay
from tests.fakes.conversation import Sender, blank_databases, brought
from tests.fakes.counting import LONGEST_S, counts, share_s
from tests.fakes.scribe import execute

__all__ = ["counts"]

HOURS = Hours(UTC, clock_time(4))
BEGAN_US = int(datetime(2026, 3, 5, 8, tzinfo=UTC).timestamp() * 1_000_000)
STEP_US = 2_000_000
"""What passes between two things that happen: nobody taps at two doors in less."""

DOORS = (KioskId("street"), KioskId("garden"))
MEMBERS = tuple(MemberId(name) for name in ("ana", "ben", "eve"))

SHARE = 0.05
"""Of a long run."""

pytestmark = [pytest.mark.faults, pytest.mark.chaos, pytest.mark.timeout(LONGEST_S)]

COUNTED = {"runs": 0, "taps": 0, "told": 0, "lost": 0, "kills": 0, "kiosks restored": 0, "hubs restored": 0}


class World:
    """The time that really is."""

    now_us = BEGAN_US


class MadeClock(Clock):
    """The clocks of one door: good, or ahead or behind and not to be trusted."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.boot = world, f"boot of {name}"
        self.off_us = 0
        self.good = True

    def stamp(self) -> Stamp:
        now_us = self.world.now_us
        return Stamp(now_us + self.off_us, self.boot, now_us - BEGAN_US + 1_000_000, self.good)

    def at(self) -> datetime:
        return self.stamp().at

    def now_s(self) -> float:
        return self.world.now_us / 1_000_000

    def synchronised(self) -> bool:
        return self.good


@dataclass
class Door:
    """One kiosk without its screen: log, what it holds of the other, and who is in as it sees it."""

    name: KioskId
    folder: Path
    clock: MadeClock
    inbox: list[tuple[KioskId, Word, bytes]] = field(default_factory=list)

    def open(self) -> None:
        self.database = open_database(self.folder / f"{self.name}.db")
        execute(self.database, "PRAGMA synchronous=OFF")  # power cuts are another test's
        self.log = Log(self.database)
        self.store = ElsewhereStore(self.database, self.name)
        self.elsewhere = Elsewhere(
            self.name, events=self.log, store=self.store, clock=self.clock, on_heard=self._heard
        )
        self.elsewhere.connected()
        self.room = Room(Directory(), HOURS, {})
        self.fold_anew()

    def fold_anew(self) -> None:
        self.room.fold_anew(self.everything())

    def everything(self) -> tuple[Dated, ...]:
        now = self.clock.stamp()
        return in_order(self.log.since(0, now), dated(self.store.held, self.store.held, now))

    def _heard(self, new: tuple[Heard, ...]) -> None:
        held = self.store.held
        if redates(held, new) or not self.room.hear(dated(held, new, self.clock.stamp())):
            self.fold_anew()

    def present(self) -> dict[MemberId, datetime]:
        return self.room.arrivals(self.clock.at())


class House(RuleBasedStateMachine):
    """Two doors, a hub, and the line between them."""

    blank: Path

    def __init__(self) -> None:
        super().__init__()
        COUNTED["runs"] += 1
        self.folder = Path(tempfile.mkdtemp())
        self.runner = asyncio.Runner()
        self.world = World()
        shutil.copy(self.blank / "hub.db", self.folder / "hub.db")
        self.replaced = self.was_wrong = False
        self.doors = []
        for name in DOORS:
            shutil.copy(self.blank / "kiosk.db", self.folder / f"{name}.db")
            epoch = f"epoch of {name}".replace(" ", "-")
            with closing(sqlite3.connect(self.folder / f"{name}.db")) as file:
                file.execute("UPDATE facts SET value = ? WHERE key = 'epoch'", (epoch,))
                file.commit()
            self.doors.append(Door(name, self.folder, MadeClock(self.world, name)))
        for door in self.doors:
            door.open()
        self._open_hub()

    # What can happen.

    @rule(
        taps=st.lists(
            st.tuples(st.integers(0, 1), st.sampled_from(MEMBERS), st.integers(0, 3)), min_size=1, max_size=6
        )
    )
    def members_tap(self, taps: list[tuple[int, MemberId, int]]) -> None:
        for which, who, what in taps:
            self._tap(self.doors[which], who, what)

    def _tap(self, door: Door, who: MemberId, what: int) -> None:
        COUNTED["taps"] += 1
        if who not in door.present():
            event: Event = CheckOutUndone(who) if what == 3 else CheckedIn(who)
        else:
            other = next(member for member in MEMBERS if member != who)
            event = (CheckedOut(who), MoodChosen(who, Mood.HEADS_DOWN), Met(who, other), CheckedOut(who))[
                what
            ]
        door.room.add(self._run(door.log.append([(door.clock.stamp(), event)])))
        self.world.now_us += STEP_US

    @rule()
    def the_line_is_good_for_a_moment(self) -> None:
        for which in range(len(self.doors)):
            self.a_door_speaks(which)
        for door in self.doors:
            while door.inbox:
                self._run(door.elsewhere.hear(*door.inbox.pop(0)))

    @rule(which=st.integers(0, 1))
    def a_door_speaks(self, which: int) -> None:
        door = self.doors[which]

        def publish(word: Word, message: msgspec.Struct) -> bool:
            COUNTED["told"] += 1
            self.doors[1 - which].inbox.append((door.name, word, encode(message)))
            if word is Word.HEARD:
                self.asked.append((which, encode(message)))
            return True

        self._run(door.elsewhere.speak(publish))

    @rule(which=st.integers(0, 1), place=st.integers(0, 9))
    def a_door_hears(self, which: int, place: int) -> None:
        door = self.doors[which]
        if door.inbox:
            self._run(door.elsewhere.hear(*door.inbox.pop(place % len(door.inbox))))

    @rule(which=st.integers(0, 1), place=st.integers(0, 9))
    def a_message_is_lost(self, which: int, place: int) -> None:
        inbox = self.doors[which].inbox
        if inbox:
            COUNTED["lost"] += 1
            inbox.pop(place % len(inbox))

    @rule(which=st.integers(0, 1), place=st.integers(0, 9))
    def a_message_comes_twice(self, which: int, place: int) -> None:
        inbox = self.doors[which].inbox
        if inbox and len(inbox) < 20:
            inbox.append(inbox[place % len(inbox)])

    @rule(which=st.integers(0, 1))
    def the_hub_takes_in_a_log(self, which: int) -> None:
        self._take_in(self.doors[which])

    @rule()
    def the_hub_answers(self) -> None:
        asked, self.asked = self.asked, []
        for which, payload in asked:
            said = decode(payload, DoorsHeard)
            assert isinstance(said, DoorsHeard)
            now = Stamp(self.world.now_us, "hub", 1, synced=True)
            door = self.doors[which]
            for telling in self.hub.read_now(lambda c, s=said, n=now: list(relay.lacking(c, s, n))):
                door.inbox.append((door.name, Word.PASSED, encode(telling)))

    @rule(minutes=st.integers(2, 20))
    def time_passes(self, minutes: int) -> None:
        """Nothing stays on its way so long."""
        self.world.now_us += minutes * 60_000_000
        self._clear_line()

    @rule(which=st.integers(0, 1))
    def a_kiosk_is_killed(self, which: int) -> None:
        COUNTED["kills"] += 1
        self.doors[which].database.close()
        self.doors[which].inbox.clear()
        self.doors[which].open()

    @rule(which=st.integers(0, 1))
    def a_kiosk_is_copied(self, which: int) -> None:
        door = self.doors[which]
        (self.folder / f"{door.name}.copy").unlink(missing_ok=True)
        execute(door.database, f"VACUUM INTO '{self.folder}/{door.name}.copy'")

    @rule(which=st.integers(0, 1))
    def a_kiosk_is_restored(self, which: int) -> None:
        """Put the copy back.  What nobody else had by then is gone with the disk."""
        door = self.doors[which]
        copy = self.folder / f"{door.name}.copy"
        if copy.exists():
            COUNTED["kiosks restored"] += 1
            self._take_in(door)
            self._put_back(door)
            self.replaced = True

    @rule()
    def the_hub_is_copied(self) -> None:
        (self.folder / "hub.copy").unlink(missing_ok=True)
        execute(self.hub, f"VACUUM INTO '{self.folder}/hub.copy'")

    @rule()
    def the_hub_is_restored(self) -> None:
        """Put the copy back, unless a kiosk was restored since: then only the hub has what that one lost."""
        if (self.folder / "hub.copy").exists() and not self.replaced:
            COUNTED["hubs restored"] += 1
            self.hub.close()
            for file in self.folder.glob("hub.db*"):
                file.unlink()
            shutil.copy(self.folder / "hub.copy", self.folder / "hub.db")
            self._open_hub()

    @initialize(which=st.integers(0, 2), hours=st.integers(-5, 5))
    def one_clock_may_be_wrong(self, which: int, hours: int) -> None:
        self.was_wrong = which < len(self.doors)
        if self.was_wrong:
            clock = self.doors[which].clock
            clock.good, clock.off_us = False, hours * 3_600_000_000

    @rule(which=st.integers(0, 1))
    def a_clock_is_set_right(self, which: int) -> None:
        self._set_right(self.doors[which])

    # What must be so, always and in the end.

    @invariant()
    def no_event_is_held_twice(self) -> None:
        for door in self.doors:
            held = [(event.kiosk, event.content) for event in door.store.held]
            assert len(held) == len(set(held))

    @invariant()
    def what_is_folded_as_it_comes_is_what_is_folded_at_once(self) -> None:
        if not self.was_wrong:
            for door in self.doors:
                at_once = Room(Directory(), HOURS, {})
                at_once.fold_anew(door.everything())
                assert door.present() == at_once.arrivals(door.clock.at())

    def teardown(self) -> None:
        try:
            self._settle()
        finally:
            for door in self.doors:
                door.database.close()
            self.hub.close()
            self.runner.close()
            shutil.rmtree(self.folder)

    def _settle(self) -> None:
        """Let clocks and line be good, and look whether all three say the same."""
        self._clear_line()
        for which, door in enumerate(self.doors):
            self._set_right(door)
            newcomer = CheckedIn(MemberId(f"the last at {door.name}"))
            door.room.add(self._run(door.log.append([(door.clock.stamp(), newcomer)])))
            self.world.now_us += STEP_US
            self._take_in(self.doors[which])
            door.elsewhere.connected()
        self._talk(with_hub=False)
        street, garden = (self._guests(door) for door in self.doors)
        if not self.replaced:  # else only the hub has what was lost
            assert street == garden
        self._talk(with_hub=True)
        at_hub = Presence(HOURS)
        now = datetime.fromtimestamp(self.world.now_us / 1_000_000, UTC)
        at_hub.load(self.hub.read_now(lambda c: hub_log.since(c, BEGAN_US)), now)
        said = {visit.member_id: (visit.arrived, visit.mood) for visit in at_hub.present(now)}
        for door in self.doors:
            assert self._guests(door) == said, door.name
        assert self.doors[0].room.memory.ties() == self.doors[1].room.memory.ties()

    def _talk(self, *, with_hub: bool) -> None:
        """Let the doors talk for a few minutes over a good line."""
        for _ in range(6):
            self.world.now_us += 61_000_000
            for which in range(len(self.doors)):
                self.a_door_speaks(which)
                if with_hub:
                    self.the_hub_answers()
                for door in self.doors:
                    while door.inbox:
                        self._run(door.elsewhere.hear(*door.inbox.pop(0)))
            self.asked.clear()

    def _guests(self, door: Door) -> dict[MemberId, tuple[datetime, Mood | None]]:
        """Who is in at a door, since when and in which mood, all folded anew."""
        door.fold_anew()
        at = door.clock.at()
        return {
            member: (since, door.room._roster.mood(member, at)) for member, since in door.present().items()
        }

    # How.

    def _run(self, work: Any) -> Any:
        return self.runner.run(work)

    def _open_hub(self) -> None:
        self.hub = Database(open_engine(f"sqlite:///{self.folder}/hub.db"))
        execute(self.hub, "PRAGMA synchronous=OFF")
        self.asked: list[tuple[int, bytes]] = []

    def _clear_line(self) -> None:
        self.asked.clear()
        for door in self.doors:
            door.inbox.clear()

    def _set_right(self, door: Door) -> None:
        door.clock.good, door.clock.off_us = True, 0
        door.fold_anew()

    def _take_in(self, door: Door) -> None:
        """Bring a log to the hub as the uplink does; what is of another life gets a new epoch."""
        sender = Sender(door.log, self.runner, 0)
        brought(sender, self.hub, door.name, 0, self.world.now_us)
        self._run(door.log.acknowledge(sender.courier.acknowledged))

    def _put_back(self, door: Door) -> None:
        door.database.close()
        for file in self.folder.glob(f"{door.name}.db*"):
            file.unlink()
        shutil.copy(self.folder / f"{door.name}.copy", self.folder / f"{door.name}.db")
        self._clear_line()
        door.open()


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Empty databases, made once: migrating takes longer than a whole run."""
    return blank_databases(tmp_path_factory.mktemp("blank"))


def test_two_doors_and_the_hub_agree_whatever_happens_in_whatever_order(blank: Path, counts: list[str]):
    """15 runs in the suite; with `CHAOS_SECONDS` in the environment, as many as fit."""
    House.blank = blank
    until_s = time.monotonic() + share_s(SHARE, 0)
    while True:
        case = House.TestCase
        case.settings = settings(
            max_examples=15,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        case().runTest()
        if time.monotonic() >= until_s:
            break
    said = ", ".join(f"{number} {what}" for what, number in COUNTED.items())
    counts.append(f"two doors in any order: {said}; who is in is the same at both and at the hub")
