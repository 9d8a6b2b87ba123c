"""The real firmware under a real MicroPython, and a listener that waits for what the real bridge says."""

import platform
import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from firmware_bridge.bridge import SerialBridge
from firmware_bridge.door import BridgeLost, BridgeReady, BridgeState, Sensed
from firmware_bridge.errors import InterpreterMissingError
from firmware_bridge.virtual.board import interpreter
from firmware_bridge.virtual.door import VirtualDoor
from tests.fakes.tidiness import nothing_is_left  # noqa: F401 - an autouse fixture

PATIENCE_S = 20.0
"""How long a test waits for what must happen: long, so that a busy machine is no failure."""


def _has_interpreter() -> bool:
    try:
        interpreter()
    except InterpreterMissingError:
        return False
    return True


needs_micropython = pytest.mark.skipif(
    not _has_interpreter() and platform.machine() != "x86_64",
    reason="there is no MicroPython here, and no wheel of it for this machine",
)
"""On x86-64 it is installed with the tests' requirements: missing, it is a failure, not a skip."""


class Listener:
    """Collects what a bridge says from its thread, and waits for it."""

    def __init__(self) -> None:
        self.sensed: list[Sensed] = []
        self.states: list[BridgeState] = []
        self.pongs_s: list[float] = []
        self.threads: set[str] = set()
        self.order: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._changed = threading.Condition()

    def on_sensed(self, sensed: Sensed) -> None:
        self._note(lambda: self.sensed.append(sensed))

    def on_state(self, state: BridgeState) -> None:
        self._note(lambda: self.states.append(state))

    def on_pong(self, took_s: float) -> None:
        self._note(lambda: self.pongs_s.append(took_s))

    def _note(self, change: Callable[[], object]) -> None:
        with self._changed:
            change()
            self.threads.add(threading.current_thread().name)
            self._changed.notify_all()

    def wait_until(self, holds: Callable[[], bool], timeout_s: float = PATIENCE_S) -> None:
        with self._changed:
            assert self._changed.wait_for(holds, timeout_s), (self.sensed, self.states)

    def wait_for(self, sensed: Sensed, count: int = 1) -> None:
        self.wait_until(lambda: self.sensed.count(sensed) >= count)

    def wait_for_ready(self, count: int = 1) -> BridgeReady:
        self.wait_until(lambda: sum(isinstance(s, BridgeReady) for s in self.states) >= count)
        return [s for s in self.states if isinstance(s, BridgeReady)][-1]

    def wait_for_lost(self, count: int = 1) -> BridgeLost:
        self.wait_until(lambda: sum(isinstance(s, BridgeLost) for s in self.states) >= count)
        return [s for s in self.states if isinstance(s, BridgeLost)][-1]


def _open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.fixture(autouse=True)
def _no_file_is_left(nothing_is_left: None) -> Iterator[None]:  # noqa: F811 - the fixture imported above
    """No file descriptor outlives a test."""
    files = _open_files()
    yield
    assert _open_files() == files


@pytest.fixture
def listener() -> Listener:
    return Listener()


MakeDoor = Callable[..., VirtualDoor]


@pytest.fixture
def make_door(_no_file_is_left: None) -> Iterator[MakeDoor]:
    """Plug in a door with the real firmware; it is unplugged after the test."""
    doors: list[VirtualDoor] = []

    def make(*fitted: str, path: Path | None = None) -> VirtualDoor:
        door = VirtualDoor(path, fitted=fitted) if fitted else VirtualDoor(path)
        doors.append(door)
        door.start()
        return door

    yield make
    for door in doors:
        door.stop()


OpenBridge = Callable[..., SerialBridge]


@pytest.fixture
def open_bridge(_no_file_is_left: None, listener: Listener) -> Iterator[OpenBridge]:
    """Start a real bridge on a path; it is stopped after the test."""
    bridges: list[SerialBridge] = []

    def open_it(path: Path | str, hears: Listener | None = None) -> SerialBridge:
        ears = hears or listener
        bridge = SerialBridge(
            path,
            on_sensed=ears.on_sensed,
            on_state=ears.on_state,
            on_pong=ears.on_pong,
        )
        bridges.append(bridge)
        bridge.start()
        return bridge

    yield open_it
    for bridge in bridges:
        bridge.stop()
