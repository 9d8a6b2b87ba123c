"""The virtual reader, and a listener that waits for what the real reader says."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardware.nfc_reader import NfcReader
from hardware.reader import ReaderLost, ReaderReady, ReaderState, Tap
from hardware.virtual.port import BRISK, VirtualPn532

PATIENCE_S = 10.0
"""How long a test waits for what must happen: long, so that a busy machine is no failure."""

PROMPT_S = 5.0
"""What a test calls prompt: less than the time-outs it might have waited for, lenient with a busy machine."""


class Listener:
    """Collects taps and states from a reader's thread, and waits for them."""

    def __init__(self) -> None:
        self.taps: list[Tap] = []
        self.states: list[ReaderState] = []
        self.threads: set[str] = set()
        self._changed = threading.Condition()

    def on_tap(self, tap: Tap) -> None:
        with self._changed:
            self.taps.append(tap)
            self.threads.add(threading.current_thread().name)
            self._changed.notify_all()

    def on_state(self, state: ReaderState) -> None:
        with self._changed:
            self.states.append(state)
            self.threads.add(threading.current_thread().name)
            self._changed.notify_all()

    def wait_until(self, holds: Callable[[], bool], timeout_s: float = PATIENCE_S) -> None:
        with self._changed:
            assert self._changed.wait_for(holds, timeout_s), (self.taps, self.states)

    def wait_for_taps(self, count: int) -> list[Tap]:
        self.wait_until(lambda: len(self.taps) >= count)
        return self.taps

    def wait_for_ready(self, count: int = 1, timeout_s: float = PATIENCE_S) -> ReaderReady:
        self.wait_until(lambda: sum(isinstance(s, ReaderReady) for s in self.states) >= count, timeout_s)
        return [s for s in self.states if isinstance(s, ReaderReady)][-1]

    def wait_for_lost(self, count: int = 1) -> ReaderLost:
        self.wait_until(lambda: sum(isinstance(s, ReaderLost) for s in self.states) >= count)
        return [s for s in self.states if isinstance(s, ReaderLost)][-1]


def _open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    """No thread and no file descriptor outlives a test."""
    files, threads = _open_files(), set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= threads
    assert _open_files() == files


@pytest.fixture
def virtual(_nothing_is_left: None) -> Iterator[VirtualPn532]:
    """A plugged-in virtual reader that is quick."""
    chip = VirtualPn532(timing=BRISK)
    chip.start()
    yield chip
    chip.stop()


@pytest.fixture
def listener() -> Listener:
    return Listener()


OpenReader = Callable[..., NfcReader]


@pytest.fixture
def open_reader(_nothing_is_left: None, listener: Listener) -> Iterator[OpenReader]:
    """Start a real reader on a path; it is stopped after the test."""
    readers: list[NfcReader] = []

    def open_it(path: Path | str, *, pause_s: float = 0.005, **options: object) -> NfcReader:
        reader = NfcReader(
            path, on_tap=listener.on_tap, on_state=listener.on_state, pause_s=pause_s, **options
        )
        readers.append(reader)
        reader.start()
        return reader

    yield open_it
    for reader in readers:
        reader.stop()
