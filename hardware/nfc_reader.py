"""Read badges with a PN532 on a serial line.  The one home of nfcpy and of pyserial in this package.

On the wire: HSU frames (`00 00 FF LEN LCS D4 …`), each acknowledged by the chip;
115200 baud after power-on.  The chip keeps a faster speed when the program that set it
dies, and may be asleep: opening tries every speed, with a long preamble.

nfcpy's driver does the talking, but not its `open`, `connect` and `close`: they
take few port names, are slow by default, switch to a speed that a mini-UART
cannot do, and put the chip into a sleep from which some boards never wake.
"""

import errno
import logging
import os
import struct
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import nfc.clf
import serial
from nfc.clf import pn532, transport

from hardware.errors import ReaderFault, ReaderGone
from hardware.polling import PAUSE_S, FoundCard, Poller
from hardware.reader import OnState, OnTap, ReaderReady, Technology, technology_of
from hardware.uid import Uid

log = logging.getLogger(__name__)

PROBE_BAUDS = (115200, 921600, 460800, 230400)
"""Speeds a PN532 may have been left at, likeliest first."""

_PROBE_S = 0.1
"""How long to wait for an answer at each speed; the chip acknowledges within 15 ms."""

_LATE_PROBE_S = 1.5
"""The same for the first speed on a ttyUSB, whose first bytes come up to 1 s late on a Pi.  Source: nfcpy."""

_SLICE_S = 0.05
"""Longest wait for a byte before looking whether to stop."""

_WRITE_S = 1.0
"""Longest wait to get bytes out; without it a stuck line would block for ever."""

_SWITCH_S = 0.02
"""The chip has taken its new speed so long after the ACK that asks for it."""

_PRESENCE_S = 0.04
"""How long an ISO-DEP card may take to say it is still there; a slower one is looked for anew."""

_PREAMBLE = bytes(10)
_SAM_NORMAL = bytes.fromhex("0000FF05FBD4140100001700")
_SAM_DONE = bytes.fromhex("0000FF02FED5151600")
_RATS, _R_NAK = b"\xe0\x80", b"\xb2"
_PN532_IC = 0x32

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

_LINE_ERRORS: Final = (
    OSError,  # serial.SerialException too
    termios.error,  # not an OSError
    struct.error,
    IndexError,  # nfcpy reads the length of a frame that is too short to have one
    ValueError,
    TypeError,
    pn532.Chipset.Error,
    nfc.clf.Error,
)
"""Every way a bad line shows through nfcpy and pyserial."""


class NfcReader:
    """A PN532 on a serial port, opened again whenever it fails.  A `BadgeReader`.

    Args:
        path: The serial device; any name, symbolic links too.
        baud: Speed to use; 115200 works everywhere, 460800 and 921600 need a good UART.
        felica: Whether FeliCa badges are wanted; an empty poll then takes about 1.5 times as long.
        on_tap: Called **from the reader's thread**, once per presentation of a card.
        on_state: Called **from the reader's thread** when it becomes ready, or is lost for a new reason.
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
        pause_s: float = PAUSE_S,
    ) -> None:
        if baud not in PROBE_BAUDS:
            raise ValueError(f"the speed must be one of {sorted(PROBE_BAUDS)}, got {baud}")
        self._port = str(path)
        self._baud = baud
        self._felica = felica
        self._poller = Poller(self._port, self._open, on_tap, on_state, pause_s=pause_s)

    def start(self) -> None:
        """Begin to look for the reader, and for badges on it; returns at once."""
        self._poller.start()

    def stop(self) -> None:
        """End it: no callback comes any more, the port is closed.  Takes a poll's time, at worst a second."""
        self._poller.stop()

    @contextmanager
    def _open(self, stopping: threading.Event) -> "Iterator[_OpenPn532]":
        line = _open_line(self._port)
        try:
            with _line_errors(line, self._port):
                _wake(line, self._port, stopping)
                reader = _OpenPn532(line, self._port, self._baud, felica=self._felica)
            try:
                yield reader
            finally:
                reader.hush()
        finally:
            # Not nfcpy's close(), which may raise before it has closed the line.
            line.close()


class _OpenPn532:
    """A PN532 that is awake and set up, over an open line.

    Raises:
        ReaderGone: It is another chip.
    """

    def __init__(self, line: Any, port: str, baud: int, *, felica: bool) -> None:
        # nfcpy's debug lines hold full UIDs, and its errors reach us as exceptions.
        logging.getLogger("nfc").setLevel(logging.CRITICAL)
        self._line = line
        self._port = port
        tty = transport.TTY()
        tty.tty = line
        self._chipset = pn532.Chipset(tty, logger=logging.getLogger("nfc.clf.pn532"))
        chip, version, revision, _ = self._chipset.get_firmware_version()
        if chip != _PN532_IC:
            raise ReaderGone(ReaderFault.NOT_A_READER, port)
        self.ready = ReaderReady(f"PN532 v{version}.{revision}", port, baud)
        self._set_baud(baud)
        self._frontend = nfc.clf.ContactlessFrontend()
        self._frontend.device = pn532.Device(self._chipset, logger=logging.getLogger("nfc.clf.pn532"))
        self._frontend.device._path = port  # noqa: SLF001 - what nfcpy's own open does, next to last step
        # Type A first: the first hit wins.  Never Type B: no common badge, and a third more time.
        self._targets = [nfc.clf.RemoteTarget("106A")]
        if felica:
            self._targets.append(nfc.clf.RemoteTarget("212F"))
        self._held: FoundCard | None = None
        self._is_activated = False

    def poll(self) -> FoundCard | None:
        """Look for a card once.

        A card that takes commands is not looked for again while it answers:
        looking resets the field, at which a phone draws a new number and may
        wake its owner's wallet each time.

        Raises:
            ReaderGone: The line failed.
        """
        with _line_errors(self._line, self._port):
            if self._held is not None and self._held_answers():
                return self._held
            card = _card_of(self._frontend.sense(*self._targets))
        self._held = card if card and card.technology is Technology.ISO_DEP else None
        self._is_activated = False
        return card

    def hush(self) -> None:
        """Leave the chip as it is after power-on: field off, 115200 baud.  A dead line is no error here."""
        try:
            self._frontend.device.mute()
            self._set_baud(PROBE_BAUDS[0])
        except _LINE_ERRORS as exc:
            log.debug("the reader at %s could not be hushed: %r", self._port, exc)

    def _held_answers(self) -> bool:
        """Whether the ISO-DEP card of the last poll is still there; activates it the first time."""
        try:
            self._frontend.exchange(_R_NAK if self._is_activated else _RATS, _PRESENCE_S)
        except nfc.clf.CommunicationError:
            return False
        self._is_activated = True
        return True

    def _set_baud(self, baud: int) -> None:
        if self._line.baudrate == baud:
            return
        self._chipset.set_serial_baudrate(baud)
        self._line.flush()
        time.sleep(_SWITCH_S)
        self._line.baudrate = baud


def _open_line(port: str) -> Any:
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


def _wake(line: Any, port: str, stopping: threading.Event) -> None:
    """Find the speed the chip listens at, and wake it; the line is at that speed afterwards.

    Raises:
        ReaderGone: Nothing answers at any speed, or something that is no PN532.
    """
    wait_s = _LATE_PROBE_S if "ttyUSB" in os.path.realpath(port) else _PROBE_S
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


@contextmanager
def _line_errors(line: Any, port: str) -> Iterator[None]:
    """Turn every way the line can fail into `ReaderGone`."""
    try:
        yield
    except _LINE_ERRORS as exc:
        raise ReaderGone(ReaderFault.UNPLUGGED if _is_hung_up(line) else _fault_of(exc), port) from exc


def _is_hung_up(line: Any) -> bool:
    try:
        _ = line.in_waiting
    except OSError:
        return True
    return False


def _fault_of(exc: BaseException) -> ReaderFault:
    """Why the line failed.  nfcpy turns most errors into EIO, but leaves the first one as the context."""
    link: BaseException | None = exc
    while link is not None:
        if isinstance(link, serial.SerialException | termios.error):
            return ReaderFault.UNPLUGGED
        if isinstance(link, OSError) and link.errno == errno.ETIMEDOUT:
            return ReaderFault.MUTE
        link = link.__context__
    return ReaderFault.GARBLED


def _card_of(target: Any) -> FoundCard | None:
    """The card nfcpy found; `None` for none, and for one whose number makes no sense (it is read again)."""
    if target is None:
        return None
    if target.brty.endswith("F"):
        value, technology = target.sensf_res[1:9], Technology.FELICA
    elif target.rid_res is not None:
        value, technology = target.rid_res[2:6], Technology.TYPE_1
    else:
        value, technology = target.sdd_res, technology_of(target.sel_res[0])
    try:
        return FoundCard(Uid(bytes(value)), technology)
    except ValueError:
        log.debug("a card answered with a number of %d bytes", len(value))
        return None
