"""The serial cable of the virtual chip: one pseudo-terminal, from plug to unplug.

The chip holds the master side; the program opens the other through a symbolic
link.  A second descriptor of the program's side stays open here, so that the
line keeps its speed when the program closes it or is killed.
"""

import os
import select
import termios
import threading
import tty
from collections.abc import Callable
from pathlib import Path

_READ_BYTES = 1024
_BAUDS = {
    termios.B9600: 9600,
    termios.B19200: 19200,
    termios.B38400: 38400,
    termios.B57600: 57600,
    termios.B115200: 115200,
    termios.B230400: 230400,
    termios.B460800: 460800,
    termios.B921600: 921600,
}


class CablePulled(Exception):  # noqa: N818 - an event of every day, not a mistake
    """The cable was pulled while its thread was waiting."""


class Cable:
    """One plugged-in cable, with the thread that listens on it; made plugged in, pulled once.

    Args:
        link: Where the device file appears; replaced if it exists.
        on_data: Called in the cable's thread with what the program sent.  It may
            raise `CablePulled` to hang up from inside.
    """

    def __init__(self, link: Path, on_data: Callable[["Cable", bytes], None]) -> None:
        self._link = link
        self._on_data = on_data
        self._master, self._keeper = os.openpty()
        tty.setraw(self._keeper)
        self._woken, self._waker = os.pipe()
        self._pulling = threading.Lock()
        self._is_closed = False
        self._is_ending = threading.Event()
        link.unlink(missing_ok=True)
        link.symlink_to(os.ttyname(self._keeper))
        self._thread = threading.Thread(target=self._run, name="virtual-pn532", daemon=True)
        self._thread.start()

    @property
    def is_plugged(self) -> bool:
        """Whether the cable is still in."""
        return not self._is_ending.is_set()

    def pull(self) -> None:
        """Hang up; on return the thread is gone and every descriptor is closed.  May be called twice."""
        with self._pulling:
            if self._is_closed:
                return
            self._is_closed = True
            os.write(self._waker, b"\x00")
            # Joined before anything is closed: a reused descriptor number would be somebody else's file.
            self._thread.join()
            os.close(self._woken)
            os.close(self._waker)

    def host_baud(self) -> int:
        """The speed the program has set on its side, bits per second; 0 if it is none we know."""
        return _BAUDS.get(termios.tcgetattr(self._master)[5], 0)

    def wait(self, seconds: float) -> None:
        """Let time pass, in the cable's thread.

        Raises:
            CablePulled: The cable was pulled meanwhile.
        """
        if seconds > 0 and select.select([self._woken], [], [], seconds)[0]:
            raise CablePulled

    def wait_or_hear(self, seconds: float) -> bytes:
        """Let time pass, in the cable's thread, unless the program says something: then return that.

        Raises:
            CablePulled: The cable was pulled meanwhile.
        """
        ready, _, _ = select.select([self._master, self._woken], [], [], seconds)
        if self._woken in ready:
            raise CablePulled
        return os.read(self._master, _READ_BYTES) if ready else b""

    def send(self, data: bytes) -> None:
        """Put bytes on the wire towards the program, in the cable's thread."""
        os.write(self._master, data)

    def _run(self) -> None:
        try:
            while True:
                ready, _, _ = select.select([self._master, self._woken], [], [])
                if self._woken in ready:
                    return
                self._on_data(self, os.read(self._master, _READ_BYTES))
        except CablePulled:
            return
        finally:
            # Before the program can notice: whoever hears of the hang-up may plug in again.
            self._is_ending.set()
            self._link.unlink(missing_ok=True)
            os.close(self._keeper)
            os.close(self._master)
