"""Read badges with a PN532 on a serial port, for as long as it takes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hardware.open_pn532 import OpenPn532, line_errors
from hardware.polling import PAUSE_S, Poller
from hardware.reader import OnCut, OnState, OnTap, Prove
from hardware.serial_line import PROBE_BAUDS, open_line, wake


class NfcReader:
    """A PN532 on a serial port, opened again whenever it fails.  A `BadgeReader`.

    Args:
        path: The serial device; any name, symbolic links too.
        baud: Speed to use; 115200 works everywhere, 460800 and 921600 need a good UART.
        felica: Whether FeliCa badges are wanted; an empty poll then takes about 1.5 times as long.
        on_tap: Called **from the reader's thread**, once per presentation of a card.
        on_state: Called **from the reader's thread** when it becomes ready, or is lost for a new reason.
        prove: Has a secure badge show that it knows its key, while it is held; `None` asks nobody.
        on_cut: Called **from the reader's thread** when a card was taken away before it had said everything.
        pause_s: Rest between two polls, seconds, 0 or more.

    Raises:
        ValueError: The speed is not one of `PROBE_BAUDS`.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        baud: int = 115200,
        felica: bool = False,
        on_tap: OnTap,
        on_state: OnState,
        prove: Prove | None = None,
        on_cut: OnCut | None = None,
        pause_s: float = PAUSE_S,
    ) -> None:
        if baud not in PROBE_BAUDS:
            raise ValueError(f"the speed must be one of {sorted(PROBE_BAUDS)}, got {baud}")
        self._port = str(path)
        self._baud = baud
        self._felica = felica
        self._poller = Poller(
            self._port, self._open, on_tap, on_state, prove=prove, on_cut=on_cut, pause_s=pause_s
        )

    def start(self) -> None:
        """Begin to look for the reader, and for badges on it; returns at once."""
        self._poller.start()

    def stop(self) -> None:
        """End it: no callback comes any more, the port is closed.  Takes a poll's time, at worst a second."""
        self._poller.stop()

    @contextmanager
    def _open(self, stopping: threading.Event) -> Iterator[OpenPn532]:
        line = open_line(self._port)
        try:
            with line_errors(line, self._port):
                wake(line, self._port, stopping)
                reader = OpenPn532(line, self._port, self._baud, felica=self._felica)
            try:
                yield reader
            finally:
                reader.hush()
        finally:
            # Not nfcpy's close(), which may raise before it has closed the line.
            line.close()
