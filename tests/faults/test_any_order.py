"""Whatever happens on the way, in any order: the hub ends with every event of every life, once.

A state machine over the real log of a kiosk, the real courier and the real log of a hub, on SQLite files.
Only the line between them is made up: it loses, doubles and reorders whatever the machine says.
"""

import asyncio
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from community.clock import Stamp
from community.events import CheckedIn
from community.ids import KioskId, MemberId
from kiosk.store.log import DAY_US, Log
from kiosk.store.tables import open_database
from plumbing.database import Database, open_engine
from sync.store.schema import events
from tests.fakes.conversation import STEP_S, Sender, blank_databases, taken_in
from tests.fakes.counting import LONGEST_S, counts, share_s
from tests.fakes.scribe import execute

__all__ = ["counts"]

SHARE = 0.05
"""Of a long run."""

DOOR = KioskId("door")
pytestmark = [pytest.mark.faults, pytest.mark.chaos, pytest.mark.timeout(LONGEST_S)]

COUNTED = {"runs": 0, "written": 0, "stored": 0, "restored kiosks": 0, "restored hubs": 0, "crashes": 0}


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Empty databases, made once: migrating takes longer than a whole run."""
    return blank_databases(tmp_path_factory.mktemp("blank"))


class Line(RuleBasedStateMachine):
    """One kiosk, one hub, and everything that can happen between them."""

    blank: Path

    def __init__(self) -> None:
        super().__init__()
        COUNTED["runs"] += 1
        self.folder = Path(tempfile.mkdtemp())
        for name in ("kiosk", "hub"):
            shutil.copy(self.blank / f"{name}.db", self.folder / f"{name}.db")
        self.runner = asyncio.Runner()
        self.now_s, self.day, self.written = 0.0, 1, 0
        self.up: list[bytes] = []
        self.down: list[bytes] = []
        self.gone: set[int] = set()
        """Members whose event was lost with a kiosk's disk before the hub had it: nobody has it."""
        self._open()

    # What can happen.

    @rule(number=st.integers(1, 5))
    def members_tap(self, number: int) -> None:
        entries = []
        for _ in range(number):
            self.written += 1
            entries.append((Stamp(self.written, "b", self.written, synced=True), self._event(self.written)))
        self._run(self.log.append(entries))

    @rule()
    def the_kiosk_sends(self) -> None:
        self.up += self.sender.says(self.now_s)

    @rule(which=st.integers(0, 9))
    def the_hub_hears(self, which: int) -> None:
        if self.up:
            self.down += taken_in(self.hub, DOOR, self.up.pop(which % len(self.up)))

    @rule(which=st.integers(0, 9))
    def the_kiosk_hears(self, which: int) -> None:
        if self.down:
            self.sender.hears(self.down.pop(which % len(self.down)), self.now_s)

    @rule(which=st.integers(0, 9), down=st.booleans())
    def a_message_is_lost(self, which: int, down: bool) -> None:  # noqa: FBT001 - drawn by name
        way = self.down if down else self.up
        if way:
            way.pop(which % len(way))

    @rule(which=st.integers(0, 9), down=st.booleans())
    def a_message_comes_twice(self, which: int, down: bool) -> None:  # noqa: FBT001 - drawn by name
        way = self.down if down else self.up
        if way and len(way) < 20:
            way.append(way[which % len(way)])

    @rule()
    def time_passes(self) -> None:
        self.now_s += STEP_S

    @rule(told=st.booleans())
    def the_kiosk_keeps_its_cursor(self, told: bool) -> None:  # noqa: FBT001 - drawn by name
        if told:
            self._run(self.log.acknowledge(self.sender.courier.acknowledged))

    @rule()
    def the_kiosk_lets_go_of_what_is_old(self) -> None:
        self.day += 40
        self._run(self.log.let_go(self.day * DAY_US, 30 * DAY_US))

    @rule()
    def the_kiosk_is_killed(self) -> None:
        COUNTED["crashes"] += 1
        self._close()
        self._open()

    @rule()
    def the_kiosk_is_copied(self) -> None:
        self._copy("kiosk")

    @rule()
    def the_kiosk_is_restored(self) -> None:
        """Put the copy back.  What only the kiosk had is gone with its disk: no program can help that."""
        if (self.folder / "kiosk.copy").exists():
            COUNTED["restored kiosks"] += 1
            before = self._at_kiosk()
            self._restore("kiosk")
            at_hub = {member for _, member in self._at_hub()}
            self.gone |= before - self._at_kiosk() - at_hub
            self.up.clear()  # a machine is not restored while its messages are on their way
            self.down.clear()

    @rule()
    def the_hub_is_copied(self) -> None:
        self._copy("hub")

    @rule()
    def the_hub_is_restored(self) -> None:
        """Put the copy back.  What only the hub had, because the kiosk had let go of it, is gone."""
        if (self.folder / "hub.copy").exists():
            COUNTED["restored hubs"] += 1
            before = {member for _, member in self._at_hub()}
            self._restore("hub")
            self.gone |= before - {member for _, member in self._at_hub()} - self._at_kiosk()
            self.up.clear()
            self.down.clear()

    # What must be so, always and in the end.

    @invariant()
    def nothing_is_doubled(self) -> None:
        members = [member for _, member in self._at_hub()]
        assert len(members) == len(set(members)), sorted(m for m in members if members.count(m) > 1)

    @invariant()
    def nobody_forgets_what_the_other_does_not_have(self) -> None:
        known = self._at_kiosk() | {member for _, member in self._at_hub()} | self.gone
        assert known == set(range(1, self.written + 1))

    def teardown(self) -> None:
        try:
            self._settle()
        finally:
            self._close()
            self.runner.close()
            shutil.rmtree(self.folder)

    def _settle(self) -> None:
        """Let the line be good, and look whether everything is at the hub."""
        self.up.clear()
        self.down.clear()
        self.sender.courier.connected(self.now_s)
        for _ in range(400):
            self.now_s += STEP_S
            self.the_kiosk_sends()
            while self.up:
                self.down += taken_in(self.hub, DOOR, self.up.pop(0))
            while self.down:
                self.sender.hears(self.down.pop(0), self.now_s)
            if self.sender.courier.acknowledged == self.log.last and not self.sender.courier.searching:
                break
        stored = {member for _, member in self._at_hub()}
        assert stored == set(range(1, self.written + 1)) - self.gone
        self.nothing_is_doubled()
        assert self.sender.courier.acknowledged == self.log.last
        COUNTED["written"] += self.written
        COUNTED["stored"] += len(stored)

    # How.

    def _event(self, number: int) -> CheckedIn:
        return CheckedIn(MemberId(str(number)))

    def _run(self, work: Any) -> Any:
        return self.runner.run(work)

    def _open(self) -> None:
        self.kiosk = open_database(self.folder / "kiosk.db")
        self.hub = Database(open_engine(f"sqlite:///{self.folder}/hub.db"))
        for database in (self.kiosk, self.hub):
            execute(database, "PRAGMA synchronous=OFF")  # power cuts are another test's
        self.log = Log(self.kiosk)
        self.sender = Sender(self.log, self.runner, self.now_s)

    def _close(self) -> None:
        self.kiosk.close()
        self.hub.close()

    def _copy(self, name: str) -> None:
        database = self.kiosk if name == "kiosk" else self.hub
        (self.folder / f"{name}.copy").unlink(missing_ok=True)
        execute(database, f"VACUUM INTO '{self.folder}/{name}.copy'")

    def _restore(self, name: str) -> None:
        self._close()
        for file in self.folder.glob(f"{name}.db*"):
            file.unlink()
        shutil.copy(self.folder / f"{name}.copy", self.folder / f"{name}.db")
        self._open()

    def _at_kiosk(self) -> set[int]:
        return {int(record.event.member) for record in self.log.since(0)}

    def _at_hub(self) -> list[tuple[str, int]]:
        rows = self.hub.read_now(lambda c: c.execute(events.select()).all())
        return [(row.epoch, int(msgspec.json.decode(row.raw)["event"]["member"])) for row in rows]


def run(profile: settings) -> None:
    """Run the machine, and say what it counted."""
    case = Line.TestCase
    case.settings = profile
    case().runTest()


def test_nothing_is_lost_or_doubled_whatever_happens_in_whatever_order(blank: Path, counts: list[str]):
    """15 runs in the suite; in a long run, as many as fit into its share."""
    Line.blank = blank
    until_s = time.monotonic() + share_s(SHARE, 0)
    while True:
        run(
            settings(
                max_examples=15,
                stateful_step_count=50,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            )
        )
        if time.monotonic() >= until_s:
            break
    said = ", ".join(f"{number} {what}" for what, number in COUNTED.items())
    counts.append(f"any order of taps, messages, crashes, copies and restores: {said}; 0 lost, 0 doubled")
