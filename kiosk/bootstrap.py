"""Put the kiosk together and run it: the only place that chooses its devices.

One event loop and one task group, every task named.  Threads: the reader's, paho's, and the one
writer of the database; they speak to the loop only through `call_soon_threadsafe`.
"""

import asyncio
import gc
import logging
import shutil
from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from secrets import token_bytes

from community.badges import FIRST_KEY_VERSION, BadgeKey
from firmware_bridge.bridge import SerialBridge
from firmware_bridge.door import BridgeState, DoorBridge, Sensed
from hardware.reader import ReaderLost, ReaderReady, ReaderState
from kiosk.core.aside import Aside
from kiosk.core.host_state import Facts
from kiosk.core.pairing import Place
from kiosk.core.sentences import Words
from kiosk.core.troubles import HubState
from kiosk.core.views import View
from kiosk.elsewhere import Elsewhere
from kiosk.enrolment import Enrolment
from kiosk.enrolment import read as enrolment_in
from kiosk.errors import EnrolmentError, ShutOutError
from kiosk.host import Hosting
from kiosk.lookout import Lookout
from kiosk.observers import Observers
from kiosk.pairing import Pairing
from kiosk.papers import Papers
from kiosk.passes import Passes
from kiosk.player import VOICE, Player, found_players
from kiosk.proofs import Proofs
from kiosk.readers import reader_of
from kiosk.scene import Screen
from kiosk.screens import NoScreen, OnApp, look_of
from kiosk.settings import KioskSettings, enrolled
from kiosk.store.directory import DirectoryStore
from kiosk.store.elsewhere import ElsewhereStore
from kiosk.store.host_choices import HostChoices
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from kiosk.store.tries import TriesStore
from kiosk.talk import Talk
from kiosk.taps import Taps
from kiosk.together import threadsafe, together
from kiosk.ui.app import KioskApp
from kiosk.uplink import Uplink
from plumbing import secrets, words
from plumbing.addresses import own_addresses
from plumbing.ballast import used_percent
from plumbing.clock import Clock, SteadyClock
from plumbing.database import Database
from plumbing.memory import be_frugal
from plumbing.words import Sentence

log = logging.getLogger(__name__)

LOCALE = Path(__file__).parent / "locale"
"""What the kiosk says in other languages than English, one folder each."""

USUAL_SIZE = (120, 33)
"""Columns and rows to draw into where there is no terminal."""


class Kiosk:
    """A kiosk put together but not yet running; `run` it once."""

    def __init__(self, settings: KioskSettings, observers: Observers | None = None) -> None:
        """Open everything that can fail before the screen is taken.

        Raises:
            SettingsError: A file named in the settings is missing or wrong.
            DatabaseError: The database cannot be opened.
            LogError: The log is not this program's.
            EnrolmentError: What the hub gave the kiosk cannot be read.
        """
        self._folder = Path(settings.data_folder)
        self._observers = observers or Observers()
        self._clock = SteadyClock()
        self._papers: Papers | None = None
        enrolment = enrolment_in(self._folder)
        self._pairing: Pairing | None = None
        self.settings = settings
        self._must_pair = enrolment is None and bool(settings.hub)
        if not self._must_pair:
            self._adopt(enrolment)
        be_frugal()
        self.database: Database = open_database(settings.database)
        self.log = Log(self.database)
        self._stored = DirectoryStore(self.database)
        self._tries = TriesStore(self.database)
        self._choices = HostChoices(self.database)
        self._catalogues: Mapping[str, Words] = words.load("kiosk", LOCALE)
        self._note = ""
        self._taps: Taps | None = None
        self._app: KioskApp | None = None

    def _adopt(self, enrolment: Enrolment | None) -> None:
        """Be the kiosk that the hub let in, or the one of the settings."""
        self.settings = enrolled(self.settings, enrolment)
        if enrolment is not None:
            right, now_s = Clock().synchronised, self._clock.now_s
            self._papers = Papers(self._folder, enrolment, clock_is_right=right, now_s=now_s)
        self._key = _badge_key(self.settings, enrolment)
        self._broker = self.settings.broker.line() if enrolment is None else enrolment.broker

    def note_is(self, note: str) -> None:
        """Show a line at the foot of the lobby, and over every other view, as it is."""
        self._note = note
        if self._taps is not None:
            self._taps.note_is(note)
        if self._app is not None:
            self._app.hint_is(note)

    def aside_is(self, aside: Aside) -> None:
        """Draw a door's microcontroller beside the kiosk, where there is a screen with room for it."""
        if self._app is not None and self._app.is_running:
            self._app.call_next(self._app.aside_is, aside)

    @property
    def typing(self) -> bool:
        """Whether keys are somebody's own: a name, a PIN, a code, a host's."""
        return self._pairing is not None or (self._taps is not None and self._taps.typing)

    async def run_headless(self, stop: asyncio.Event) -> None:
        """Run without a screen until `stop` is set.

        Raises:
            EnrolmentError: It was never let in, and there is no screen to type the code on.
        """
        if self._must_pair:
            self.database.close()
            raise EnrolmentError(Sentence("this kiosk was never let in, and has no screen to type a code on"))
        try:
            async with asyncio.TaskGroup() as group:
                work = group.create_task(self._work(NoScreen()), name="kiosk")
                await stop.wait()
                work.cancel()
        finally:
            self.database.close()

    async def run_on_screen(
        self, stop: asyncio.Event, *, without_terminal: tuple[int, int] | None = None
    ) -> None:
        """Run full-screen in this terminal until Ctrl-Q, or until `stop` is set.

        Args:
            stop: Ends the program.
            without_terminal: Columns and rows to draw into when there is no terminal.
        """
        ready = asyncio.Event()

        def painted(view: View) -> None:
            if self._observers.painted is not None:
                self._observers.painted(view, app.kiosk_screen.words())

        app = KioskApp(
            on_key=self._pressed,
            on_ready=ready.set,
            on_painted=painted,
            look=look_of(self.settings.screen),
        )
        app.hint_is(self._note)
        self._app = app
        try:
            async with asyncio.TaskGroup() as group:
                screen = group.create_task(
                    app.run_async(headless=without_terminal is not None, size=without_terminal), name="screen"
                )
                stopper = group.create_task(_exit_when(stop, app.exit), name="stopper")
                starting = group.create_task(ready.wait(), name="screen-ready")
                await asyncio.wait({screen, starting}, return_when=asyncio.FIRST_COMPLETED)
                starting.cancel()
                if not screen.done():
                    work = group.create_task(self._work(OnApp(app)), name="kiosk")
                    await asyncio.wait({screen, work}, return_when=asyncio.FIRST_COMPLETED)
                    work.cancel()
                stopper.cancel()
            if app.failure is not None:
                raise app.failure
        finally:
            self.database.close()

    def _pressed(self, key: str) -> None:
        if self._observers.key is not None and not self.typing:
            self._observers.key(key)
        if self._pairing is not None:
            self._pairing.press(key)
        elif self._taps is not None:
            self._taps.press(key)

    async def _work(self, screen: Screen) -> None:
        """Do what a kiosk is for, until cancelled; be let in on the screen as often as that is needed."""
        if self._observers.ready is not None:
            self._observers.ready()
        while True:
            was_shut_out = self._papers is not None and self._papers.shut_out
            if self._must_pair or (was_shut_out and not isinstance(screen, NoScreen)):
                await self._pair(screen, was_shut_out=was_shut_out)
            try:
                await self._serve(screen)
            except* ShutOutError:
                log.info("whoever has a new code can type it on the screen")

    async def _talking(self, talk: Talk, screen: Screen) -> None:
        """Talk to the hub; once shut out without a screen, wait for somebody to let the kiosk in by command.

        Raises:
            ShutOutError: A host shut it out, everything is forgotten, and there is a screen.
        """
        await talk.run()
        if not isinstance(screen, NoScreen):
            raise ShutOutError

    async def _serve(self, screen: Screen) -> None:
        """Read badges, show views, talk to the hub.

        Raises:
            ShutOutError: As `_talking`, in a group.
        """
        loop = asyncio.get_running_loop()
        elsewhere = ElsewhereStore(self.database, self.settings.id)
        proofs = Proofs(self._key)
        taps = self._taps = Taps(
            clock=self._clock,
            key=self._key,
            proofs=proofs,
            events=self.log,
            elsewhere=elsewhere,
            tries=self._tries,
            hosting=Hosting(self._choices, self._facts, self._observers.restart),
            items=self._stored.items(),
            catalogues=self._catalogues,
            screen=screen,
            fallback=self.settings.space.facts,
            on_committed=lambda: talk.nudge(),  # noqa: PLW0108 - made below
            on_trace=self._observers.trace,
            on_thought=self._observers.thought,
            note=self._note,
            seed=self.settings.space.id,
            own_page=Passes(
                self.settings.space.id, self.settings.id, self._key, self._papers, self._clock
            ).address,
        )
        talk = Talk(
            partial(self._uplink, taps, elsewhere),
            self._papers,
            forget=self._stored.wipe,
            on_shut_out=taps.shut_out,
        )
        reader = reader_of(
            self.settings.reader,
            on_tap=lambda tap: threadsafe(loop, taps.tap, tap),
            on_state=lambda state: threadsafe(loop, partial(self._reader_changed, taps, talk), state),
            on_cut=lambda: threadsafe(loop, lambda _: taps.cut(), None),
            prove=proofs.prove,
        )
        bridge = self._bridge(
            on_sensed=lambda sensed: threadsafe(loop, partial(self._felt, taps, talk), sensed),
            on_state=lambda state: threadsafe(loop, partial(self._bridge_changed, taps, talk), state),
        )
        player = Player(found_players(self.settings.sound.player), shutil.which(VOICE))
        taps.doorstep.sounds.use(player, beside_buzzer=self.settings.sound.beside_buzzer)
        taps.guests.use(asked=self.settings.guests.asked, most_an_hour=self.settings.guests.most_an_hour)
        if bridge is not None:
            taps.doorstep.signals.use(bridge, sound=self.settings.door.sound)
            taps.doorstep.dims_after(self.settings.door.dim_after_s)
        devices = [device for device in (reader, bridge, player) if device is not None]
        _settle_memory()
        try:
            async with together(
                taps=taps.run(), doorstep=taps.doorstep.run(), talk=self._talking(talk, screen)
            ):
                for device in devices:
                    device.start()
        finally:
            for device in devices:
                await asyncio.to_thread(device.stop)

    async def _pair(self, screen: Screen, *, was_shut_out: bool) -> None:
        """Ask for the hub's code on the screen, and go on as the kiosk it lets in."""
        settings, spoken = self.settings, self._catalogues
        self._pairing = Pairing(
            settings.hub or (self._papers.enrolment.hub if self._papers is not None else ""),
            self._folder,
            lambda: Place(settings.id, own_addresses(), was_shut_out),
            [spoken.get(code, spoken["en"]) for code in settings.space.languages],
            clock_is_right=Clock().synchronised,
        )
        self._adopt(await self._pairing.run(screen))
        self._pairing, self._must_pair = None, False

    def _uplink(self, taps: Taps | Lookout, elsewhere: ElsewhereStore) -> Uplink:
        return Uplink(
            self._broker if self._papers is None else self._papers.enrolment.broker,
            self.settings.space.id,
            self.settings.id,
            events=self.log,
            directory=self._stored,
            elsewhere=Elsewhere(
                self.settings.id,
                events=self.log,
                store=elsewhere,
                clock=self._clock,
                on_heard=taps.heard_elsewhere,
            ),
            clock=self._clock,
            program=version("foyer-kiosk"),
            on_directory=taps.directory_is,
            on_hub=partial(self._hub_changed, taps),
            keep_days=self.settings.keep_days,
            papers=self._papers,
            disk_percent=partial(used_percent, Path(self.settings.data_folder)),
        )

    def _facts(self) -> Facts:
        return Facts(
            name=self.settings.id,
            version=version("foyer-kiosk"),
            addresses=own_addresses(),
            disk_percent=used_percent(Path(self.settings.data_folder)),
        )

    def _bridge(
        self, on_sensed: Callable[[Sensed], None], on_state: Callable[[BridgeState], None]
    ) -> DoorBridge | None:
        path = self.settings.door.path
        return None if path is None else SerialBridge(path, on_sensed=on_sensed, on_state=on_state)

    def _reader_changed(self, taps: Taps, talk: Talk, state: ReaderState) -> None:
        match state:
            case ReaderReady():
                taps.reader_is(ready=True)
                talk.reader_is("ready")
            case ReaderLost():
                taps.reader_is(ready=False)
                talk.reader_is("lost")
        if self._observers.reader is not None:
            self._observers.reader(state)

    def _bridge_changed(self, taps: Taps, talk: Talk, state: BridgeState) -> None:
        taps.doorstep.bridge_is(state)
        talk.bridge_is(taps.doorstep.health)
        if self._observers.bridge is not None:
            self._observers.bridge(state)

    def _felt(self, taps: Taps, talk: Talk, sensed: Sensed) -> None:
        taps.doorstep.feel(sensed)
        talk.bridge_is(taps.doorstep.health)
        if self._observers.sensed is not None:
            self._observers.sensed(sensed)

    def _hub_changed(self, taps: Taps | Lookout, state: HubState) -> None:
        taps.hub_is(state)
        if self._observers.hub is not None:
            self._observers.hub(state)


def _badge_key(settings: KioskSettings, enrolment: Enrolment | None) -> BadgeKey:
    """Return the space's key; one that nobody has for a kiosk that was shut out."""
    if enrolment is None:
        return BadgeKey(FIRST_KEY_VERSION, secrets.load_or_make(Path(settings.badge_key_file)))
    return enrolment.badges if enrolment.badge_key else BadgeKey(0, token_bytes(32))


async def _exit_when(stop: asyncio.Event, leave: Callable[[], None]) -> None:
    await stop.wait()
    leave()


def _settle_memory() -> None:
    """Let the collector leave alone what start-up made: fewer pauses in a greeting."""
    gc.collect()
    gc.freeze()
