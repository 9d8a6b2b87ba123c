"""Read badges with a reader that types like a keyboard, through the kernel's event device.

The device is held for ourselves alone (EVIOCGRAB): nothing it types reaches a
terminal or the kiosk's screen, where a badge's number would be a row of keys.
On the device: `struct input_event`s, which `keystrokes` understands.

Standard library only: decision 0017 says why not python-evdev.
"""

import errno
import fcntl
import os
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from hardware.errors import ReaderFault, ReaderGone
from hardware.keystrokes import EVENT, Keystrokes, NumberForm, events_in, number_of
from hardware.polling import FoundCard, Poller
from hardware.reader import OnState, OnTap, ReaderReady, Technology

WAIT_S = 0.1
"""How long one poll waits for keys, seconds; two without make the same badge a new tap."""

_GRAB = 0x40044590
"""EVIOCGRAB.  Source: include/uapi/linux/input.h."""

_EVENTS_AT_ONCE = 64

_FAULTS: Final = {
    errno.ENOENT: ReaderFault.NO_SUCH_PORT,
    errno.ENODEV: ReaderFault.NO_SUCH_PORT,
    errno.ENXIO: ReaderFault.NO_SUCH_PORT,
    errno.EACCES: ReaderFault.NOT_ALLOWED,
    errno.EPERM: ReaderFault.NOT_ALLOWED,
    errno.EBUSY: ReaderFault.BUSY,
}
"""What the error number of a failed open or grab means; any other is `NOT_A_READER`."""


class WedgeReader:
    """A reader that types, opened again whenever it is gone.  A `BadgeReader`, for numbers only.

    Args:
        path: Its event device, best by a name that stays: `/dev/input/by-id/…-event-kbd`.
        form: How it writes numbers.
        on_tap: Called **from the reader's thread**, once per number.
        on_state: Called **from the reader's thread** when it becomes ready, or is lost for a new reason.
    """

    def __init__(
        self, path: Path | str, form: NumberForm = NumberForm.ANY, *, on_tap: OnTap, on_state: OnState
    ) -> None:
        self._path = str(path)
        self._form = form
        self._poller = Poller(self._path, self._open, on_tap, on_state, pause_s=0)

    def start(self) -> None:
        """Begin to look for the device, and to listen to it; returns at once."""
        self._poller.start()

    def stop(self) -> None:
        """End it: no callback comes any more, the device is let go.  Takes `WAIT_S` at worst."""
        self._poller.stop()

    @contextmanager
    def _open(self, stopping: threading.Event) -> "Iterator[OpenWedge]":  # noqa: ARG002 - nothing here waits
        try:
            device = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as exc:
            raise _gone(exc, self._path) from exc
        try:
            try:
                fcntl.ioctl(device, _GRAB, 1)
            except OSError as exc:
                raise _gone(exc, self._path) from exc
            yield OpenWedge(device, self._path, self._form)
        finally:
            os.close(device)  # which lets it go


class OpenWedge:
    """An event device that is ours: anything that gives `input_event`s may be behind the descriptor."""

    def __init__(self, device: int, path: str, form: NumberForm) -> None:
        self.ready = ReaderReady("keyboard", path, 0)
        self._device = device
        self._path = path
        self._form = form
        self._keystrokes = Keystrokes()
        self._found: list[FoundCard] = []

    def poll(self) -> FoundCard | None:
        """The next number typed; waits for it, for a moment.

        Raises:
            ReaderGone: The device was unplugged.
        """
        if not self._found and select.select([self._device], [], [], WAIT_S)[0]:
            self._read()
        return self._found.pop(0) if self._found else None

    def _read(self) -> None:
        try:
            data = os.read(self._device, EVENT.size * _EVENTS_AT_ONCE)
        except BlockingIOError:
            return
        except OSError as exc:
            raise ReaderGone(ReaderFault.UNPLUGGED, self._path) from exc
        if not data:
            raise ReaderGone(ReaderFault.UNPLUGGED, self._path)
        for event in events_in(data):
            self._keystrokes, typed = self._keystrokes.after(*event)
            uid = number_of(typed, self._form) if typed else None
            if uid is not None:
                self._found.append(FoundCard(uid, Technology.OTHER))


def _gone(exc: OSError, path: str) -> ReaderGone:
    return ReaderGone(_FAULTS.get(exc.errno or 0, ReaderFault.NOT_A_READER), path)
