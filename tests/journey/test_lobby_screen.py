"""`foyer lobby`: who taps at a door stands on the second screen a moment later, with the hub or without."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from foyer.members import import_members
from kiosk.core.pieces import MomentLine
from kiosk.core.views import Lobby, View
from kiosk.lobby_screen import LobbyScreen
from kiosk.observers import Observers
from kiosk.settings import KioskSettings, ReaderSettings, ScreenSettings
from plumbing.places import BrokerSettings, SpaceSettings
from tests.fakes.brokers import Mosquitto, running_mosquitto
from tests.fakes.door_program import Door, reader
from tests.fakes.members import AMINA, LEA, PAUL, write
from tests.fakes.programs import SPACE, Hub, KioskProgram, kiosk_rows, revision, wait_until
from tests.fakes.terminal import KioskTerminal

pytestmark = pytest.mark.timeout(480)

SIZE = (120, 33)


@dataclass
class SecondScreen:
    """A lobby screen without a terminal, in a thread of its own; what it shows is kept."""

    folder: Path
    broker_port: int
    shown: list[tuple[View, Sequence[str]]] = field(default_factory=list)
    _loop: asyncio.AbstractEventLoop | None = None
    _stop: asyncio.Event | None = None
    _thread: threading.Thread | None = None
    _failed: list[BaseException] = field(default_factory=list)

    @property
    def settings(self) -> KioskSettings:
        return KioskSettings(
            id="lobby-screen",
            space=SpaceSettings(id=SPACE, name="Le Nook", closing="04:00"),
            data_folder=str(self.folder),
            badge_key_file=str(self.folder / "badge.key"),
            reader=ReaderSettings(device="none"),
            broker=BrokerSettings(port=self.broker_port),
            screen=ScreenSettings(distance=3),
        )

    @property
    def file(self) -> Path:
        return self.folder / "kiosk.db"

    def start(self) -> None:
        """Start it, and return once it shows something."""
        self.folder.mkdir(exist_ok=True)
        self.shown.clear()
        self._thread = threading.Thread(target=self._run, name="second screen")
        self._thread.start()
        wait_until(lambda: self.shown or self._failed, "the lobby to be drawn")
        assert not self._failed, self._failed

    def stop(self) -> None:
        """End it in good order; twice changes nothing."""
        thread, self._thread = self._thread, None
        if thread is not None and self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
            thread.join()
        assert not self._failed, self._failed

    @property
    def lobby(self) -> Lobby:
        """What is shown now; it never shows anything else here."""
        view, _words = self.shown[-1]
        assert isinstance(view, Lobby)
        return view

    def says(self, *names: str, present: int, reachable: bool = True) -> None:
        """Wait until it names these people, and counts so many."""

        def so() -> bool:
            lobby = self.lobby
            return (
                {chip.name for chip in lobby.names} == set(names)
                and lobby.present_count == present
                and (lobby.trouble is None) is reachable
            )

        wait_until(so, f"{names} of {present} on the second screen; it shows {self.shown[-1][0]}")

    def _run(self) -> None:
        try:
            asyncio.run(self._work())
        except BaseException as error:  # noqa: BLE001 - shown by whoever waits
            self._failed.append(error)

    async def _work(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        screen = LobbyScreen(
            self.settings,
            Observers(painted=lambda view, words: self.shown.append((view, list(words)))),
        )
        await screen.run_on_screen(self._stop, without_terminal=SIZE)


@dataclass
class House:
    """A door, a second screen, a broker and a hub."""

    door: Door
    screen: SecondScreen
    broker: Mosquitto
    hub: Hub


@pytest.fixture
def house(tmp_path: Path, nothing_is_left: None) -> Iterator[House]:
    with running_mosquitto(tmp_path) as broker, reader() as virtual:
        hub = Hub(tmp_path / "hub", broker.port)
        assert not import_members(hub.settings, write(hub.folder)).problems
        kiosk = KioskProgram(tmp_path / "door", f"pn532:{virtual.path}", broker.port, hub.badge_key)
        door = Door(kiosk, virtual)
        screen = SecondScreen(tmp_path / "screen", broker.port)
        hub.start()
        try:
            door.start()
            door.knows_members()
            yield House(door, screen, broker, hub)
        finally:
            screen.stop()
            door.kiosk.kill()
            hub.kill()


def test_who_taps_at_the_door_is_on_the_second_screen_with_the_hub_and_without(house: House):
    door, screen = house.door, house.screen
    screen.start()
    wait_until(lambda: revision(screen.file) > 0, "the directory to come")
    assert screen.lobby.tap_title in {"Badgez à l’entrée", "Tap in at the door"}
    assert door.tap(LEA)["outcome"] == "Arrived"
    screen.says("Léa", present=1)
    wait_until(lambda: screen.lobby.looking_for, "what she looks for")
    assert screen.lobby.looking_for == ("une traduction en anglais",)

    house.hub.kill()
    assert door.tap(AMINA)["outcome"] == "Arrived"
    assert door.tap(PAUL)["outcome"] == "Arrived"
    screen.says("Léa", "Amina", present=3, reachable=False)
    assert screen.lobby.offering == ("traduction vers l'anglais",)
    door.leaves(LEA)
    screen.says("Amina", present=2, reachable=False)

    house.hub.start()
    screen.says("Amina", present=2)
    assert not any("Paul" in word for _view, words in screen.shown for word in words), "he is hidden"
    assert kiosk_rows(screen.file) == {}, "a screen that only looks writes nothing into any log"


def test_what_stands_in_the_calendar_is_on_the_second_screen_and_stays_without_the_hub(house: House):
    file = house.hub.folder / "calendar.ics"
    file.write_bytes(
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:f\r\nSUMMARY:Festival\r\nLOCATION:Cour\r\n"
        b"DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=DAILY\r\nATTENDEE;CN=Paul:mailto:paul@example.org\r\n"
        b"END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    with house.hub.settings.open("a") as settings:
        settings.write(f'[agenda]\ncalendar = "{file}"\n')
    house.hub.stop()
    house.hub.start()
    house.screen.start()
    wait_until(lambda: house.screen.lobby.moments, "the calendar to come")
    assert house.screen.lobby.moments == (MomentLine("toute la journée", "Festival", "Cour"),)
    house.screen.stop()
    house.hub.kill()
    house.screen.start()
    assert house.screen.lobby.moments, "it has today, and tomorrow, without anybody"


def test_a_screen_that_is_started_late_or_anew_shows_who_is_in(house: House):
    door, screen = house.door, house.screen
    assert door.tap(LEA)["outcome"] == "Arrived"
    screen.start()
    screen.says("Léa", present=1)
    screen.stop()
    assert door.tap(AMINA)["outcome"] == "Arrived"
    house.hub.kill()
    screen.start()
    screen.says("Léa", "Amina", present=2, reachable=False)


def test_in_a_terminal_it_takes_no_key_but_ctrl_q(house: House, tmp_path: Path):
    folder = tmp_path / "terminal"
    folder.mkdir()
    settings = folder / "lobby.toml"
    settings.write_text(
        f'id = "tv"\ndata_folder = "{folder}"\nbadge_key_file = "{folder}/badge.key"\n'
        f'[space]\nid = "{SPACE}"\nname = "Le Nook"\n[reader]\ndevice = "none"\n'
        f"[broker]\nport = {house.broker.port}\n"
    )
    terminal = KioskTerminal(settings, command=("lobby", "--distance", "5"))
    terminal.start()
    try:
        terminal.shows("██")  # the letters seen from afar
        wait_until(lambda: revision(folder / "kiosk.db") > 0, "the directory to come")
        terminal.types("0u1\r")
        assert terminal.is_running()
        assert kiosk_rows(folder / "kiosk.db") == {}
        terminal.types("\x11")
        assert terminal.ends() == 0
        assert "Traceback" not in terminal.words()
    finally:
        terminal.kill()
