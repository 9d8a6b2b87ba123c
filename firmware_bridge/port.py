"""The serial port of the door's microcontroller.  The one home of pyserial in this package.

On the wire: a USB serial port (CDC), where the speed means nothing, or a UART at 115200 baud.  Opening it
raises DTR: a Pico sends nothing before that, and some other boards start anew because of it.
"""

import errno
import os
import select
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import serial

from firmware_bridge.door import BridgeFault
from firmware_bridge.errors import PortGone

BAUD = 115200
"""Bits per second; what a board on UART pins is set to."""

_WRITE_S = 1.0
"""Longest wait to get bytes out; without it a stuck line would block for ever."""

_MOST_BYTES = 1024

_OPEN_FAULTS: Final[dict[int | None, BridgeFault]] = {
    errno.ENOENT: BridgeFault.NO_SUCH_PORT,
    errno.ENODEV: BridgeFault.NO_SUCH_PORT,
    errno.ENXIO: BridgeFault.NO_SUCH_PORT,
    errno.EIO: BridgeFault.NO_SUCH_PORT,  # the far end of a hung-up line
    errno.EACCES: BridgeFault.NOT_ALLOWED,
    errno.EPERM: BridgeFault.NOT_ALLOWED,
    errno.EBUSY: BridgeFault.BUSY,
    errno.EAGAIN: BridgeFault.BUSY,  # the exclusive lock is taken
}
"""What the error number of a failed open means; any other is `MUTE`: that is no serial port."""

_LINE_ERRORS: Final = (
    OSError,  # serial.SerialException too
    termios.error,  # not an OSError
    TypeError,  # pyserial reading a port that is being closed
)
"""Every way a line that hung up shows through pyserial."""


class Port:
    """An open serial port; used by one thread, but for `wake`.

    Args:
        path: The device file; any name, symbolic links too.

    Raises:
        PortGone: It cannot be opened.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = str(path)
        try:
            self._line: Any = serial.Serial(
                self._path, BAUD, timeout=0, write_timeout=_WRITE_S, exclusive=True
            )
        except (OSError, termios.error, ValueError) as exc:
            number = exc.errno if isinstance(exc, OSError) else None
            raise PortGone(_OPEN_FAULTS.get(number, BridgeFault.MUTE), self._path) from exc
        # Not pyserial's own time-out and `cancel_read`: each new time-out would set up the whole port again.
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._waker, False)
        self._closing = threading.Lock()
        self._is_closed = False

    def read(self, timeout_s: float) -> bytes:
        """Return what has come, at least one byte; nothing after `timeout_s` seconds, or once woken.

        Raises:
            PortGone: The line hung up.
        """
        with self._line_errors():
            ready, _, _ = select.select([self._line.fileno(), self._woken], [], [], max(0.0, timeout_s))
            if self._woken in ready:
                os.read(self._woken, _MOST_BYTES)
                ready.remove(self._woken)
            return bytes(self._line.read(_MOST_BYTES)) if ready else b""

    def write(self, data: bytes) -> None:
        """Put bytes on the line.

        Raises:
            PortGone: The line hung up, or takes nothing for a second.
        """
        with self._line_errors():
            self._line.write(data)

    def wake(self) -> None:
        """End the read that waits now, or the next one; from any thread."""
        with self._closing:
            if not self._is_closed:
                # A pipe that is full of wakings wakes as well.
                with suppress(BlockingIOError):
                    os.write(self._waker, b"\x00")

    def close(self) -> None:
        """Close it.  May be called twice; a dead line is no error here."""
        with self._closing:
            if self._is_closed:
                return
            self._is_closed = True
            with suppress(*_LINE_ERRORS):
                self._line.close()
            os.close(self._woken)
            os.close(self._waker)

    @contextmanager
    def _line_errors(self) -> Iterator[None]:
        try:
            yield
        except serial.SerialTimeoutException as exc:
            raise PortGone(BridgeFault.MUTE, self._path) from exc
        except _LINE_ERRORS as exc:
            raise PortGone(BridgeFault.UNPLUGGED, self._path) from exc
