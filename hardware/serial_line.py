"""The serial line to a PN532: opened for ourselves alone, at whatever speed the chip was left.

On the wire: HSU frames (`00 00 FF LEN LCS D4 …`), each acknowledged by the chip;
115200 baud after power-on.  The chip keeps a faster speed when the program that set it
dies, and may be asleep: waking it tries every speed, with a long preamble.
"""

import errno
import os
import termios
import threading
import time
from contextlib import suppress
from typing import Any, Final

import serial

from hardware.errors import ReaderFault, ReaderGone

PROBE_BAUDS = (115200, 921600, 460800, 230400)
"""Speeds a PN532 may have been left at, likeliest first."""

_PROBE_S = 0.1
"""How long to wait for an answer at each speed; the chip acknowledges within 15 ms."""

_FIRST_PROBE_S = 0.25
"""The same for the first speed, likeliest to be right: a busy machine may be late itself."""

_LATE_PROBE_S = 1.5
"""The same for the first speed on a ttyUSB, whose first bytes come up to 1 s late on a Pi.  Source: nfcpy."""

_SLICE_S = 0.05
"""Longest wait for a byte before looking whether to stop."""

_WRITE_S = 1.0
"""Longest wait to get bytes out; without it a stuck line would block for ever."""

_PREAMBLE = bytes(10)
_SAM_NORMAL = bytes.fromhex("0000FF05FBD4140100001700")
_SAM_DONE = bytes.fromhex("0000FF02FED5151600")

_OPEN_FAULTS: Final[dict[int | None, ReaderFault]] = {
    errno.ENOENT: ReaderFault.NO_SUCH_PORT,
    errno.ENODEV: ReaderFault.NO_SUCH_PORT,
    errno.ENXIO: ReaderFault.NO_SUCH_PORT,
    errno.EIO: ReaderFault.NO_SUCH_PORT,  # the far end of a hung-up line
    errno.EACCES: ReaderFault.NOT_ALLOWED,
    errno.EPERM: ReaderFault.NOT_ALLOWED,
    errno.EBUSY: ReaderFault.BUSY,
    errno.EAGAIN: ReaderFault.BUSY,  # the exclusive lock is taken
}
"""What the error number of a failed open means; any other is `NOT_A_READER`."""


def open_line(port: str) -> Any:
    """Open the serial port for ourselves alone.

    Raises:
        ReaderGone: It cannot be opened.
    """
    try:
        line = serial.Serial(port, PROBE_BAUDS[0], timeout=_SLICE_S, write_timeout=_WRITE_S, exclusive=True)
    except (OSError, termios.error) as exc:
        number = exc.errno if isinstance(exc, OSError) else None
        raise ReaderGone(_OPEN_FAULTS.get(number, ReaderFault.NOT_A_READER), port) from exc
    # A USB adapter may hold bytes back for 16 ms, eight times a poll, unless told otherwise.
    with suppress(OSError, ValueError):
        line.set_low_latency_mode(True)
    return line


def wake(line: Any, port: str, stopping: threading.Event) -> None:
    """Find the speed the chip listens at, and wake it; the line is at that speed afterwards.

    Raises:
        ReaderGone: Nothing answers at any speed, or something that is no PN532.
    """
    wait_s = _LATE_PROBE_S if "ttyUSB" in os.path.realpath(port) else _FIRST_PROBE_S
    is_anything_there = False
    for baud in PROBE_BAUDS:
        line.baudrate = baud
        line.reset_input_buffer()
        line.write(_PREAMBLE + _SAM_NORMAL)
        heard = b""
        deadline_s = time.monotonic() + wait_s
        while time.monotonic() < deadline_s and not stopping.is_set():
            heard += line.read(max(1, line.in_waiting))
            if _SAM_DONE in heard:
                return
        is_anything_there = is_anything_there or len(heard) > 0
        wait_s = _PROBE_S
    raise ReaderGone(ReaderFault.NOT_A_READER if is_anything_there else ReaderFault.MUTE, port)


def is_hung_up(line: Any) -> bool:
    """Whether the far end of the line is gone."""
    try:
        _ = line.in_waiting
    except OSError:
        return True
    return False


def says_gone(error: BaseException) -> bool:
    """Whether an error is the line's own way to say that it hung up."""
    return isinstance(error, serial.SerialException | termios.error)
