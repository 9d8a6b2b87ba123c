"""A kiosk in this process, drawn without a terminal, and a witness of all it shows."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TypeVar

from community.ids import KioskId, SpaceId
from firmware_bridge.door import BridgeState, Sensed
from hardware.reader import ReaderReady, ReaderState
from hardware.virtual.cards import Card
from hardware.virtual.port import VirtualPn532
from kiosk.bootstrap import Kiosk
from kiosk.core.inbox import Trace
from kiosk.core.views import View
from kiosk.observers import Observers
from kiosk.settings import DoorSettings, KioskSettings, ReaderSettings, SoundSettings
from plumbing.places import BrokerSettings, SpaceSettings
from tests.fakes.programs import KIOSK, LIMIT_S, SPACE, kiosk_rows, whose_words

SIZE = (120, 33)

V = TypeVar("V")


@dataclass
class Witness:
    """Sees what a kiosk paints and traces, and how long its log was at that moment."""

    log: Path
    painted: list[tuple[View, str]] = field(default_factory=list)
    """Every view that was written to the terminal, with its legible words."""
    log_when_painted: list[int] = field(default_factory=list)
    painted_s: list[float] = field(default_factory=list)
    """When each was, monotonic seconds."""
    bridge: list[BridgeState] = field(default_factory=list)
    sensed: list[Sensed] = field(default_factory=list)
    """What the door's microcontroller told."""
    traces: list[Trace] = field(default_factory=list)
    reader: list[ReaderState] = field(default_factory=list)
    compared: list[frozenset[str]] = field(default_factory=list)
    """Whose words the hub had sent by the time introductions were thought over, each time they were."""
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def paint(self, view: View, words: Sequence[str]) -> None:
        self.painted_s.append(monotonic())
        self.painted.append((view, " ".join(" ".join(words).split())))
        self.log_when_painted.append(len(kiosk_rows(self.log)))
        self._changed.set()

    def trace(self, trace: Trace) -> None:
        self.traces.append(trace)
        self._changed.set()

    def thought(self) -> None:
        self.compared.append(whose_words(self.log))
        self._changed.set()

    def reader_state(self, state: ReaderState) -> None:
        self.reader.append(state)
        self._changed.set()

    def bridge_state(self, state: BridgeState) -> None:
        self.bridge.append(state)
        self._changed.set()

    def felt(self, sensed: Sensed) -> None:
        self.sensed.append(sensed)
        self._changed.set()

    async def until(self, true: Callable[[], object]) -> None:
        """Return once `true`; looked at again after each thing seen."""
        async with asyncio.timeout(LIMIT_S):
            while not true():
                self._changed.clear()
                await self._changed.wait()

    def seen(self, kind: type[V], since: int = 0) -> list[tuple[V, str]]:
        """The views of one kind painted since a moment, with their words."""
        return [(view, words) for view, words in self.painted[since:] if isinstance(view, kind)]

    async def shows(self, kind: type[V], since: int = 0) -> tuple[V, str]:
        """Wait for the next view of one kind, and return it with its words."""
        await self.until(lambda: self.seen(kind, since))
        return self.seen(kind, since)[0]

    async def ready(self) -> None:
        """Wait until the reader looks for badges."""
        await self.until(lambda: self.reader and isinstance(self.reader[-1], ReaderReady))

    async def knows_the_words_of(self, *members: str) -> None:
        """Wait until what these members wrote has been compared."""
        await self.until(lambda: self.compared and self.compared[-1] >= set(members))

    async def tap(self, virtual: VirtualPn532, card: Card) -> Trace:
        """Hold a card to the reader until the kiosk has said what it means, and lift it."""
        before = len(self.traces)
        virtual.present(card)
        await self.until(lambda: len(self.traces) > before)
        await lift(virtual)
        return self.traces[before]


async def lift(virtual: VirtualPn532) -> None:
    """Take the card away until the reader has seen it go."""
    virtual.lift()
    assert await asyncio.to_thread(virtual.wait_for_polls, 3, LIMIT_S)


@asynccontextmanager
async def kiosk_on_screen(
    folder: Path, virtual: VirtualPn532, *, broker_port: int, badge_key: Path, door: str = "none"
) -> AsyncIterator[Witness]:
    """A running kiosk; its data folder is `folder`."""
    settings = KioskSettings(
        id=KioskId(KIOSK),
        space=SpaceSettings(SpaceId(SPACE), closing="04:00"),
        data_folder=str(folder),
        badge_key_file=str(badge_key),
        reader=ReaderSettings(f"pn532:{virtual.path}"),
        door=DoorSettings(door),
        sound=SoundSettings("none"),
        broker=BrokerSettings(port=broker_port),
    )
    witness = Witness(settings.database)
    observers = Observers(
        trace=witness.trace,
        painted=witness.paint,
        reader=witness.reader_state,
        thought=witness.thought,
        bridge=witness.bridge_state,
        sensed=witness.felt,
    )
    kiosk = Kiosk(settings, observers)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(kiosk.run_on_screen(stop, without_terminal=SIZE))
        try:
            await witness.until(lambda: witness.painted)
            yield witness
        finally:
            stop.set()
